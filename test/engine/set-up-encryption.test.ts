/** Setting up encryption from the running program, against a real Synapse: a new account once, in the background. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {ExpectedError, type ExitReason} from '../../source/domain/errors.ts';
import {connectSession} from '../../source/instance/socket-client.ts';
import {
	createHome,
	createRoom,
	openHome,
	sendText,
	signInElsewhere,
	startHome,
	textsOf,
	waitForMessage,
	waitOnEngine,
} from '../helpers/engine.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';

const servers = await needsServers();

const refusedWith =
	(reason: ExitReason) =>
	(error: unknown): boolean =>
		error instanceof ExpectedError && error.report.reason === reason;

test('asked for before the first sync, over the socket, a new account becomes ready', servers, async t => {
	const server = await sharedSynapse();
	const home = await createHome(server);
	const {password} = home.account;
	const engine = await openHome(home, {isNew: true});
	t.after(() => engine.stop());
	await engine.start();
	const other = await connectSession(home.files);
	t.after(async () => other?.close());
	assert.ok(other);
	const {recoveryKey} = await other.session.setUpEncryption({password});
	assert.match(recoveryKey, /^(?:[1-9A-HJ-NP-Za-km-z]{4} ){11}[1-9A-HJ-NP-Za-km-z]{4}$/);
	assert.equal((await engine.session.status({})).encryption.state, 'ready');
	const told = engine.notices.flatMap(notice => (notice.kind === 'encryption' ? [notice.encryption.state] : []));
	assert.equal(told.at(-1), 'ready');

	await assert.rejects(engine.session.setUpEncryption({password}), refusedWith('encryption'));
	assert.equal((await engine.session.status({})).encryption.state, 'ready');
	await engine.stop();
	const log = readFileSync(home.files.log, 'utf8');
	for (const secret of [recoveryKey, recoveryKey.replaceAll(' ', ''), password]) assert.ok(!log.includes(secret));
});

test('the recovery key opens the backup on a further device, where a set-up is refused', servers, async t => {
	const server = await sharedSynapse();
	const home = await createHome(server);
	const {account} = home;
	const engine = await startHome(t, home, {isNew: true});
	const {recoveryKey} = await engine.session.setUpEncryption({password: account.password});
	const roomId = await createRoom(server, account, {isEncrypted: true});
	await waitOnEngine(
		engine,
		async () => (await engine.session.rooms({limit: 9})).rooms.find(({isEncrypted}) => isEncrypted),
		{what: () => 'the encrypted room'},
	);
	await sendText(engine, roomId, 'from the first device');

	const second = await startHome(t, await createHome(server, {account: await signInElsewhere(server, account)}), {
		isNew: true,
	});
	await waitForMessage(second, roomId, message => message.undecryptableReason !== undefined);
	await assert.rejects(second.session.setUpEncryption({password: account.password}), refusedWith('encryption'));
	await t.waitFor(
		async () => {
			// The backup is uploaded in the background.
			await second.encryption.unlock(recoveryKey);
			assert.deepEqual(await textsOf(second, roomId), ['from the first device']);
		},
		{interval: 200, timeout: 20_000},
	);
	assert.equal((await second.session.status({})).encryption.state, 'ready');
	assert.equal((await engine.encryption.read()).state, 'ready');
});

test('from the screen the state is asked for, a wrong key is refused, and the right one verifies', servers, async t => {
	const server = await sharedSynapse();
	const home = await createHome(server);
	const {account} = home;
	const engine = await startHome(t, home, {isNew: true});
	assert.equal((await engine.session.recovery({})).state, 'new-account');
	const {recoveryKey} = await engine.session.setUpEncryption({password: account.password});
	assert.equal((await engine.session.recovery({})).state, 'ready');

	const other = await createHome(server, {account: await signInElsewhere(server, account)});
	const second = await startHome(t, other, {isNew: true});
	assert.equal((await second.session.recovery({})).state, 'unverified');
	await assert.rejects(second.session.unlock({recoveryKey: recoveryKey.replace(/.$/, '?')}), refusedWith('encryption'));
	assert.equal((await second.session.recovery({})).state, 'unverified');
	await second.session.unlock({recoveryKey});
	assert.equal((await second.session.status({})).encryption.state, 'ready');
	await second.stop();
	const log = readFileSync(other.files.log, 'utf8');
	for (const secret of [recoveryKey, recoveryKey.replaceAll(' ', '')]) assert.ok(!log.includes(secret));
});

test('without a sync loop it is refused, and an engine that stops lets go of whoever waits', servers, async t => {
	const server = await sharedSynapse();
	const lone = await openHome(await createHome(server), {isNew: true, mode: 'one-shot'});
	t.after(() => lone.stop());
	await assert.rejects(lone.session.setUpEncryption({password: ''}), refusedWith('notReady'));
	await assert.rejects(lone.session.unlock({recoveryKey: ''}), refusedWith('notReady'));

	const offline = await openHome(await createHome(server, {url: 'http://127.0.0.1:9'}), {isNew: true});
	await offline.start();
	const waiting = assert.rejects(offline.session.setUpEncryption({password: ''}), {name: 'AbortError'});
	await offline.stop();
	await waiting;
});
