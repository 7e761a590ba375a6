/** Hostile text in names, topics, display names and file names, sent through a real server. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asArray, asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import {hostilePayloads} from '../corpus/terminal.ts';
import {MatrixRequestError, matrixRequest, type Access} from '../helpers/matrix-request.ts';
import {enter, joinRoom, openFirstRoom, signIn, waitUntil, writeSettings, type SignedIn} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {assertLeft, assertPrintsSafely, readRoom} from './printed-text.ts';
import {findForeign} from './terminal-bytes.ts';

/** Names of rooms in the list: a title, a link, a colour, a text that runs backwards. */
const listedPayloads = ['\u001B]0;pwned\u0007', '\u001B]8;;file:///x\u0007', '\u009B31m', '\u202Edesrever'];

/** Rooms that the texts are spread over, to send side by side. */
const roomCount = 4;

/** What is said in one of the rooms. */
const textsOf = (number: number): readonly string[] =>
	hostilePayloads.filter((_, index) => index % roomCount === number).map(({payload}) => payload);

/** A person with rooms in which somebody says what they like, without any client in between. */
const createRooms = async (access: Access, anna: SignedIn): Promise<readonly string[]> => {
	const rooms: string[] = [];
	for (let number = 0; number < roomCount; number++) {
		const body = {preset: 'private_chat', invite: [anna.userId], name: `Room ${number}`};
		const roomId = asString((await matrixRequest(access, 'POST', '/_matrix/client/v3/createRoom', body))['room_id']);
		await joinRoom(anna, roomId ?? '');
		rooms.push(roomId ?? '');
	}
	return rooms;
};

/** One request; @returns whether the server took it. */
const attempt = async (access: Access, path: string, content: JsonObject): Promise<boolean> => {
	try {
		await matrixRequest(access, 'PUT', path, content);
		return true;
	} catch (error) {
		// A text that no server passes on cannot hurt; Synapse answers some of them with an error of its own.
		if (error instanceof MatrixRequestError && error.status >= 400) return false;
		throw error;
	}
};

type Request = readonly [path: string, content: JsonObject];

/** Texts that share a name, a topic or a display name: an event for each takes a server a minute. */
const groupSize = 3;

const groupsOf = (payloads: readonly string[]): ReadonlyArray<readonly string[]> =>
	Array.from({length: Math.ceil(payloads.length / groupSize)}, (_, group) =>
		payloads.slice(group * groupSize, (group + 1) * groupSize),
	);

/** Puts texts into each field that mx shows; each of them begins one, because mx cuts names off. @returns what the server refused */
const plant = async (
	access: Access & {readonly userId: string},
	roomId: string,
	{payloads, key}: {readonly payloads: readonly string[]; readonly key: string},
): Promise<readonly string[]> => {
	const room = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}`;
	const fields: ReadonlyArray<readonly [field: string, request: (text: string) => Request]> = [
		['name', text => [`${room}/state/m.room.name`, {name: `R ${text}`}]],
		['topic', text => [`${room}/state/m.room.topic`, {topic: `${text} topic`}]],
		[
			'display name',
			text => [`${room}/state/m.room.member/${access.userId}`, {membership: 'join', displayname: `${text} N`}],
		],
	];
	const refused: string[] = [];
	for (const [first, [field, request]] of fields.entries()) {
		const turned = [...payloads.slice(first), ...payloads.slice(0, first)];
		if (await attempt(access, ...request(turned.join(' ')))) continue;
		for (const text of payloads) if (!(await attempt(access, ...request(text)))) refused.push(`${field} ${key}`);
	}
	for (const [index, text] of payloads.entries()) {
		const file = {url: 'mxc://x.test/y', info: {size: 5, mimetype: text}};
		const content = {msgtype: 'm.file', body: text, filename: `${text}.pdf`, ...file};
		const isTaken = await attempt(access, `${room}/send/m.room.message/file${key}.${index}`, content);
		if (!isTaken) refused.push(`file name ${key}.${index}`);
	}
	return refused;
};

test('what mx never writes is found among what it does', () => {
	const own =
		'\u001B[?1049h\u001B[2J\u001B[38;5;1mhello\u001B[m\r\n\u001B]8;;https://x.test\u001B\\a link\u001B]8;;\u001B\\';
	assert.equal(findForeign(own), undefined);
	const foreign = hostilePayloads.filter(({kind}) => ['esc', 'dcs', 'apc', 'ctrl'].includes(kind));
	// Both is written by mx too, but not by itself in a text.
	const isOwn = (payload: string): boolean => /^[ -~\r\n]*$/.test(payload);
	for (const {name, payload} of foreign.filter(({payload}) => !isOwn(payload)))
		assert.notEqual(findForeign(own + payload + own), undefined, name);
	for (const payload of listedPayloads) assert.notEqual(findForeign(own + payload), undefined);
	assert.notEqual(findForeign(`${own}\u001B[6n`), undefined);
	assert.notEqual(findForeign(`${own}\u001B[3J`), undefined);
	assert.notEqual(findForeign(`${own}\u001B]8;;file:///etc/passwd\u001B\\`), undefined);
});

test(
	'in names, topics, display names and file names nothing reaches the terminal as a command',
	await needsServers(),
	async t => {
		const server = await sharedSynapse();
		const anna = await signIn(server);
		// Who does not press a key for a while is told of what comes in, by the bell.
		writeSettings(anna.home, {notify: 'off'});
		const mallory = await server.registerUser(uniqueName('mallory'));
		const access = {url: server.url, accessToken: mallory.accessToken, userId: mallory.userId};
		const rooms = await createRooms(access, anna);
		// Names and topics are drawn while they change.
		const screen = anna.openScreen(t, {columns: 110, rows: 40});
		await openFirstRoom(screen);
		const refused = await Promise.all(
			rooms.map(async (roomId, number) => {
				const all: string[] = [];
				const groups = groupsOf(textsOf(number));
				for (const [index, payloads] of groups.entries())
					all.push(...(await plant(access, roomId, {payloads, key: `${number}.${index}`})));
				return all;
			}),
		);
		for (const [number, roomId] of rooms.entries()) {
			const name = `Last ${number}`;
			const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/state/m.room.name`;
			await matrixRequest(access, 'PUT', path, {name});
			await screen.waitFor(` ${name} `);
			screen.type(`/go ${roomId}${enter}`);
			await screen.waitFor(lines => lines[1]?.includes(`│ ${name} `) === true);
			const count = textsOf(number).length - (refused[number] ?? []).filter(field => field.startsWith('file')).length;
			await readRoom(screen, anna, {roomId, count});
		}
		await assertLeft(screen);
		for (const [number, roomId] of rooms.entries()) {
			const path = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/state/m.room.name`;
			await matrixRequest(access, 'PUT', path, {name: `${listedPayloads[number]} name`});
		}
		const second = anna.openScreen(t);
		await openFirstRoom(second);
		await waitUntil(async () => {
			const names = asArray((await anna.runJson(['rooms']))['rooms']).map(room => asString(asObject(room)['name']));
			assert.deepEqual(new Set(names), new Set(listedPayloads.map(payload => `${payload} name`)));
		});
		await assertLeft(second);
		await assertPrintsSafely(t, anna, ['rooms']);
		for (const roomId of rooms) await assertPrintsSafely(t, anna, ['read', roomId, '-n', '9999', '--all']);
		const count = refused.flat().length;
		assert.ok(count < hostilePayloads.length / 4, refused.flat().join());
		t.diagnostic(`${hostilePayloads.length * 4 - count} texts, ${count} more were refused by the server`);
	},
);
