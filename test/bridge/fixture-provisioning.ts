/** The provisioning API of a fixture bridge (bridgev2/provisioning.go): it asks the homeserver who somebody is. */
import {once} from 'node:events';
import {createServer, type IncomingMessage} from 'node:http';
import {asObject, asString, parseJson, type JsonObject} from '../../source/domain/json.ts';
import type {Homeserver, Owner} from '../helpers/synapse.ts';
import type {FixtureBridge} from './fixture-bridge.ts';

const readBody = async (request: IncomingMessage): Promise<JsonObject> => {
	let text = '';
	for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
	return asObject(parseJson(text));
};

type Answer = readonly [status: number, body: JsonObject];

const refusal = (status: number, error: string): Answer => [status, {errcode: 'FI.MAU.REFUSED', error}];

/** @returns the base URL of the API, and what was asked of it */
export const startFixtureProvisioning = async (owner: Owner, bridge: FixtureBridge, homeserver: Homeserver) => {
	const asked: string[] = [];
	/** What was given for the login, by the ids of the fields. */
	const given: JsonObject[] = [];
	const scanned = Promise.withResolvers<void>();
	const waited = Promise.withResolvers<void>();
	const givenUp = Promise.withResolvers<void>();
	let isSignedIn = false;
	let user = '';

	/** @returns the user id of whom the token is, by the homeserver's word */
	const whoIs = async (authorization: string | undefined): Promise<string | undefined> => {
		const token = /^Bearer openid:(?<token>.+)$/.exec(authorization ?? '')?.groups?.['token'];
		if (token === undefined) return undefined;
		const path = `/_matrix/federation/v1/openid/userinfo?access_token=${encodeURIComponent(token)}`;
		const response = await fetch(homeserver.url + path);
		return response.ok ? asString(asObject(await response.json())['sub']) : undefined;
	};

	const step = (id: string, type: string, more: JsonObject = {}, instructions = ''): Answer => [
		200,
		{login_id: 'p1', step_id: id, type, instructions, ...more},
	];

	const create = async (digits: string): Promise<Answer> => {
		const ghost = await bridge.addGhost(digits, `+${digits}`);
		const portal = {id: digits, name: `+${digits}`, ghosts: [ghost], invite: [user], account: 'w1'};
		const roomId = await bridge.createPortal(portal);
		return [200, {id: digits, name: `+${digits}`, mxid: ghost, dm_room_mxid: roomId}];
	};

	const answer = async (path: string, body: JsonObject): Promise<Answer> => {
		const [head = '', ...rest] = path.split('/').map(decodeURIComponent);
		switch (head) {
			case 'whoami':
				return [200, {bridge_bot: bridge.bot(), network: {displayname: 'WhatsApp'}, logins: []}];
			case 'login':
				if (rest[0] === 'flows')
					return [
						200,
						{
							flows: [
								{id: 'qr', name: 'QR'},
								{id: 'phone', name: 'Number'},
							],
						},
					];
				if (rest[0] === 'start' && rest[1] === 'qr')
					return step('qr', 'display_and_wait', {display_and_wait: {type: 'qr', data: '2@abc'}}, 'Scan this.');
				if (rest[0] === 'start') {
					const field = {id: 'number', type: 'phone_number', name: 'Phone number'};
					return step('number', 'user_input', {user_input: {fields: [field]}});
				}
				if (rest[2] === 'qr') waited.resolve();
				if (rest[2] === 'qr') await scanned.promise;
				else if (body['number'] === 'wrong') return refusal(400, 'That is no number');
				else given.push(body);
				isSignedIn = true;
				return step('done', 'complete', {complete: {user_login_id: 'w1'}}, 'Signed in as +49 170');
			case 'logout':
				if (!isSignedIn) return refusal(404, 'Login not found');
				isSignedIn = false;
				return [200, {}];
			case 'contacts':
				return [
					200,
					{
						contacts: [
							{id: '4917', name: 'Anna', identifiers: ['tel:+4917']},
							{id: '4918', name: 'Bert'},
						],
					},
				];
			case 'resolve_identifier': {
				const digits = (rest[0] ?? '').replaceAll(/\D/g, '');
				return digits === '' ? refusal(404, 'No such number') : [200, {id: digits, name: `+${digits}`}];
			}
			case 'create_dm':
				return create(rest[0] ?? '');
			default:
				return refusal(404, 'No such endpoint');
		}
	};

	const server = createServer((request, response) => {
		response.on('close', () => {
			if (!response.writableEnded) givenUp.resolve();
		});
		void (async () => {
			const url = new URL(request.url ?? '', 'http://localhost');
			const path = url.pathname.replace('/_matrix/provision/v3/', '');
			asked.push(`${request.method} ${path}`);
			const who = await whoIs(request.headers.authorization);
			const isAllowed = who !== undefined && who === url.searchParams.get('user_id');
			user = who ?? '';
			const [status, body] = isAllowed ? await answer(path, await readBody(request)) : refusal(401, 'Nobody knows you');
			response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
		})();
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	owner.after(async () => {
		scanned.resolve();
		server.closeAllConnections();
		server.close();
		await once(server, 'close');
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new TypeError('A TCP server has no port.');
	return {
		url: `http://127.0.0.1:${address.port}`,
		asked: (): readonly string[] => asked,
		given: (): readonly JsonObject[] => given,
		/** Fulfilled when somebody has gone before the answer came. */
		givenUp: givenUp.promise,
		/** Fulfilled when somebody waits for a code to be scanned. */
		waited: waited.promise,
		/** Somebody scans what is shown. */
		scan: (): void => scanned.resolve(),
	};
};
