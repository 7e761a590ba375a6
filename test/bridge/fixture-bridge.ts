/** A bridge for tests: a real appservice of a real Synapse that makes rooms as mautrix bridgev2 does. */
import {createServer, type IncomingMessage} from 'node:http';
import {once} from 'node:events';
import {asArray, asObject, asString, parseJson, type JsonObject} from '../../source/domain/json.ts';
import {MatrixRequestError, matrixRequest} from '../helpers/matrix-request.ts';
import type {Homeserver, Owner} from '../helpers/synapse.ts';

export type FixtureBridgeOptions = {
	/** Id of the appservice, and localpart of its bot with `bot` behind it. */
	readonly id: string;
	/** What the localparts of its ghosts begin with. */
	readonly ghostPrefix: string;
	/** Of `m.bridge` (MSC2346). */
	readonly protocol: {readonly id: string; readonly displayname: string};
};

/** A chat that becomes a room. */
export type PortalRequest = {
	readonly id: string;
	readonly name: string;
	/** User ids of ghosts, who join. */
	readonly ghosts: readonly string[];
	/** Who is invited. */
	readonly invite: readonly string[];
	/** `com.beeper.room_type.v2`. @default dm */
	readonly roomType?: 'dm' | 'group_dm' | '';
	/** Id of the login. */
	readonly account?: string;
	readonly network?: {readonly id: string; readonly displayname: string};
	/** @default true; heisenbridge and others write no event */
	readonly isAnnounced?: boolean;
	/** `com.beeper.message_request`. @default false */
	readonly isRequest?: boolean;
};

const readBody = async (request: IncomingMessage): Promise<JsonObject> => {
	let text = '';
	for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
	return asObject(parseJson(text));
};

export type FixtureBridge = Awaited<ReturnType<typeof startFixtureBridge>>;

/** Listens; the server is to be started with its registration, then `connect` brings the two together. */
export const startFixtureBridge = async (owner: Owner, options: FixtureBridgeOptions) => {
	const {id, ghostPrefix, protocol} = options;
	// Of tests on loopback only.
	const tokenOfBridge = `bridge-${id}`;
	const tokenOfServer = `server-of-${id}`;
	const events: JsonObject[] = [];
	const listeners: Array<(event: JsonObject) => void> = [];
	let isDown = false;
	const hearers: Array<(ephemeral: JsonObject) => void> = [];
	const losers: Array<(ephemeral: JsonObject) => void> = [];
	const server = createServer((request, response) => {
		void readBody(request).then(body => {
			const isAllowed = request.headers.authorization === `Bearer ${tokenOfServer}`;
			const ephemeral = asArray(body['ephemeral'] ?? body['de.sorunome.msc2409.ephemeral']).map(asObject);
			const fresh = isAllowed && !isDown ? asArray(body['events']).map(asObject) : [];
			events.push(...fresh);
			for (const event of fresh) for (const listener of listeners) listener(event);
			if (isAllowed) for (const hear of isDown ? losers : hearers) for (const each of ephemeral) hear(each);
			const status = isDown ? 500 : isAllowed ? 200 : 403;
			response.writeHead(status, {'content-type': 'application/json'}).end('{}');
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	owner.after(async () => {
		server.closeAllConnections();
		server.close();
		await once(server, 'close');
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new TypeError('A TCP server has no port.');

	let homeserver: Homeserver | undefined;
	const connected = (): Homeserver => {
		if (homeserver === undefined) throw new Error('The bridge is not connected yet.');
		return homeserver;
	};
	const userId = (localpart: string): string => `@${localpart}:${connected().serverName}`;
	const bot = (): string => userId(`${id}bot`);

	/** One request as the bot, or as somebody of the bridge. */
	const request = async (
		method: 'GET' | 'POST' | 'PUT',
		path: string,
		body: JsonObject = {},
		as = bot(),
	): Promise<JsonObject> =>
		matrixRequest(
			{url: connected().url, accessToken: tokenOfBridge},
			method,
			`/_matrix/client/v3/${path}?user_id=${encodeURIComponent(as)}`,
			method === 'GET' ? undefined : body,
		);

	/** A server that could not reach the bridge waits longer each time, until this. */
	const ping = async (): Promise<void> => {
		const access = {url: connected().url, accessToken: tokenOfBridge};
		await matrixRequest(access, 'POST', `/_matrix/client/v1/appservice/${id}/ping`, {});
	};

	const register = async (localpart: string): Promise<void> => {
		const access = {url: connected().url, accessToken: tokenOfBridge};
		const body = {type: 'm.login.application_service', username: localpart, inhibit_login: true};
		try {
			await matrixRequest(access, 'POST', '/_matrix/client/v3/register', body);
		} catch (error) {
			if (!(error instanceof MatrixRequestError) || error.errcode !== 'M_USER_IN_USE') throw error;
		}
	};

	const bridgeStates = ({id: channelId, name, account, network, roomType = 'dm', isRequest = false}: PortalRequest) => {
		const key = `${connected().serverName}/${id}`;
		const channel = {
			id: channelId,
			displayname: name,
			...(account === undefined ? {} : {'fi.mau.receiver': account}),
			...(isRequest ? {'com.beeper.message_request': true} : {}),
		};
		const content = {
			bridgebot: bot(),
			creator: bot(),
			protocol,
			channel,
			...(network === undefined ? {} : {network}),
			...(roomType === 'dm' ? {'com.beeper.room_type': 'dm'} : {}),
			'com.beeper.room_type.v2': roomType,
		};
		return ['m.bridge', 'uk.half-shot.bridge'].map(type => ({type, state_key: key, content}));
	};

	return {
		registration: {
			id,
			url: `http://127.0.0.1:${address.port}`,
			as_token: tokenOfBridge,
			hs_token: tokenOfServer,
			sender_localpart: `${id}bot`,
			rate_limited: false,
			receive_ephemeral: true,
			'de.sorunome.msc2409.push_ephemeral': true,
			namespaces: {users: [{exclusive: true, regex: `@${ghostPrefix}.*`}], aliases: [], rooms: []},
		} satisfies JsonObject,
		bot,
		request,
		/** Calls back at each event that the server passes on. */
		onEvent: (listener: (event: JsonObject) => void): void => void listeners.push(listener),
		/** What the server has passed on, oldest first. */
		events: (): readonly JsonObject[] => events,
		async connect(to: Homeserver): Promise<void> {
			homeserver = to;
			await register(`${id}bot`);
			await ping();
		},
		/** `down`: it takes nothing, as when it is restarted; the server drops what is ephemeral. */
		setMode(mode: 'up' | 'down'): void {
			isDown = mode === 'down';
		},
		/** Comes up again, as bridges do that tell the server, and waits until the server speaks to it. */
		async restart(): Promise<void> {
			isDown = false;
			await ping();
			const room = asString((await request('POST', 'createRoom'))['room_id']) ?? '';
			// The first one may come while the server still makes up for what it could not hand on.
			for (const body of ['one', 'two']) {
				const arrival = Promise.withResolvers<void>();
				listeners.push(event => {
					if (event['room_id'] === room && asObject(event['content'])['body'] === body) arrival.resolve();
				});
				const path = `rooms/${encodeURIComponent(room)}/send/m.room.message/${body}`;
				await request('PUT', path, {msgtype: 'm.text', body});
				await arrival.promise;
			}
		},
		/** Calls back at each ephemeral event: receipts, typing. @param lost those that come while it is down */
		onEphemeral(hear: (ephemeral: JsonObject) => void, lost: (ephemeral: JsonObject) => void): void {
			hearers.push(hear);
			losers.push(lost);
		},
		/** @returns the user id of somebody on the other network. */
		async addGhost(remoteId: string, name: string): Promise<string> {
			const localpart = ghostPrefix + remoteId;
			await register(localpart);
			const ghost = userId(localpart);
			await request('PUT', `profile/${encodeURIComponent(ghost)}/displayname`, {displayname: name}, ghost);
			return ghost;
		},
		/** @returns the id of the room. */
		async createPortal(portal: PortalRequest): Promise<string> {
			const {name, ghosts, invite, roomType = 'dm', isAnnounced = true} = portal;
			const states = isAnnounced ? bridgeStates(portal) : [];
			const answer = await request('POST', 'createRoom', {
				preset: 'private_chat',
				is_direct: roomType === 'dm',
				name,
				invite: [...invite, ...ghosts],
				initial_state: states,
			});
			const roomId = asString(answer['room_id']) ?? '';
			for (const ghost of ghosts) await request('POST', `join/${encodeURIComponent(roomId)}`, {}, ghost);
			return roomId;
		},
		/** Says anew what a chat is on the other network. */
		async changePortal(roomId: string, portal: PortalRequest): Promise<void> {
			for (const {type, state_key, content} of bridgeStates(portal))
				await request(
					'PUT',
					`rooms/${encodeURIComponent(roomId)}/state/${type}/${encodeURIComponent(state_key)}`,
					content,
				);
		},
		/** @returns the event id of what somebody on the other network says. */
		async say(ghost: string, roomId: string, body: string): Promise<string> {
			const path = `rooms/${encodeURIComponent(roomId)}/send/m.room.message/${crypto.randomUUID()}`;
			return asString((await request('PUT', path, {msgtype: 'm.text', body}, ghost))['event_id']) ?? '';
		},
	};
};
