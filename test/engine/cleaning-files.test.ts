/** What arrives on the server of a picture: what is seen in it, and nothing of where and with what it was taken. */
import assert from 'node:assert/strict';
import {createDecipheriv} from 'node:crypto';
import {existsSync, readdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import {acceptInvitation, createHome, startHome} from '../helpers/engine.ts';
import {matrixRequest, type Access} from '../helpers/matrix-request.ts';
import {createPeer} from '../helpers/peer.ts';
import {makePhoto, secrets, seenPixels} from '../helpers/photos.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const servers = await needsServers();

const write = (name: string, bytes: Uint8Array): string => {
	const file = path.join(temporaryDirectory(), name);
	writeFileSync(file, bytes);
	return file;
};

const download = async ({url, accessToken = ''}: Access, uri: unknown): Promise<Buffer> => {
	const place = (asString(uri) ?? '').replace('mxc://', '');
	const response = await fetch(`${url}/_matrix/client/v1/media/download/${place}`, {
		headers: {authorization: `Bearer ${accessToken}`},
	});
	assert.equal(response.status, 200);
	return Buffer.from(await response.arrayBuffer());
};

/** The file of a message, as another client reads it. */
const fileOf = async (access: Access, content: JsonObject): Promise<Buffer> => {
	if (content['file'] === undefined) return download(access, content['url']);
	const file = asObject(content['file']);
	const key = Buffer.from(asString(asObject(file['key'])['k']) ?? '', 'base64url');
	const cipher = createDecipheriv('aes-256-ctr', key, Buffer.from(asString(file['iv']) ?? '', 'base64'));
	return Buffer.concat([cipher.update(await download(access, file['url'])), cipher.final()]);
};

const saysOf = (bytes: Buffer): readonly string[] => {
	const text = bytes.toString('latin1');
	return secrets.filter(secret => text.includes(secret));
};

for (const isEncrypted of [false, true]) {
	test(
		`pictures arrive ${isEncrypted ? 'encrypted' : 'in the clear'} without what is not seen in them`,
		servers,
		async t => {
			const server = await sharedSynapse();
			const home = await createHome(server);
			const {session, ...engine} = await startHome(t, home, {isNew: true});
			const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
			const roomId = await bob.createRoom({isEncrypted, invite: [home.account.userId]});
			await acceptInvitation({session, ...engine}, roomId);
			const access = {url: server.url, accessToken: home.account.accessToken};
			const order = {to: roomId, isWaiting: true, timeout: 30_000};
			for (const format of ['jpeg', 'png', 'webp'] as const) {
				const photo = await makePhoto({format, orientation: 6, profile: 'p3'});
				assert.ok(saysOf(photo).length >= 4);
				// A name can lie.
				const name = format === 'png' ? 'photo.dat' : `photo.${format}`;
				const receipt = await session.sendFile({...order, path: write(name, photo)});
				assert.equal(receipt.state, 'sent', receipt.error);
				const content = asObject((await bob.waitForText(roomId, name)).getContent());
				const arrived = await fileOf(access, content);
				assert.deepEqual(saysOf(arrived), []);
				assert.deepEqual(await seenPixels(arrived), await seenPixels(photo));
				const info = asObject(content['info']);
				assert.equal(info['size'], arrived.length);
				if (format !== 'png') assert.deepEqual([info['w'], info['h']], [32, 48]);
			}
			const photo = await makePhoto({format: 'jpeg'});
			await session.sendFile({...order, path: write('as-it-is.jpeg', photo), keepsMetadata: true});
			const content = asObject((await bob.waitForText(roomId, 'as-it-is.jpeg')).getContent());
			assert.deepEqual(await fileOf(access, content), photo);
		},
	);
}

test('a picture that cannot be cleaned is refused, nothing of it is kept, and as it is it goes', servers, async t => {
	const server = await sharedSynapse();
	const home = await createHome(server);
	const {session, ...engine} = await startHome(t, home, {isNew: true});
	const bob = await createPeer(t, {server, name: uniqueName('bob'), isEncrypted: true});
	const roomId = await bob.createRoom({isEncrypted: false, invite: [home.account.userId]});
	await acceptInvitation({session, ...engine}, roomId);
	const copies = (): readonly string[] => (existsSync(home.files.outgoing) ? readdirSync(home.files.outgoing) : []);
	const photo = await makePhoto({format: 'jpeg'});
	const half = write('half.jpg', photo.subarray(0, photo.length / 2));
	const heic = write('photo.heic', Buffer.from(`\0\0\0\u0018ftypheic\0\0\0\0${'Secret Camera'.repeat(50)}`, 'latin1'));
	for (const [file, words] of [
		[half, /^half\.jpg is a damaged JPEG file: mx cannot take out of it where/],
		[heic, /^photo\.heic is a picture of a format that keeps such things its own way/],
	] as const) {
		const order = {to: roomId, path: file, isWaiting: true, timeout: 30_000};
		const before = new Set(copies());
		await assert.rejects(session.sendFile(order), (error: unknown) => {
			assert.ok(error instanceof ExpectedError);
			assert.match(error.message, words);
			assert.match(error.report.next ?? '', /--keep-metadata/);
			return error.report.reason === 'refused';
		});
		// What was sent before may still go.
		assert.ok(copies().every(name => before.has(name)));
		// What was sent before may not have come back yet.
		const {waiting} = await session.read({room: roomId, count: 10});
		assert.deepEqual(
			waiting.filter(({state}) => state !== 'sent'),
			[],
		);
		assert.equal((await session.sendFile({...order, keepsMetadata: true})).state, 'sent');
	}
});

test('the picture of an account says nothing but what is seen', servers, async t => {
	const server = await sharedSynapse();
	const home = await createHome(server);
	const {session} = await startHome(t, home, {isNew: true});
	const access = {url: server.url, accessToken: home.account.accessToken};
	const photo = await makePhoto({format: 'jpeg', orientation: 3});
	await session.setAvatar({path: write('me.jpg', photo)});
	const profile = await matrixRequest(access, 'GET', `/_matrix/client/v3/profile/${home.account.userId}`);
	const arrived = await download(access, profile['avatar_url']);
	assert.deepEqual(saysOf(arrived), []);
	assert.deepEqual(await seenPixels(arrived), await seenPixels(photo));
});
