/** The verifications of the SDK (CryptoApi §VerificationRequest) as plain states, and what a person can do about each. */
import {setTimeout as sleep} from 'node:timers/promises';
import type {MatrixClient} from 'matrix-js-sdk';
import {
	CryptoEvent,
	VerificationPhase,
	VerificationRequestEvent,
	VerifierEvent,
	type CryptoApi,
	type VerificationRequest,
	type Verifier,
} from 'matrix-js-sdk/lib/crypto-api/index.js';
import {ExpectedError} from '../domain/errors.ts';
import type {Verification} from '../domain/verification-requests.ts';
import {readPersonDevices} from './device-trust.ts';
import {withExpectedErrors} from './expected-errors.ts';
import type {RustCryptoParts} from './room-encryption.ts';
import {createVerificationTrust} from './verification-trust.ts';
import {createEntry, readEntry, type Entry, type RequestParts} from './verification-entry.ts';
import type {VerificationEvents} from './verification-events.ts';
import {answeredElsewhere, cancelWords, doneWords} from './verification-words.ts';

export type VerificationsOptions = {
	readonly client: MatrixClient;
	readonly events: Pick<VerificationEvents, 'sent'>;
	/** One has come, or has changed. */
	readonly onChange: (verification: Verification) => void;
	/** Another device has verified this one: what it knows comes now. */
	readonly onVerifiedHere: () => void;
	readonly onFailure: (error: unknown) => void;
};

/** Milliseconds in which the side that has asked begins; then the one that has agreed does. */
const startPatience = 3000;
/** Milliseconds that a signature may take to come back from the server. */
const [signaturePause, signatureTries] = [500, 16];
/** Verifications that are over and can still be asked for. */
const remembered = 20;

const refused = (message: string, next?: string): ExpectedError =>
	new ExpectedError({message, next, reason: 'encryption'});

export const createVerifications = (options: VerificationsOptions) => {
	const {client, events, onChange, onFailure} = options;
	const crypto = client.getCrypto() as CryptoApi;
	const {outgoingRequestsManager} = crypto as unknown as Pick<RustCryptoParts, 'outgoingRequestsManager'>;
	const self = client.getSafeUserId();
	const trust = createVerificationTrust(client);
	const entries = new Map<string, Entry>();
	let isStopped = false;

	const isOwn = ({request}: Entry): boolean => request.otherUserId === self;

	const read = (id: string, entry: Entry): Verification => readEntry(id, entry, self);

	const tell = (id: string, entry: Entry): void => {
		if (!isStopped) onChange(read(id, entry));
	};

	const end = (id: string, entry: Entry, outcome: NonNullable<Entry['outcome']>): void => {
		if (entry.outcome !== undefined || isStopped) return;
		entry.outcome = outcome;
		tell(id, entry);
		const over = [...entries].filter(([, each]) => each.outcome !== undefined);
		for (const [oldest] of over.slice(0, Math.max(0, over.length - remembered))) entries.delete(oldest);
	};

	/** The crypto is done. What it has stored is told as done only once it is signed. */
	const settle = async (id: string, entry: Entry): Promise<void> => {
		let trusted = false;
		for (let attempt = 1; !trusted && attempt <= signatureTries && !isStopped; attempt += 1) {
			if (attempt > 1) await sleep(signaturePause, undefined, {ref: false});
			try {
				// What signs is repeated with the next response only, which may be half a minute away.
				if (attempt > 1) await outgoingRequestsManager.doProcessOutgoingRequests();
				trusted = await trust.isTrusted({userId: entry.request.otherUserId, deviceId: entry.deviceId});
			} catch (error) {
				onFailure(error);
			}
		}
		if (isStopped) return;
		if (trusted && isOwn(entry) && !(await entry.wasVerified)) options.onVerifiedHere();
		end(id, entry, {step: 'done', isTrusted: trusted, ending: doneWords({isOwn: isOwn(entry), isTrusted: trusted})});
	};

	const nameDevice = async (id: string, entry: Entry): Promise<void> => {
		const {deviceId} = entry;
		const {otherUserId} = entry.request;
		if (deviceId === undefined || entry.deviceName !== undefined) return;
		const devices = await crypto.getUserDeviceInfo([otherUserId]);
		const name = devices.get(otherUserId)?.get(deviceId)?.displayName;
		if (name === undefined || name === '') return;
		entry.deviceName = name;
		tell(id, entry);
	};

	/** One device has answered: the others need not. The crypto does not know whom it has asked. */
	const releaseOthers = async (id: string, {request, deviceId}: Entry): Promise<void> => {
		const isCancelled = request.phase === VerificationPhase.Cancelled;
		const content = {
			transaction_id: id,
			code: isCancelled ? 'm.user' : 'm.accepted',
			reason: isCancelled ? 'It was declined' : 'Another device has answered',
		};
		const devices = (await crypto.getUserDeviceInfo([self], true)).get(self)?.keys() ?? [];
		const others = [...devices].filter(other => other !== deviceId && other !== client.getDeviceId());
		if (others.length === 0) return;
		const messages = new Map(others.map(other => [other, content]));
		await client.sendToDevice('m.key.verification.cancel', new Map([[self, messages]]));
	};

	const startSas = async (entry: Entry): Promise<void> => {
		if (entry.isStarting || entry.request.phase !== VerificationPhase.Ready || isStopped) return;
		entry.isStarting = true;
		try {
			await entry.request.startVerification('m.sas.v1');
			await events.sent();
		} finally {
			entry.isStarting = false;
		}
	};

	const startSoon = async (id: string, entry: Entry): Promise<void> => {
		if (entry.isIncoming) await sleep(startPatience, undefined, {ref: false});
		await startSas(entry);
		update(id, entry);
	};

	const follow = (id: string, entry: Entry, verifier: Verifier): void => {
		entry.verifier = verifier;
		verifier.on(VerifierEvent.ShowSas, () => tell(id, entry));
		// It is agreed to already. What ends it is told by the request.
		verifier.verify().catch(() => undefined);
	};

	const update = (id: string, entry: Entry): void => {
		if (isStopped || entry.outcome !== undefined) return;
		const {request} = entry;
		const {inner} = request as unknown as RequestParts;
		const {phase, verifier} = request;
		entry.deviceId ??= request.otherDeviceId;
		const isByUs = inner.cancelInfo?.cancelledbyUs() ?? false;
		if (entry.isToAll && phase !== VerificationPhase.Requested) {
			entry.isToAll = false;
			if (!isByUs) releaseOthers(id, entry).catch(onFailure);
		}
		if (inner.isPassive())
			return end(id, entry, {step: 'cancelled', isTrusted: false, ending: answeredElsewhere, cancelCode: 'm.accepted'});
		if (phase === VerificationPhase.Cancelled) {
			const code = inner.cancelInfo?.cancelCode() ?? '';
			const ending = cancelWords({code, isByUs, isAsked: entry.isAsked, isOwn: isOwn(entry)});
			return end(id, entry, {step: 'cancelled', isTrusted: false, ending, cancelCode: code});
		}
		if (phase === VerificationPhase.Done && !entry.isSettling) {
			entry.isSettling = true;
			settle(id, entry).catch(onFailure);
		}
		if (phase === VerificationPhase.Ready && !entry.isStartPlanned) {
			entry.isStartPlanned = true;
			startSoon(id, entry).catch(onFailure);
		}
		if (verifier !== undefined && entry.verifier === undefined) follow(id, entry, verifier);
		nameDevice(id, entry).catch(onFailure);
		tell(id, entry);
	};

	const add = (request: VerificationRequest, isIncoming: boolean, isToAll = false): Verification => {
		const id = request.transactionId ?? '';
		const known = entries.get(id);
		if (known !== undefined) return read(id, known);
		const wasVerified = trust.isThisVerified().catch(() => true);
		const entry = createEntry(request, {isIncoming, isToAll, wasVerified});
		entries.set(id, entry);
		request.on(VerificationRequestEvent.Change, () => update(id, entry));
		update(id, entry);
		return read(id, entry);
	};

	client.on(CryptoEvent.VerificationRequestReceived, request => {
		if (isStopped || !(request.pending || request.phase === VerificationPhase.Cancelled)) return;
		add(request, true);
	});

	const require = (id: string): Entry => {
		const entry = entries.get(id);
		if (entry !== undefined) return entry;
		throw new ExpectedError({
			message: 'This verification is gone: mx was started anew, or it is over for long.',
			next: 'Ask again, /verify.',
			reason: 'notFound',
		});
	};

	/** Does something about one that is not over. */
	const act = async (id: string, doing: string, action: (entry: Entry) => Promise<void>): Promise<Verification> => {
		const entry = require(id);
		if (entry.outcome !== undefined) throw refused(entry.outcome.ending);
		await withExpectedErrors(doing, async () => {
			await action(entry);
			await events.sent();
		});
		update(id, entry);
		return read(id, entry);
	};

	const callbacksOf = ({verifier}: Entry) => {
		const callbacks = verifier?.getShowSasCallbacks();
		if (callbacks === undefined || callbacks === null) throw refused('There are no emoji to compare yet.');
		return callbacks;
	};

	const live = (): ReadonlyArray<readonly [string, Entry]> =>
		[...entries].filter(([, {outcome}]) => outcome === undefined);

	/** @returns the one with that side that is under way. */
	const underWay = (userId: string): Verification | undefined => {
		const [found] = live().filter(([, {request}]) => request.otherUserId === userId);
		return found === undefined ? undefined : read(...found);
	};

	const start = async (
		userId: string,
		ask: () => Promise<VerificationRequest>,
		isToAll = false,
	): Promise<Verification> => {
		const known = underWay(userId);
		if (known !== undefined) return known;
		return withExpectedErrors('ask for the verification', async () => add(await ask(), false, isToAll));
	};

	return {
		list: (): readonly Verification[] => live().map(([id, entry]) => read(id, entry)),
		underWay,

		/** Asks all other devices of the account. */
		async startOwn(): Promise<Verification> {
			if (!(await crypto.userHasCrossSigningKeys(self, true)))
				throw refused('Encryption is not set up for this account yet.', 'Run `mx login`.');
			return start(self, async () => crypto.requestOwnUserVerification(), true);
		},

		/** Asks another device of the account. */
		async startDevice(deviceId: string): Promise<Verification> {
			if (deviceId === client.getDeviceId()) throw refused('This is the device that you are using.');
			const {devices} = await readPersonDevices(client, self);
			if (!devices.some(device => device.deviceId === deviceId))
				throw new ExpectedError({
					message: `You have no device ${deviceId} that takes part in encryption.`,
					next: '/devices lists your devices.',
					reason: 'notFound',
				});
			return start(self, async () => crypto.requestDeviceVerification(self, deviceId));
		},

		/** @param room gives the id of the room that the person is asked in; only where all else is well */
		async startPerson(userId: string, room: () => Promise<string>): Promise<Verification> {
			await trust.requireAble(userId);
			await trust.requireIdentity(userId);
			const known = underWay(userId);
			if (known !== undefined) return known;
			const roomId = await room();
			return start(userId, async () => crypto.requestVerificationDM(userId, roomId));
		},

		accept: async (id: string): Promise<Verification> =>
			act(id, 'answer the request', async entry => {
				await trust.requireAble(entry.request.otherUserId);
				await trust.requireIdentity(entry.request.otherUserId);
				if (entry.isIncoming && entry.request.phase === VerificationPhase.Requested && !entry.request.accepting)
					await entry.request.accept();
			}),

		startSas: async (id: string): Promise<Verification> => act(id, 'begin the verification', startSas),

		confirm: async (id: string): Promise<Verification> =>
			act(id, 'confirm the emoji', async entry => {
				const callbacks = callbacksOf(entry);
				if (entry.isConfirmed) return;
				entry.isConfirmed = true;
				await callbacks.confirm();
			}),

		mismatch: async (id: string): Promise<Verification> =>
			act(id, 'say that the emoji differ', async entry => {
				if (entry.isConfirmed) throw refused('You have said that they match.', 'Sign the other device out, /devices.');
				const callbacks = callbacksOf(entry);
				entry.isAsked = true;
				callbacks.mismatch();
			}),

		cancel: async (id: string): Promise<Verification> =>
			act(id, 'cancel the verification', async entry => {
				entry.isAsked = true;
				await entry.request.cancel();
			}),

		/** Ends one here without a word: the other side goes on with another device of the account. */
		noteAnsweredElsewhere(id: string): void {
			const entry = entries.get(id);
			if (entry === undefined || !entry.isIncoming || entry.request.phase !== VerificationPhase.Requested) return;
			end(id, entry, {step: 'cancelled', isTrusted: false, ending: answeredElsewhere, cancelCode: 'm.accepted'});
			(entry.request as unknown as RequestParts).inner.cancel();
		},

		/** Ends it for good. @param patience milliseconds in which the other sides can be told */
		async stop(patience: number): Promise<void> {
			const open = live();
			const telling = Promise.all(
				open.map(async ([, {request}]) => {
					await request.cancel();
					await events.sent();
				}),
			);
			isStopped = true;
			if (open.length > 0) await Promise.race([telling.catch(onFailure), sleep(patience, undefined, {ref: false})]);
			telling.catch(() => undefined);
		},
	};
};

export type Verifications = ReturnType<typeof createVerifications>;
