/** Steps of verifications for tests: waiting for a state, and a stock client that takes part. */
import assert from 'node:assert/strict';
import {once, type EventEmitter} from 'node:events';
import {
	CryptoEvent,
	VerificationPhase,
	VerificationRequestEvent,
	VerifierEvent,
	type ShowSasCallbacks,
	type VerificationRequest,
} from 'matrix-js-sdk/lib/crypto-api/index.js';
import type {MatrixClient} from 'matrix-js-sdk';
import type {Verification, VerificationStep} from '../../source/domain/verification-requests.ts';
import {
	createHome,
	signInElsewhere,
	startEngine,
	startHome,
	waitOnEngine,
	type HomeOptions,
	type TestEngine,
} from '../helpers/engine.ts';
import type {Homeserver, Owner} from '../helpers/synapse.ts';

/** @returns all that was told of verifications, the last state of each. */
const lastOf = ({notices}: TestEngine): ReadonlyMap<string, Verification> =>
	new Map(
		notices.flatMap(notice =>
			notice.kind === 'verification' ? [[notice.verification.id, notice.verification] as const] : [],
		),
	);

/** Waits until a verification is at a step, the newest without an id. */
export const waitForStep = async (engine: TestEngine, step: VerificationStep, id?: string): Promise<Verification> =>
	waitOnEngine(
		engine,
		async () => {
			const all = [...lastOf(engine).values()];
			return (id === undefined ? all : all.filter(each => each.id === id)).findLast(each => each.step === step);
		},
		{what: () => `${step}; told were ${JSON.stringify([...lastOf(engine).values()])}`},
	);

/** An account with an identity. */
export const startVerified = async (owner: Owner, server: Homeserver, options: HomeOptions = {}) => {
	const started = await startEngine(owner, server, options);
	const {recoveryKey} = await started.engine.session.setUpEncryption({password: started.home.account.password});
	return {...started, recoveryKey};
};

/** A further device of an account that runs mx. */
export const startSecond = async (
	owner: Owner,
	server: Homeserver,
	account: Awaited<ReturnType<typeof startEngine>>['home']['account'],
	url?: string,
): Promise<{readonly engine: TestEngine; readonly deviceId: string}> => {
	const other = await signInElsewhere(server, account);
	const home = await createHome(server, {account: other, ...(url === undefined ? {} : {url})});
	const engine = await startHome(owner, home, {isNew: true});
	// Its keys follow the first sync.
	await waitOnEngine(
		engine,
		async () => ((await engine.session.devices({})).devices.every(({trust}) => trust !== 'no-keys') ? true : undefined),
		{what: () => 'the keys of the device'},
	);
	return {engine, deviceId: other.deviceId};
};

/** Compares what two sides show, and says that it matches on both. */
export const confirmBoth = async (first: TestEngine, second: TestEngine): Promise<void> => {
	const [one, two] = [await waitForStep(first, 'compare'), await waitForStep(second, 'compare')];
	assert.equal(one.emoji?.length, 7);
	assert.equal(one.decimals?.length, 3);
	assert.deepEqual([one.emoji, one.decimals], [two.emoji, two.decimals]);
	await first.session.confirmVerification({id: one.id});
	await second.session.confirmVerification({id: two.id});
};

/** Milliseconds until waiting for a stock client fails. */
const patience = 60_000;

/** @returns what a stock client emits next. @throws Error what was waited for in vain, and how far it had come */
const emission = async (emitter: EventEmitter, event: string, what: () => string): Promise<readonly unknown[]> => {
	try {
		return (await once(emitter, event, {signal: AbortSignal.timeout(patience)})) as readonly unknown[];
	} catch (error) {
		throw new Error(`The stock client waited in vain for ${what()}.`, {cause: error});
	}
};

/** @returns the next request that comes to a stock client. */
export const nextRequest = async (client: MatrixClient): Promise<VerificationRequest> => {
	const [request] = await emission(client, CryptoEvent.VerificationRequestReceived, () => 'a request');
	return request as VerificationRequest;
};

const describe = ({phase, cancellationCode, cancellingUserId}: VerificationRequest): string =>
	`the request is at ${VerificationPhase[phase]}, ${cancellationCode ?? 'not cancelled'} by ${cancellingUserId ?? 'nobody'}`;

/** Waits until a request has come as far as a phase: the other side may have gone on already. */
export const waitForPhase = async (request: VerificationRequest, phase: VerificationPhase): Promise<void> => {
	const what = () => `${VerificationPhase[phase]}; ${describe(request)}`;
	while (request.phase < phase) {
		if (request.phase === VerificationPhase.Cancelled)
			throw new Error(`The stock client waited in vain for ${what()}.`);
		await emission(request, VerificationRequestEvent.Change, what);
	}
};

/** A stock client takes a verification to its emoji, begun by the other side. */
export const showSas = async (request: VerificationRequest): Promise<ShowSasCallbacks> => {
	await waitForPhase(request, VerificationPhase.Started);
	const {verifier} = request;
	assert.ok(verifier);
	const known = verifier.getShowSasCallbacks();
	if (known !== null) return known;
	const shown = emission(verifier, VerifierEvent.ShowSas, () => `the emoji; ${describe(request)}`);
	verifier.verify().catch(() => undefined);
	const [callbacks] = await shown;
	return callbacks as ShowSasCallbacks;
};
