/** Verification by emoji on the screen: the pane that shows how one stands, and what is said of those that come. */
import type {VerificationActions} from '../commands/verification-actions.ts';
import type {Verification} from '../domain/verification-requests.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {menuRows, type MenuItem} from '../view-models/menu-rows.ts';
import {canAct, otherSide, verificationRows, type VerificationAct} from '../view-models/verification-rows.ts';
import {createRoomSteps, type RoomsPort} from './rooms-port.ts';

export type VerificationActionOptions = RoomsPort & {
	/** The terminal draws no emoji. */
	readonly isAscii: boolean;
	/** Lists are said with numbers, and keys mean nothing. */
	readonly isLinear: boolean;
	/** The device that is chosen in the list of devices. */
	readonly chosenDevice: () => string | undefined;
	/** Somebody, or a device, is verified: lists say so. */
	readonly onVerified: (userId: string) => void;
};

/** Rows below which the pane says things in fewer of them. */
const shortRows = 16;

/** What `/verify` takes besides devices and people. */
const answerWords: ReadonlyMap<string, VerificationAct> = new Map([
	['accept', 'accept'],
	['emoji', 'start'],
	['match', 'match'],
	['differ', 'mismatch'],
	['cancel', 'cancel'],
]);

const isOver = ({step}: Verification): boolean => step === 'done' || step === 'cancelled';

/** The id of a device has neither. */
const isPerson = (who: string): boolean => who.startsWith('@') || who.includes(':');

export const createVerificationActions = (options: VerificationActionOptions): VerificationActions => {
	const {model, session, reader, isAscii, isLinear} = options;
	const steps = createRoomSteps(options);
	const known = new Map<string, Verification>();
	/** Of which the status line tells. */
	const told = new Map<string, string>();
	/** Whose pane is on the screen. */
	let shown: string | undefined;

	const nameOf = (verification: Verification): string => {
		const room = verification.roomId === undefined ? undefined : reader.roomById(verification.roomId);
		return otherSide(verification, room === undefined ? undefined : reader.memberName(room.rid, verification.userId));
	};

	const current = (): Verification | undefined => (shown === undefined ? undefined : known.get(shown));

	const retract = (id: string): void => {
		const message = told.get(id);
		if (message !== undefined && model.sayings.retract(message)) model.update();
		told.delete(id);
	};

	const open = ({id}: Verification): void => {
		shown = id;
		retract(id);
		if (model.panels.scope() === 'verification') return model.inPanel(panels => panels.refresh());
		model.openPanel({
			scope: 'verification',
			place: 'side',
			get title() {
				const now = current();
				return now === undefined ? literal`Verify` : literal`Verify ${safeText(nameOf(now), 'name')}`;
			},
			hint: literal`Esc hides it, /verify shows it`,
			rows: () => {
				const now = current();
				return now === undefined
					? []
					: verificationRows(now, {
							name: nameOf(now),
							isAscii,
							isLinear,
							isShort: model.store.get().frame.paneRows < shortRows,
						});
			},
			empty: () => literal`Asking the server…`,
			isSaidAnew: true,
			// Only where the keys are numbers.
			choose: key => acts[key as VerificationAct](),
			onClose: () => {
				shown = undefined;
			},
		});
	};

	const sayEnd = (verification: Verification): void => {
		const name = verification.isOwn && verification.deviceId === undefined ? 'Verification' : nameOf(verification);
		model.say(`${name}: ${verification.ending ?? ''}`, verification.isTrusted ? 'ok' : 'warning');
	};

	const askedWords = (verification: Verification): string =>
		`${nameOf(verification)} asks ${verification.isOwn ? 'to be verified' : 'to verify each other'}.`;

	const take = (verification: Verification): void => {
		const {id, step, isIncoming, userId} = verification;
		const before = known.get(id);
		// An answer that was on its way behind the last notice.
		if (before !== undefined && isOver(before) && !isOver(verification)) return;
		known.set(id, verification);
		if (step === 'requested' && isIncoming && shown !== id) {
			const message = askedWords(verification);
			if (told.get(id) !== message) {
				retract(id);
				told.set(id, message);
				model.notice({kind: 'alert', message, next: '/verify shows it'});
			}
		} else if (step !== 'requested') retract(id);
		if (isOver(verification)) {
			if (shown !== id && before !== undefined && !isOver(before)) sayEnd(verification);
			if (step === 'done') options.onVerified(userId);
		}
		model.inPanel(panels => panels.refresh());
	};

	const answer = async (verification: Promise<Verification>): Promise<void> => {
		const now = await verification;
		// A notice may have been quicker, and tells what came after.
		if (!known.has(now.id)) take(now);
		open(known.get(now.id) ?? now);
	};

	/** What the engine does not know any more has ended with it. */
	const compare = async (): Promise<void> => {
		const open = [...known.values()].filter(each => !isOver(each));
		if (open.length === 0) return;
		const {verifications} = await session.verifications({});
		for (const verification of open) {
			if (verifications.some(({id}) => id === verification.id) || isOver(known.get(verification.id) ?? verification))
				continue;
			const ending = 'It ended, as mx was started anew behind the screen. Nothing was verified. Ask again.';
			take({...verification, step: 'cancelled', ending, emoji: undefined, decimals: undefined});
		}
	};

	const underWay = (): Verification | undefined => [...known.values()].findLast(each => !isOver(each));

	const ask = (request: {readonly userId?: string; readonly deviceId?: string}): void => {
		model.say('Asking…');
		steps.run(async () => {
			await answer(session.startVerification(request));
			model.say('');
		});
	};

	/** Which of the own devices. */
	const chooseDevice = (): void => {
		let items: readonly MenuItem[] = [];
		model.openPanel({
			scope: 'verify',
			place: 'side',
			title: literal`Verify your devices`,
			// Not while nothing is there to be asked.
			get hint() {
				return items.some(({kind}) => kind === 'action') ? literal`${model.keyOf('list-choose')} asks` : literal``;
			},
			rows: () => menuRows(items),
			empty: () => literal`Asking the server…`,
			choose(key) {
				model.closePanel();
				ask(key === '*' ? {} : {deviceId: key});
			},
		});
		steps.run(async () => {
			const {devices} = await session.devices({});
			const others = devices.filter(({isThis, trust}) => !isThis && trust !== 'no-keys');
			items =
				others.length === 0
					? [
							{kind: 'text', text: literal`You have no other device that could verify this one.`, role: 'warning'},
							{kind: 'blank'},
							{
								kind: 'text',
								text: literal`/recovery does it with the recovery key; /verify @anna:example.org verifies a person.`,
							},
						]
					: [
							{kind: 'text', text: literal`Both show the same seven emoji; you say that they do.`},
							{kind: 'blank'},
							{kind: 'action', key: '*', label: literal`All other devices: answer on any`},
							...others.map(
								({deviceId, name}) =>
									({
										kind: 'action',
										key: deviceId,
										label:
											name === undefined
												? safeText(deviceId, 'name')
												: literal`${safeText(name, 'name')} ${safeText(deviceId, 'name')}`,
									}) as const,
							),
						];
			model.inPanel(panels => panels.refresh());
		});
	};

	const act = (what: VerificationAct, request: (id: string) => Promise<Verification>): void => {
		const verification = current();
		if (verification === undefined) return;
		if (!canAct(verification, what)) return model.say('That is not possible at this step.', 'warning');
		steps.run(async () => {
			take(await request(verification.id));
		});
	};

	const acts: Readonly<Record<VerificationAct, () => void>> = {
		accept: () => act('accept', async id => session.acceptVerification({id})),
		start: () => act('start', async id => session.startSas({id})),
		match: () => act('match', async id => session.confirmVerification({id})),
		mismatch: () => act('mismatch', async id => session.mismatchVerification({id})),
		cancel: () => act('cancel', async id => session.cancelVerification({id})),
	};

	/** Where no keys are pressed, or the pane is not open. */
	const answerUnderWay = (what: VerificationAct): void => {
		const verification = current() ?? underWay();
		if (verification === undefined) return model.say('No verification is under way: /verify begins one.', 'warning');
		open(verification);
		acts[what]();
	};

	return {
		verify(who) {
			const wanted = who?.trim() ?? '';
			const word = answerWords.get(wanted.toLowerCase());
			if (word !== undefined) return answerUnderWay(word);
			if (wanted !== '') {
				if (!isPerson(wanted) && /^[A-Z0-9]{6,}$/.test(wanted)) return ask({deviceId: wanted});
				const userId = steps.person(wanted);
				if (userId === undefined) return undefined;
				return ask(userId === options.userId ? {} : {userId});
			}
			const verification = underWay();
			return verification === undefined ? chooseDevice() : open(verification);
		},
		verifyChosen() {
			const deviceId = options.chosenDevice();
			if (deviceId !== undefined) ask({deviceId});
		},
		...acts,
		hear(notice) {
			if (notice.kind === 'verification') take(notice.verification);
			else if (notice.kind === 'changed' && notice.rids === 'all') steps.run(compare);
		},
	};
};
