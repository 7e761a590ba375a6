/** The pictures of the account and of rooms: changed for everybody, small, and taken away again. */
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import sharp from 'sharp';
import {ExpectedError} from '../../source/domain/errors.ts';
import {asObject, asString} from '../../source/domain/json.ts';
import {createRoom, startEngine, waitOnEngine} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const servers = await needsServers();

const makePicture = async (width: number): Promise<string> => {
	const file = path.join(temporaryDirectory(), 'me.png');
	await sharp({create: {width, height: width, channels: 3, background: 'teal'}})
		.png()
		.toFile(file);
	return file;
};

test('a picture of the account and of a room is set, made small, and taken away', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home} = await startEngine(t, server);
	const {userId, accessToken} = home.account;
	const access = {url: server.url, accessToken};
	const avatar = async () => (await matrixRequest(access, 'GET', `/_matrix/client/v3/profile/${userId}`))['avatar_url'];
	await engine.session.setAvatar({path: await makePicture(64)});
	const uri = asString(await avatar()) ?? '';
	const place = uri.replace('mxc://', '');
	const response = await fetch(`${server.url}/_matrix/client/v1/media/download/${place}`, {
		headers: {authorization: `Bearer ${accessToken}`},
	});
	assert.equal((await sharp(Buffer.from(await response.arrayBuffer())).metadata()).width, 64);
	await engine.session.setAvatar({});
	assert.ok(!(await avatar()));

	const roomId = await createRoom(server, home.account, {name: 'the kitchen'});
	await waitOnEngine(
		engine,
		async () => (await engine.session.rooms({limit: 100})).rooms.find(room => room.roomId === roomId),
		{what: () => 'the room'},
	);
	const state = async () =>
		matrixRequest(access, 'GET', `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/state/m.room.avatar`);
	await engine.session.setAvatar({path: await makePicture(2000), roomId});
	const content = await state();
	assert.match(asString(content['url']) ?? '', /^mxc:\/\//);
	assert.deepEqual([asObject(content['info'])['w'], asObject(content['info'])['mimetype']], [600, 'image/jpeg']);
	await engine.session.setAvatar({roomId});
	assert.equal((await state())['url'], undefined);
});

test('what is no picture is refused with a sentence', servers, async t => {
	const {engine} = await startEngine(t, await sharedSynapse());
	const refusal = async (file: string): Promise<string> => {
		const error: unknown = await engine.session.setAvatar({path: file}).catch((thrown: unknown) => thrown);
		assert.ok(error instanceof ExpectedError, String(error));
		return error.report.message;
	};
	const folder = temporaryDirectory();
	const words = path.join(folder, 'words.txt');
	writeFileSync(words, 'hello');
	assert.equal(await refusal(words), 'A picture is a PNG, JPEG, WebP or GIF file.');
	const large = path.join(folder, 'large.gif');
	writeFileSync(large, Buffer.alloc(2_000_001));
	assert.equal(await refusal(large), 'The picture is larger than 2 MB.');
	assert.match(await refusal(path.join(folder, 'gone.png')), /gone\.png/);
});
