/** The screen's way to the engine: its own worker, or the process that owns the account; when one ends, the next. */
import assert from 'node:assert/strict';
import path from 'node:path';
import {test, type TestContext} from 'node:test';
import {accountFiles, resolveDirectories} from '../../source/domain/directories.ts';
import {createEngineLink, type EngineLink} from '../../source/engine/engine-link.ts';
import {connectSession} from '../../source/instance/socket-client.ts';
import {
	createHome,
	createRoom,
	openHome,
	sendText,
	waitForTexts,
	waitOnEngine,
	type EngineHome,
} from '../helpers/engine.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {startEngineProcess} from './engine-process.ts';

const servers = await needsServers();

const openLink = (t: TestContext, home: EngineHome): EngineLink => {
	const {files, record} = home;
	const masterKey = new Uint8Array(Buffer.from(home.masterKey, 'base64'));
	const link = createEngineLink({files, record, masterKey, version: 'test', deviceName: 'test'});
	t.after(() => link.stop());
	link.start();
	return link;
};

test('a link starts a worker, a second one goes through it, and takes over when it ends', servers, async t => {
	const server = await sharedSynapse();
	const home = await createHome(server);
	const roomId = await createRoom(server, home.account, {name: 'Notes'});
	const first = await openHome(home, {isNew: true});
	await first.stop();

	const owner = openLink(t, home);
	const {deviceKeys} = await owner.session.status({});
	await waitOnEngine(owner, async () => (await owner.session.rooms({limit: 9})).rooms[0], {what: () => 'the room'});
	const guest = openLink(t, home);
	await sendText(guest, 'Notes', 'through the owner');
	await waitForTexts(owner, roomId, ['through the owner']);
	await owner.stop();
	assert.deepEqual((await guest.session.status({})).deviceKeys, deviceKeys);
	await sendText(guest, roomId, 'by myself');
	await waitForTexts(guest, roomId, ['through the owner', 'by myself']);
	await guest.stop();
	assert.equal(await connectSession(home.files), undefined);
});

test('when the owner is killed, a link starts an engine of its own and tells of it', servers, async t => {
	const home = await createHome(await sharedSynapse());
	const owner = startEngineProcess(t, home, {isNew: true});
	await owner.caughtUp;
	const link = openLink(t, home);
	const before = await link.session.status({});
	const told: string[] = [];
	link.subscribe(notice => void told.push(notice.kind === 'changed' && notice.rids === 'all' ? 'all' : notice.kind));
	await owner.kill();
	await waitOnEngine(link, async () => (told.includes('all') ? true : undefined), {what: () => 'the new engine'});
	assert.deepEqual((await link.session.status({})).deviceKeys, before.deviceKeys);
	assert.ok(told.includes('net'));
});

for (const [illness, sentence] of [
	['freezes', /no longer answered/],
	['throws', /ended unexpectedly/],
	['runs out of memory', /ran out of memory/],
	['exits', /ended unexpectedly/],
	['finds its sync loop dead', /stopped by itself/],
	['meets an error of its own', /met an error of its own/],
] as const) {
	test(`an engine that ${illness} is started again, with a banner, and what was asked is answered`, async t => {
		const directory = temporaryDirectory(t);
		const directories = resolveDirectories({MX_HOME: directory}, {home: '/nowhere', platform: process.platform});
		const files = {...accountFiles(directories), log: path.join(directory, 'starts')};
		const record = {
			version: 1,
			userId: '@me:example.org',
			deviceId: 'A',
			homeserver: 'http://127.0.0.1:1',
			cipher: 'aegis',
			secrets: {backend: 'file', check: 'unused'},
		} as const;
		const script = new URL('programs/ill-worker.ts', import.meta.url);
		const link = createEngineLink(
			{files, record, masterKey: new Uint8Array(32), version: illness, deviceName: 'test'},
			{script, memory: 64, ...(illness === 'freezes' ? {patience: 600} : {})},
		);
		t.after(() => link.stop());
		const told: string[] = [];
		link.subscribe(notice => void (notice.kind === 'alert' && told.push(notice.message)));
		link.start();
		assert.equal((await link.session.rooms({limit: 1})).lastSync, 7);
		assert.equal(told.length, 1);
		assert.match(told[0] ?? '', sentence);
		assert.match(told[0] ?? '', /started again/);
	});
}
