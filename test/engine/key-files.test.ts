/** Room keys go into a file and out of it on another device, against a real server: what could not be read there is read then. */
import assert from 'node:assert/strict';
import {readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {initAsync, OlmMachine} from '@matrix-org/matrix-sdk-crypto-wasm';
import {
	createHome,
	createRoom,
	sendText,
	signInElsewhere,
	startEngine,
	startHome,
	waitForMessage,
	waitOnEngine,
} from '../helpers/engine.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {refusal} from './room-requests.ts';

const servers = await needsServers();

test('a file of one device makes another one read what was said before it', servers, async t => {
	const server = await sharedSynapse();
	const {engine, home} = await startEngine(t, server);
	const {account} = home;
	const file = path.join(temporaryDirectory(), 'keys.txt');
	const passphrase = 'correct horse 9';
	assert.equal(
		await refusal(engine.session.exportKeys({file, passphrase, isReplacing: false})),
		'This device has no room keys yet.',
	);
	const roomId = await createRoom(server, account, {isEncrypted: true});
	await waitOnEngine(
		engine,
		async () => (await engine.session.rooms({limit: 9})).rooms.find(({isEncrypted}) => isEncrypted),
		{what: () => 'the encrypted room'},
	);
	await sendText(engine, roomId, 'from the first device');

	writeFileSync(file, 'something else');
	const kept = {isDone: false, count: 0};
	assert.deepEqual(await engine.session.exportKeys({file, passphrase, isReplacing: false}), kept);
	assert.equal(readFileSync(file, 'utf8'), 'something else');
	assert.deepEqual(await engine.session.exportKeys({file, passphrase, isReplacing: true}), {isDone: true, count: 1});
	assert.equal(statSync(file).mode & 0o777, 0o600);
	const fresh = `${file}.2`;
	assert.deepEqual(await engine.session.exportKeys({file: fresh, passphrase, isReplacing: false}), {
		isDone: true,
		count: 1,
	});
	assert.equal(statSync(fresh).mode & 0o777, 0o600);

	const other = await createHome(server, {account: await signInElsewhere(server, account)});
	const second = await startHome(t, other, {isNew: true});
	await waitForMessage(second, roomId, message => message.undecryptableReason !== undefined);
	assert.equal(
		await refusal(second.session.importKeys({file, passphrase: 'guess'})),
		'The passphrase is wrong, or the file is damaged.',
	);
	assert.equal(
		await refusal(second.session.importKeys({file: `${file}.3`, passphrase})),
		`There is no file ${file}.3.`,
	);
	assert.deepEqual(await second.session.importKeys({file, passphrase}), {count: 1});
	await waitForMessage(second, roomId, 'from the first device');

	// What other clients write and read is the same.
	await initAsync();
	const json = OlmMachine.decryptExportedRoomKeys(readFileSync(file, 'latin1'), passphrase);
	assert.match(json, /"algorithm":"m\.megolm\.v1\.aes-sha2"/);
	writeFileSync(file, OlmMachine.encryptExportedRoomKeys(json, 'théâtre', 1000));
	assert.deepEqual(await second.session.importKeys({file, passphrase: 'théâtre'}), {count: 1});

	await engine.stop();
	await second.stop();
	for (const {files} of [home, other]) assert.ok(!readFileSync(files.log, 'utf8').includes(passphrase));
});
