/** Signing in again where a login of a bridge is out, by talking to its bot as with mautrix bridgev2 (bridgev2/commands/login.go). */
import {asString} from '../../domain/json.ts';
import type {StoredEvent} from '../homeserver/world.ts';
import {consoleKey} from './build-rooms.ts';
import type {NetworkData} from './cast.ts';
import {tryToPerform, type Deed} from './perform.ts';
import type {Scheduler} from './scheduler.ts';
import type {Stage, StageLogin} from './stage.ts';

/** Milliseconds until the bot answers, and until the phone, which nobody has, has scanned the code. */
const delays = {answer: 300, scan: 8000} as const;

/** What the code says: nobody can sign in with it. */
const link = 'sgnl://linkdevice?uuid=pretended';

/** @param people user ids by key. @returns as `Stage` has them */
export const loginsOf = (networks: readonly NetworkData[], people: Stage['people']): Stage['logins'] =>
	new Map(
		networks.flatMap(({bridge}) => {
			if (bridge?.logins.some(({isOut}) => isOut === true) !== true) return [];
			const all = bridge.logins.map(({id, name, isOut = false}) => ({id, name, isOut}));
			return [[consoleKey(bridge), {bot: people.get(bridge.bot.localpart) ?? '', all}] as const];
		}),
	);

export type SignIn = {
	/** @param key of the room of you and the bot. @returns whether the bot has something to say to it */
	readonly hear: (event: StoredEvent, key: string) => boolean;
};

export const createSignIn = (stage: Stage, scheduler: Scheduler): SignIn => {
	/** The event that asked for the code that is shown, by key of the room. */
	const shown = new Map<string, string>();

	const later = (delay: number, key: string, from: string, deeds: readonly Deed[]): void =>
		scheduler.after(delay, () => {
			for (const deed of deeds) tryToPerform(stage, {...deed, in: key, from});
		});

	const showCode = ({eventId}: StoredEvent, key: string, {login, bot}: {login: StageLogin; bot: string}): void => {
		const as = `code ${eventId}`;
		const {id, name} = login;
		const code = {
			msgtype: 'm.image',
			body: link,
			filename: 'qr.png',
			url: 'mxc://demo.test/qr',
			info: {mimetype: 'image/png'},
		};
		shown.set(key, eventId);
		later(delays.answer, key, bot, [
			{notice: 'Scan the QR code on your phone to log in'},
			{notice: 'This bridge is only pretending: a phone that nobody has scans it in a moment.'},
			{event: 'm.room.message', content: code, as},
		]);
		scheduler.after(delays.scan, () => {
			if (shown.get(key) !== eventId) return;
			shown.delete(key);
			login.isOut = false;
			later(0, key, bot, [
				{redact: as},
				{notice: `Successfully logged in as \`${name}\``},
				{
					notice: `State update for ${name}: \`CONNECTED\``,
					more: {
						'fi.mau.bridge_state': {
							state_event: 'CONNECTED',
							remote_id: id,
							remote_name: name,
							source: 'bridge',
							ttl: 21_600,
						},
					},
				},
			]);
		});
	};

	return {
		hear(event, key) {
			const logins = stage.logins.get(key);
			if (logins === undefined) return false;
			const [verb = '', wanted] = (asString(event.content['body']) ?? '').trim().split(/\s+/);
			const bot = stage.cast.get(logins.bot)?.key ?? '';
			if (verb === 'list-logins') {
				const lines = logins.all.map(
					({name, isOut}) => `* \`${name}\` - \`${isOut ? 'BAD_CREDENTIALS' : 'CONNECTED'}\``,
				);
				later(delays.answer, key, bot, [{notice: lines.join('\n')}]);
				return true;
			}
			if (verb === 'cancel') shown.delete(key);
			const login = logins.all.find(({id, isOut}) => isOut && (verb === 'login' || id === wanted));
			if (login === undefined || (verb !== 'login' && verb !== 'relogin')) return false;
			showCode(event, key, {login, bot});
			return true;
		},
	};
};
