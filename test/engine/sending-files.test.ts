/** Files arrive whole, encrypted where the room is; they wait, are given up, and outlive the program as messages do. */
import assert from 'node:assert/strict';
import {createDecipheriv, createHash, randomBytes} from 'node:crypto';
import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test, type TestContext} from 'node:test';
import sharp from 'sharp';
import {ExpectedError} from '../../source/domain/errors.ts';
import {asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import {
	acceptInvitation,
	createHome,
	openHome,
	sendText,
	startHome,
	waitOnEngine,
	type EngineHome,
	type TestEngine,
} from '../helpers/engine.ts';
import {createPeer} from '../helpers/peer.ts';
import type {Access} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {startEngineProcess} from './engine-process.ts';
import {startFaultProxy} from './fault-proxy.ts';
import {messagesOnServer} from './server-events.ts';

const servers = await needsServers();

/** A file of random bytes. */
const makeFile = (name: string, size: number) => {
	const file = path.join(temporaryDirectory(), name);
	const bytes = randomBytes(size);
	writeFileSync(file, bytes);
	return {file, bytes};
};

const download = async ({url, accessToken = ''}: Access, uri: unknown): Promise<Buffer> => {
	const [, place = ''] = /^mxc:\/\/(.+)$/.exec(asString(uri) ?? '') ?? [];
	const response = await fetch(`${url}/_matrix/client/v1/media/download/${place}`, {
		headers: {authorization: `Bearer ${accessToken}`},
	});
	assert.equal(response.status, 200);
	return Buffer.from(await response.arrayBuffer());
};

/** As another client reads it (client-server API §Sending encrypted attachments). */
const decrypt = (encrypted: Buffer, file: JsonObject): Buffer => {
	assert.equal(
		createHash('sha256').update(encrypted).digest('base64').replace(/=+$/, ''),
		asObject(file['hashes'])['sha256'],
	);
	const key = Buffer.from(asString(asObject(file['key'])['k']) ?? '', 'base64url');
	const cipher = createDecipheriv('aes-256-ctr', key, Buffer.from(asString(file['iv']) ?? '', 'base64'));
	return Buffer.concat([cipher.update(encrypted), cipher.final()]);
};

/** A room of bob's with the account in it, reached through a proxy. */
const openRoom = async (t: TestContext, {isEncrypted = false}: {readonly isEncrypted?: boolean} = {}) => {
	const server = await sharedSynapse();
	const proxy = await startFaultProxy(t, server.url);
	const home = await createHome(server, {url: proxy.url});
	const engine = await startHome(t, home, {isNew: true});
	const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
	const roomId = await bob.createRoom({isEncrypted, invite: [home.account.userId]});
	await acceptInvitation(engine, roomId);
	await bob.waitForRoom(roomId, room => room.getMember(home.account.userId)?.membership === 'join');
	const access = {url: server.url, accessToken: home.account.accessToken};
	return {engine, home, bob, roomId, access, proxy};
};

/** Copies go a moment after what they were for; nobody is told. */
const waitUntilEmpty = async ({files}: EngineHome): Promise<void> => {
	const end = performance.now() + 20_000;
	while (existsSync(files.outgoing) && readdirSync(files.outgoing).length > 0) {
		assert.ok(performance.now() < end, 'the copies stay');
		await new Promise(resolve => void setTimeout(resolve, 20));
	}
};

const rowsOf = async ({session}: Pick<TestEngine, 'session'>, room: string) =>
	(await session.read({room, count: 10})).waiting.filter(({state}) => state !== 'sent');

/** Waits until a row of the room's outbox passes a test. */
const waitForRow = async (
	engine: TestEngine,
	room: string,
	expected: (row: Awaited<ReturnType<typeof rowsOf>>[number]) => boolean,
) => waitOnEngine(engine, async () => (await rowsOf(engine, room)).find(expected), {what: () => 'a row of the outbox'});

for (const isEncrypted of [false, true]) {
	test(`a file arrives ${isEncrypted ? 'encrypted' : 'in the clear'} with its words`, servers, async t => {
		const {engine, home, bob, roomId, access} = await openRoom(t, {isEncrypted});
		const {file, bytes} = makeFile('crème brûlée.pdf', 300_001);
		const receipt = await engine.session.sendFile({
			to: roomId,
			path: file,
			caption: {body: 'the *recipe*', format: 'org.matrix.custom.html', formatted_body: 'the <em>recipe</em>'},
			isWaiting: true,
			timeout: 30_000,
		});
		assert.equal(receipt.state, 'sent', receipt.error);
		const content = asObject((await bob.waitForText(roomId, 'the *recipe*')).getContent());
		assert.equal(content['msgtype'], 'm.file');
		assert.equal(content['filename'], 'crème brûlée.pdf');
		assert.equal(content['formatted_body'], 'the <em>recipe</em>');
		assert.deepEqual(content['info'], {mimetype: 'application/pdf', size: bytes.length});
		if (isEncrypted) {
			const sent = asObject(content['file']);
			assert.equal(content['url'], undefined);
			const raw = await download(access, sent['url']);
			assert.notDeepEqual(raw, bytes);
			assert.deepEqual(decrypt(raw, sent), bytes);
		} else {
			assert.equal(content['file'], undefined);
			assert.deepEqual(await download(access, content['url']), bytes);
		}
		const transfers = engine.notices.flatMap(notice => (notice.kind === 'transfer' ? [notice.transfer] : []));
		assert.equal(transfers.at(-1)?.done, bytes.length);
		assert.equal(transfers.at(-1)?.key, receipt.transactionId);
		await waitUntilEmpty(home);
	});
}

test('a picture arrives with its size and a small one, which is encrypted as well', servers, async t => {
	const {engine, home, bob, roomId, access} = await openRoom(t, {isEncrypted: true});
	const file = path.join(temporaryDirectory(), 'sea.jpg');
	const background = {r: 20, g: 90, b: 160};
	await sharp({create: {width: 1600, height: 1200, channels: 3, background}})
		.jpeg()
		.toFile(file);
	const receipt = await engine.session.sendFile({to: roomId, path: file, isWaiting: true, timeout: 30_000});
	assert.equal(receipt.state, 'sent', receipt.error);
	const content = asObject((await bob.waitForText(roomId, 'sea.jpg')).getContent());
	assert.equal(content['msgtype'], 'm.image');
	const info = asObject(content['info']);
	assert.deepEqual([info['w'], info['h'], info['thumbnail_url']], [1600, 1200, undefined]);
	const small = asObject(info['thumbnail_file']);
	const bytes = decrypt(await download(access, small['url']), small);
	const {width, height} = await sharp(bytes).metadata();
	assert.deepEqual(info['thumbnail_info'], {mimetype: 'image/jpeg', size: bytes.length, w: width, h: height});
	assert.deepEqual([width, height], [800, 600]);
	await waitUntilEmpty(home);
});

test('a lone verb sends a file into an encrypted room, and leaves no copy', servers, async t => {
	const {engine, home, bob, roomId, access} = await openRoom(t, {isEncrypted: true});
	await engine.stop();
	const verb = await openHome(home, {mode: 'one-shot'});
	const {file, bytes} = makeFile('log.txt', 70_000);
	const receipt = await verb.session.sendFile({to: roomId, path: file, isWaiting: true, timeout: 30_000});
	await verb.stop();
	assert.equal(receipt.state, 'sent', receipt.error);
	const sent = asObject(asObject((await bob.waitForText(roomId, 'log.txt')).getContent())['file']);
	assert.deepEqual(decrypt(await download(access, sent['url']), sent), bytes);
	assert.deepEqual(readdirSync(home.files.outgoing), []);
});

test('an empty file arrives too, and a repeat with the same key sends nothing twice', servers, async t => {
	const {engine, home, roomId, access} = await openRoom(t);
	const {file} = makeFile('empty.txt', 0);
	const request = {to: roomId, path: file, transactionKey: 'once', isWaiting: true, timeout: 30_000};
	const first = await engine.session.sendFile(request);
	assert.equal(first.state, 'sent', first.error);
	assert.deepEqual(await engine.session.sendFile(request), first);
	const messages = await messagesOnServer(access, roomId, home.account.userId);
	assert.equal(messages.length, 1);
	assert.deepEqual(await download(access, asObject(messages[0]?.['content'])['url']), Buffer.alloc(0));
});

test('messages pass a file that is on its way; given up, nothing of it remains', servers, async t => {
	const {engine, home, roomId, access, proxy} = await openRoom(t);
	const {file} = makeFile('film.mkv', 200_000);
	const asked = Promise.withResolvers<void>();
	const left = Promise.withResolvers<void>();
	proxy.setFault(request => {
		if (!request.path.includes('/media/v3/upload')) return undefined;
		asked.resolve();
		// Never answered: it ends when the client does.
		return response => void response.once('close', () => left.resolve());
	});
	await engine.session.sendFile({to: roomId, path: file, isWaiting: false, timeout: 0});
	await asked.promise;
	await sendText(engine, roomId, 'it takes a while');
	const row = await waitForRow(engine, roomId, ({state}) => state === 'uploading');
	assert.equal(readdirSync(home.files.outgoing).length, 1);
	assert.deepEqual(await engine.session.resolveOutbox({id: row.id, action: 'discard'}), {isDone: true});
	await left.promise;
	await waitUntilEmpty(home);
	assert.deepEqual(await rowsOf(engine, roomId), []);
	assert.equal((await messagesOnServer(access, roomId, home.account.userId)).length, 1);
});

test('what is no file, or larger than the server takes, is refused before anything is sent', servers, async t => {
	const {engine, home, roomId, proxy} = await openRoom(t);
	proxy.setFault(({path: asked}) =>
		asked.endsWith('/media/config') ? {status: 200, body: '{"m.upload.size":120000}'} : undefined,
	);
	const refusal = async (file: string): Promise<string> => {
		const error: unknown = await engine.session
			.sendFile({to: roomId, path: file, isWaiting: false, timeout: 0})
			.catch((thrown: unknown) => thrown);
		assert.ok(error instanceof ExpectedError);
		return error.report.message;
	};
	const {file} = makeFile('film.mkv', 1_234_567);
	assert.equal(await refusal(file), 'film.mkv has 1.2 MB; the server takes files up to 120 kB.');
	assert.match(await refusal(path.dirname(file)), /is not a file\.$/);
	assert.match(await refusal(`${file}.gone`), /^There is no file /);
	assert.ok(!existsSync(home.files.outgoing) || readdirSync(home.files.outgoing).length === 0);
	assert.deepEqual(await rowsOf(engine, roomId), []);
	assert.ok(!proxy.requests.some(request => request.includes('/media/v3/upload')));
});

test('a refused file fails with the reason, and is sent at the next try', servers, async t => {
	const {engine, bob, roomId, proxy} = await openRoom(t, {isEncrypted: true});
	const {file} = makeFile('notes.txt', 5000);
	proxy.setFault(({path: asked}) =>
		asked.includes('/media/v3/upload')
			? {status: 413, body: '{"errcode":"M_TOO_LARGE","error":"Quota is used up"}'}
			: undefined,
	);
	const receipt = await engine.session.sendFile({to: roomId, path: file, isWaiting: true, timeout: 30_000});
	assert.equal(receipt.state, 'failed');
	assert.match(receipt.error ?? '', /too large for the server \("Quota is used up"\)/);
	proxy.setFault(undefined);
	const row = await waitForRow(engine, roomId, ({state}) => state === 'failed');
	assert.deepEqual(await engine.session.resolveOutbox({id: row.id, action: 'retry'}), {isDone: true});
	await bob.waitForText(roomId, 'notes.txt');
});

test('a file outlives a kill, and its original', servers, async t => {
	const {engine, home, bob, roomId, access, proxy} = await openRoom(t, {isEncrypted: true});
	await engine.stop();
	const asked = Promise.withResolvers<void>();
	proxy.setFault(request => {
		if (!request.path.includes('/media/v3/upload')) return undefined;
		asked.resolve();
		return () => undefined;
	});
	const {file, bytes} = makeFile('voyage.jpg', 400_000);
	const process = startEngineProcess(t, home);
	await process.caughtUp;
	await process.session.sendFile({to: roomId, path: file, isWaiting: false, timeout: 0});
	await asked.promise;
	await process.kill();
	rmSync(file);
	proxy.setFault(undefined);
	await startHome(t, home);
	const content = asObject((await bob.waitForText(roomId, 'voyage.jpg')).getContent());
	assert.equal(content['msgtype'], 'm.image');
	const sent = asObject(content['file']);
	assert.deepEqual(decrypt(await download(access, sent['url']), sent), bytes);
	await waitUntilEmpty(home);
});
