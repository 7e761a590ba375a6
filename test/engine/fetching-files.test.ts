/** Files of messages come to the disk whole, decrypted and checked, under a name that does no harm, or not at all. */
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test, type TestContext} from 'node:test';
import sharp from 'sharp';
import {ExpectedError} from '../../source/domain/errors.ts';
import {asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import {createHome, createRoom, startHome, waitForMessage, type TestEngine} from '../helpers/engine.ts';
import {matrixRequest, type Access} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {startFaultProxy} from './fault-proxy.ts';

const servers = await needsServers();

/** @param way to the server: straight, or by a proxy, which passes texts only */
const openRoom = async (t: TestContext, isEncrypted = false, way: 'straight' | 'proxy' = 'straight') => {
	const server = await sharedSynapse();
	const proxy = await startFaultProxy(t, server.url);
	const home = await createHome(server, way === 'proxy' ? {url: proxy.url} : {});
	const engine = await startHome(t, home, {isNew: true});
	const access: Access = {url: server.url, accessToken: home.account.accessToken};
	const roomId = await createRoom(server, home.account, {isEncrypted});
	return {server, engine, home, roomId, access, proxy};
};

/** Sends a file. @returns its message in the archive */
const share = async (engine: TestEngine, roomId: string, name: string, bytes: Uint8Array) => {
	const file = path.join(temporaryDirectory(), name);
	writeFileSync(file, bytes);
	const {eventId, error} = await engine.session.sendFile({to: roomId, path: file, isWaiting: true, timeout: 30_000});
	assert.ok(eventId !== undefined, error);
	return waitForMessage(engine, roomId, message => message.eventId === eventId && message.encryption !== 'undecrypted');
};

/** Puts an event into a room past mx. */
const put = async (engine: TestEngine, access: Access, roomId: string, content: JsonObject): Promise<string> => {
	const place = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/${randomBytes(9).toString('hex')}`;
	const eventId = asString((await matrixRequest(access, 'PUT', place, content))['event_id']) ?? '';
	await waitForMessage(engine, roomId, message => message.eventId === eventId);
	return eventId;
};

const refusal = async (request: Promise<unknown>): Promise<string> => {
	const error: unknown = await request.catch((thrown: unknown) => thrown);
	assert.ok(error instanceof ExpectedError, String(error));
	return error.report.message;
};

for (const isEncrypted of [false, true]) {
	test(
		`what was sent ${isEncrypted ? 'encrypted' : 'in the clear'} comes back, beside what has its name`,
		servers,
		async t => {
			const {engine, home, roomId} = await openRoom(t, isEncrypted);
			const bytes = randomBytes(300_001);
			const {eventId} = await share(engine, roomId, 'the sea.jpg', bytes);
			const folder = temporaryDirectory();
			writeFileSync(path.join(folder, 'the sea.jpg'), 'another');
			const first = await engine.session.fetchFile({roomId, eventId, folder, key: 'one'});
			assert.deepEqual(first, {path: path.join(folder, 'the sea (2).jpg'), size: bytes.length});
			assert.deepEqual(readFileSync(first.path), bytes);
			assert.equal(readFileSync(path.join(folder, 'the sea.jpg'), 'utf8'), 'another');
			const second = await engine.session.fetchFile({roomId, eventId, key: 'two'});
			assert.ok(second.path.startsWith(home.files.opened));
			assert.deepEqual(readFileSync(second.path), bytes);
			assert.deepEqual(readdirSync(folder).sort(), ['the sea (2).jpg', 'the sea.jpg']);
			const told = engine.notices.flatMap(notice => (notice.kind === 'transfer' ? [notice.transfer] : []));
			assert.ok(told.some(({key, done, total}) => key === 'one' && done > 0 && total === bytes.length));
			assert.equal(told.findLast(({key}) => key === 'one')?.isOver, true);
			await engine.stop();
			await startHome(t, home);
			assert.ok(!existsSync(second.path), 'what was looked at stays');
		},
	);
}

test(
	'the small picture is that of the sender, else that of the server; of what is encrypted it is the file',
	servers,
	async t => {
		const {engine, roomId, access} = await openRoom(t);
		const noise = {type: 'gaussian', mean: 128, sigma: 60} as const;
		const large = await sharp({create: {width: 1600, height: 1200, channels: 3, background: '#fff', noise}})
			.png()
			.toBuffer();
		const widthOf = async (eventId: string, key: string): Promise<number | undefined> => {
			const file = await engine.session.fetchFile({roomId, eventId, key, isThumbnail: true});
			return (await sharp(file.path).metadata()).width;
		};
		const shared = await share(engine, roomId, 'noise.png', large);
		assert.equal(await widthOf(shared.eventId, 'one'), 800);
		const {url, info} = shared.content;
		const {thumbnail_url: own, thumbnail_info: dropped, ...rest} = asObject(info);
		assert.ok(own !== undefined && dropped !== undefined);
		const bare = await put(engine, access, roomId, {
			msgtype: 'm.image',
			body: 'noise.png',
			url: url ?? null,
			info: rest,
		});
		// The server of the demo makes nothing small.
		const width = await widthOf(bare, 'two');
		assert.ok(width === 800 || width === 1600, String(width));
		const {size} = await engine.session.fetchFile({roomId, eventId: bare, key: 'three'});
		assert.equal(size, large.length);
		assert.match(
			await refusal(engine.session.fetchFile({roomId, eventId: bare, key: 'four', largest: 1000})),
			/larger than what mx fetches/,
		);
	},
);

test('a file that was changed on the server is not kept', servers, async t => {
	const {server, engine, home, roomId, access} = await openRoom(t, true);
	const {content} = await share(engine, roomId, 'treaty.pdf', randomBytes(5000));
	const other = await share(engine, roomId, 'forgery.pdf', randomBytes(5000));
	const clear = await createRoom(server, home.account);
	const file = {...asObject(content['file']), url: asObject(other.content['file'])['url']};
	const eventId = await put(engine, access, clear, {msgtype: 'm.file', body: 'treaty.pdf', file});
	const folder = temporaryDirectory();
	assert.match(
		await refusal(engine.session.fetchFile({roomId: clear, eventId, folder, key: 'one'})),
		/^The file is not the one that was sent/,
	);
	assert.deepEqual(readdirSync(folder), []);
});

test('a name that leads elsewhere leads nowhere; a file that is none says so', servers, async t => {
	const {engine, roomId, access} = await openRoom(t);
	const {content} = await share(engine, roomId, 'a.txt', Buffer.from('hello'));
	const folder = temporaryDirectory();
	const fetched = async (name: string): Promise<string> => {
		const eventId = await put(engine, access, roomId, {...content, body: name, filename: name});
		return (await engine.session.fetchFile({roomId, eventId, folder, key: name})).path;
	};
	assert.equal(await fetched('../../.ssh/authorized_keys'), path.join(folder, 'authorized_keys'));
	assert.equal(await fetched('..'), path.join(folder, 'file'));
	assert.equal(await fetched('.bashrc'), path.join(folder, 'bashrc'));
	const gone = await put(engine, access, roomId, {...content, url: 'mxc://one.test/../../admin'});
	assert.match(await refusal(engine.session.fetchFile({roomId, eventId: gone, folder, key: 'x'})), /no file/);
	const missing = asString(content['url'])?.replace(/\/[^/]+$/, '/nothinghere');
	const lost = await put(engine, access, roomId, {...content, url: missing});
	assert.match(
		await refusal(engine.session.fetchFile({roomId, eventId: lost, folder, key: 'x'})),
		/^Cannot fetch the file/,
	);
	const text = await put(engine, access, roomId, {msgtype: 'm.text', body: 'words'});
	assert.match(await refusal(engine.session.fetchFile({roomId, eventId: text, folder, key: 'x'})), /no file/);
	const nowhere = path.join(folder, 'file', 'inside');
	const {eventId} = await share(engine, roomId, 'b.txt', Buffer.from('hello'));
	assert.match(
		await refusal(engine.session.fetchFile({roomId, eventId, folder: nowhere, key: 'x'})),
		/cannot be used|Cannot fetch/,
	);
});

test('what is stopped leaves nothing', servers, async t => {
	const {engine, roomId, proxy} = await openRoom(t, false, 'proxy');
	const {eventId} = await share(engine, roomId, 'film.mkv', randomBytes(100_000));
	const begun = Promise.withResolvers<void>();
	proxy.setFault(({path: asked}) => {
		if (!asked.includes('/media/download/')) return undefined;
		return response => {
			response.writeHead(200, {'content-type': 'video/x-matroska', 'content-length': '100000'});
			response.write(randomBytes(20_000));
			begun.resolve();
		};
	});
	const folder = temporaryDirectory();
	const request = engine.session.fetchFile({roomId, eventId, folder, key: 'film'});
	const failed = refusal(request);
	await begun.promise;
	assert.match(await refusal(engine.session.fetchFile({roomId, eventId, folder, key: 'film'})), /already/);
	assert.deepEqual(await engine.session.stopFetching({key: 'film'}), {isDone: true});
	assert.match(await failed, /stopped/);
	assert.deepEqual(readdirSync(folder), []);
	assert.deepEqual(await engine.session.stopFetching({key: 'film'}), {isDone: false});
});

test(
	'a server that knows no authenticated media is asked as before; sent on, the token stays here',
	servers,
	async t => {
		const {engine, roomId, proxy} = await openRoom(t, false, 'proxy');
		const {eventId} = await share(engine, roomId, 'a.txt', Buffer.from('hello'));
		const folder = temporaryDirectory();
		let elsewhere: {readonly token: string | undefined} | undefined;
		proxy.setFault(({path: asked, token}) => {
			if (asked.includes('/client/v1/media/download/'))
				return {status: 404, body: '{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}'};
			if (asked.includes('/media/v3/download/')) return {status: 307, body: '', headers: {location: '/bucket/a'}};
			if (asked !== '/bucket/a') return undefined;
			elsewhere = {token};
			return {status: 200, body: 'hello', headers: {'content-type': 'text/plain'}};
		});
		const {path: file} = await engine.session.fetchFile({roomId, eventId, folder, key: 'x'});
		assert.equal(readFileSync(file, 'utf8'), 'hello');
		assert.deepEqual(elsewhere, {token: undefined});
	},
);
