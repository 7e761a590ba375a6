/** The account that the tests of the screen share: a lunch with Anna, and other rooms. */
import {afterEach, beforeEach} from 'node:test';
import type {EncryptionSetup, NetState} from '../../source/domain/session.ts';
import {createFakeSession, openScreen, type OpenedScreen, type OpenScreenOptions} from '../helpers/screen.tsx';
import {
	at,
	me,
	member,
	now,
	openSampleAccount,
	state,
	text,
	type SampleAccount,
	type SampleRoom,
} from './sample-account.ts';

export const anna = '@anna:one.test';
export const lunch = '!lunch:one.test';

export const altDown = '\u001B[1;3B';
export const altUp = '\u001B[1;3A';
export const pageUp = '\u001B[5~';

/** Where and how the screen opens. */
export type SampleScreenOptions = {
	readonly columns?: number;
	readonly rows?: number;
	readonly environment?: Readonly<Record<string, string>>;
	readonly openLink?: (href: string) => Promise<void>;
	readonly openFile?: (path: string) => Promise<void>;
	readonly pictures?: OpenScreenOptions['pictures'];
	readonly settings?: OpenScreenOptions['settings'];
	readonly settingsProblems?: OpenScreenOptions['settingsProblems'];
	readonly watchSettings?: OpenScreenOptions['watchSettings'];
	readonly now?: () => number;
	readonly keepSetting?: OpenScreenOptions['keepSetting'];
	/** What the session answers, besides that all is well. */
	readonly answers?: Parameters<typeof createFakeSession>[0];
	/** How the engine says that all stands. */
	readonly net?: NetState;
	readonly encryption?: EncryptionSetup;
};

const online: NetState = {state: 'online'};
const ready: EncryptionSetup = {state: 'ready', message: ''};

/** Gives each test of a file an empty account, and a screen on it: online, without older messages; both are closed after it. */
export const setUpSampleScreen = () => {
	let account: SampleAccount;
	let opened: OpenedScreen | undefined;
	beforeEach(() => {
		account = openSampleAccount();
	});
	afterEach(async () => {
		await opened?.close();
		opened = undefined;
		account.close();
	});
	return {
		get account(): SampleAccount {
			return account;
		},
		open: async ({answers = {}, net = online, encryption = ready, ...size}: SampleScreenOptions = {}) => {
			const fake = createFakeSession({loadOlder: async () => ({hasMore: false}), ...answers});
			const screen = await openScreen({reader: account.reader, session: fake.session, now: () => now, ...size});
			opened = screen;
			screen.notify({kind: 'net', net});
			screen.notify({kind: 'encryption', encryption});
			return {screen, fake};
		},
	};
};

/** A room with three messages; what is given overrides the rest. @returns its number */
export const addLunch = (account: SampleAccount, more: Partial<SampleRoom> = {}): number => {
	const [rid = 0] = account.sync({
		id: lunch,
		state: [
			member(anna, 'Anna Kowalska'),
			state('m.room.name', '', {name: 'Sunday lunch'}),
			state('m.room.topic', '', {topic: 'who brings what'}),
		],
		timeline: [
			text(anna, 'are you coming on sunday?', {origin_server_ts: at('18:02', 1)}),
			text(me, 'yes! what shall I bring', {origin_server_ts: at('18:40', 1)}),
			text(anna, 'the salad, please', {origin_server_ts: at('12:39')}),
		],
		...more,
	});
	return rid;
};

/** Rooms called `Room 0` and so on, each a day older than the one before. */
export const addRooms = (account: SampleAccount, count: number): void => {
	for (let index = 0; index < count; index += 1) {
		account.sync({
			id: `!room${index}:one.test`,
			state: [state('m.room.name', '', {name: `Room ${index}`})],
			timeline: [text('@zoe:one.test', `words in ${index}`, {origin_server_ts: at('09:00', 1 + index)})],
		});
	}
};
