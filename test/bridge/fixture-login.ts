/** The bot of a fixture bridge, with whom one signs in by talking, as with bots of mautrix bridgev2 (bridgev2/commands/login.go). */
import {asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import type {FixtureBridge} from './fixture-bridge.ts';

/** What its machine-readable state is (mautrix status.BridgeState). */
export type FixtureState = {
	readonly state_event: 'CONNECTED' | 'TRANSIENT_DISCONNECT' | 'BAD_CREDENTIALS' | 'UNKNOWN_ERROR';
	readonly user_action?: 'RELOGIN' | 'RESTART' | 'OPEN_NATIVE';
	readonly message?: string;
};

const flows = [
	'Please specify a login flow, e.g. `login qr`.',
	'',
	'* `qr` - QR: Scan a code with the app',
	'* `phone` - Phone number: Type a code that is sent to you',
	'* `cookies` - Cookies: Take over a browser',
].join('\n');

/** The login that there is after each way of signing in. */
const login = {id: 'abc', name: '+49 151 2345'} as const;

/**
 * Answers whoever invites the bot to a room of two.
 * @param firstQr what the code says until it is another one
 * @param msgtype of what it says. Servers count no notices as unread
 */
export const answerAsBot = (bridge: FixtureBridge, firstQr: string, msgtype: 'm.notice' | 'm.text' = 'm.notice') => {
	/** Ids of rooms with the bot. */
	const rooms = new Set<string>();
	/** What the bot heard, oldest first. */
	const heard: string[] = [];
	/** Where the bot was spoken to last, and by whom. */
	let room = '';
	let person = '';
	let code: {readonly eventId: string; text: string} | undefined;
	let expects: 'nothing' | 'number' | 'code' | 'cookies' = 'nothing';
	let isSignedIn = false;
	/** What stands in place of the answer to `start-chat`. */
	let nextChat: string | undefined;
	let contactName = '';
	let done = Promise.resolve();
	const failures: unknown[] = [];

	const inOrder = async (work: () => Promise<void>): Promise<void> => {
		const result = done.then(work);
		done = result.catch(() => undefined);
		await result;
	};
	/** What follows from an event; a failure is that of the file. */
	const follow = (work: () => Promise<void>): void =>
		void inOrder(work).catch((error: unknown) => failures.push(error));

	const send = async (content: JsonObject): Promise<string> => {
		const path = `rooms/${encodeURIComponent(room)}/send/m.room.message/${crypto.randomUUID()}`;
		return asString((await bridge.request('PUT', path, content))['event_id']) ?? '';
	};
	const reply = async (body: string, more: JsonObject = {}): Promise<void> =>
		void (await send({msgtype, body, ...more}));

	const picture = (text: string): JsonObject => ({
		msgtype: 'm.image',
		body: text,
		filename: 'qr.png',
		format: 'org.matrix.custom.html',
		formatted_body: `<pre><code>${text}</code></pre>`,
		url: 'mxc://localhost/qr',
		info: {mimetype: 'image/png', w: 512, h: 512},
	});

	const redact = async (eventId: string): Promise<void> => {
		const path = `rooms/${encodeURIComponent(room)}/redact/${encodeURIComponent(eventId)}/${crypto.randomUUID()}`;
		await bridge.request('PUT', path, {});
	};

	const finish = async (): Promise<void> => {
		expects = 'nothing';
		isSignedIn = true;
		await reply(`Successfully logged in as ${login.name}`);
	};

	const showCode = async (): Promise<void> => {
		await reply('Scan the QR code on your phone to log in');
		code = {eventId: await send(picture(firstQr)), text: firstQr};
	};

	const ask = async (what: typeof expects, words: string): Promise<void> => {
		expects = what;
		await reply(words);
	};

	const take = async (body: string): Promise<void> => {
		if (expects === 'number') return ask('code', 'Please enter the code that was sent to you');
		if (expects === 'code' && body !== '123456')
			return ask('code', 'Invalid value: the code is another one. Try again');
		return finish();
	};

	const startChat = async (identifier: string): Promise<void> => {
		if (!isSignedIn) return reply('You are not logged in');
		const digits = identifier.replaceAll(/\D/g, '');
		if (nextChat !== undefined) {
			await reply(nextChat);
			nextChat = undefined;
			return;
		}
		if (digits === '') return reply(`Failed to resolve identifier: ${identifier} is no number`);
		const ghost = await bridge.addGhost(`00000000-0000-4000-8000-${digits.slice(-12).padStart(12, '0')}`, `+${digits}`);
		const portal = {id: digits, name: `+${digits}`, ghosts: [ghost], invite: [person], account: login.id};
		const roomId = await bridge.createPortal(portal);
		const link = `https://matrix.to/#/${encodeURIComponent(roomId)}`;
		await send({
			msgtype: 'm.notice',
			body: 'State update',
			'fi.mau.bridge_state': {state_event: 'CONNECTED', remote_id: login.id, message: link},
		});
		await reply(`Created chat with ${contactName} +${digits}: ${link}`, {
			format: 'org.matrix.custom.html',
			formatted_body: `Created chat with ${contactName} +${digits}: <a href="${link}">+${digits}</a>`,
		});
	};

	/** Says only that it is done. */
	const tick = async (eventId: string): Promise<void> => {
		const path = `rooms/${encodeURIComponent(room)}/send/m.reaction/${crypto.randomUUID()}`;
		const relation = {rel_type: 'm.annotation', event_id: eventId, key: '✅'};
		await bridge.request('PUT', path, {'m.relates_to': relation});
	};

	const obey = async (body: string, eventId: string): Promise<void> => {
		const [command = '', ...words] = body.split(' ');
		const rest = words.join(' ');
		if (command === 'cancel') {
			expects = 'nothing';
			return reply('Login cancelled.');
		}
		if (expects !== 'nothing') return take(body);
		switch (command) {
			case 'login':
			case 'relogin':
				if (command === 'login' && rest === '') return reply(flows);
				if (rest === 'phone') return ask('number', 'Please enter your Phone number');
				if (rest === 'cookies')
					return ask(
						'cookies',
						'Enter a JSON object with your cookies, or a cURL command copied from browser devtools.',
					);
				return showCode();
			case 'list-logins':
				return reply(isSignedIn ? `* \`${login.id}\` (${login.name}) - \`CONNECTED\`` : 'You are not logged in');
			case 'logout':
				if (rest !== login.id || !isSignedIn) return reply(`Login not found: ${rest}`);
				isSignedIn = false;
				return reply(`Logged out ${login.name}`);
			case 'start-chat':
				return startChat(rest);
			case 'set-preferred-login':
				return tick(eventId);
			default:
				return reply('Unknown command, use the `help` command for help.');
		}
	};

	bridge.onEvent(event => {
		const roomId = asString(event['room_id']) ?? '';
		const content = asObject(event['content']);
		const sender = asString(event['sender']) ?? '';
		if (
			event['type'] === 'm.room.member' &&
			event['state_key'] === bridge.bot() &&
			content['membership'] === 'invite'
		) {
			rooms.add(roomId);
			room = roomId;
			follow(async () => void (await bridge.request('POST', `join/${encodeURIComponent(roomId)}`, {})));
		}
		const body = asString(content['body']);
		if (event['type'] !== 'm.room.message' || body === undefined || sender === bridge.bot() || !rooms.has(roomId))
			return;
		heard.push(body);
		follow(async () => {
			[room, person] = [roomId, sender];
			await obey(body, asString(event['event_id']) ?? '');
		});
	});

	return {
		heard: (): readonly string[] => heard,
		/** What went wrong in it. */
		failures: (): readonly unknown[] => failures,
		/** What people are called, besides their numbers. */
		callPeople: (name: string): void => void (contactName = name),
		/** Answers thus to the next wish for a chat. */
		answerChat: (words: string): void => void (nextChat = words),
		/** From now on it hears, and answers only when that is called which is returned. */
		hold(): () => void {
			const {promise, resolve} = Promise.withResolvers<void>();
			follow(async () => promise);
			return resolve;
		},
		/** The room with the bot. */
		room: (): string => room,
		/** The code becomes another one, as it does every minute. */
		refresh: async (text: string): Promise<void> =>
			inOrder(async () => {
				if (code === undefined) throw new Error('There is no code.');
				code.text = text;
				await send({
					...picture(text),
					body: `* ${text}`,
					'm.new_content': picture(text),
					'm.relates_to': {rel_type: 'm.replace', event_id: code.eventId},
				});
			}),
		/** Somebody scans the code with the app. @throws Error for another code than the one that counts now */
		scan: async (text: string): Promise<void> =>
			inOrder(async () => {
				if (text !== code?.text) throw new Error(`The code says ${String(code?.text)}, not ${text}`);
				await redact(code.eventId);
				code = undefined;
				await finish();
			}),
		/** Says by machine how the login is. */
		report: async (state: FixtureState): Promise<void> =>
			inOrder(async () => {
				const said = {timestamp: 1, remote_id: login.id, remote_name: login.name, ...state};
				await send({
					msgtype: state.state_event === 'CONNECTED' ? 'm.notice' : 'm.text',
					body: `State update for ${login.name}: \`${state.state_event}\``,
					'fi.mau.bridge_state': said,
				});
			}),
	};
};
