/** Damaged files, seen by a person: nothing wrong is shown, nothing is lost without a word, and no device is replaced silently. */
import assert from 'node:assert/strict';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {before, suite, test} from 'node:test';
import {asArray, asObject, asString} from '../../source/domain/json.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {spawnMxInTerminal, type Finished, type TerminalProgram} from '../helpers/program.ts';
import {composerText, enter, joinRoom, openFirstRoom, readBodies, waitUntil} from '../helpers/signed-in.ts';
import {needsServers} from '../helpers/synapse.ts';
import {filesAt, pageCount, spoilPages, spoilArchive} from './damage.ts';
import {createScene, escape, openAndTalk, openRoom, suiteOwner, untilBobHas, type Scene} from './scene.ts';

suite('damaged files', await needsServers(), () => {
	const owner = suiteOwner();
	let scene: Scene;

	before(async () => {
		scene = await createScene(owner, 'Damage');
	});

	const setAside = (name: string): readonly string[] =>
		readdirSync(path.dirname(filesAt(scene.anna.home).accountDatabase)).filter(
			file => file.startsWith(`${name}.bad-`) && !/-(?:wal|shm)$/.test(file),
		);

	const quit = async (screen: TerminalProgram): Promise<void> => {
		await screen.kill('SIGTERM');
	};

	const logIn = async (): Promise<Finished> => {
		const {anna} = scene;
		return anna.run(['login', '--password-stdin', '--recovery-key-stdin'], {
			stdin: `${anna.account.password}\n${anna.recoveryKey}\n`,
		});
	};

	const devices = async (): Promise<readonly string[]> => {
		const {devices: all} = await matrixRequest(scene.anna.access, 'GET', '/_matrix/client/v3/devices', undefined);
		return asArray(all).map(device => asString(asObject(device)['device_id']) ?? '');
	};

	const ownKeys = async (): Promise<unknown> => {
		const {userId, access} = scene.anna;
		const answer = await matrixRequest(access, 'POST', '/_matrix/client/v3/keys/query', {device_keys: {[userId]: []}});
		return asObject(asObject(answer['device_keys'])[userId]);
	};

	/** While there is no engine a text is refused, and stays in the composer; the old archive does not show what is stored. */
	const writeUnseen = async (screen: TerminalProgram, text: string): Promise<void> => {
		screen.type(text);
		await screen.waitFor(`> ${text}`);
		await waitUntil(async () => {
			screen.press(enter);
			assert.equal(composerText(screen.lines()), '');
		});
	};

	test('settings that are cut off are set aside, and the screen says so and opens', async t => {
		const {anna} = scene;
		const {config} = filesAt(anna.home);
		writeFileSync(config, '{"theme": "nor');
		const screen = spawnMxInTerminal(t, [], {home: anna.home, columns: 200, rows: 30});
		await screen.waitFor(/settings are not valid JSON/);
		await openFirstRoom(screen);
		await quit(screen);
		const [aside = ''] = readdirSync(path.dirname(config)).filter(file => file.startsWith('config.json.bad-'));
		assert.equal(readFileSync(path.join(path.dirname(config), aside), 'utf8'), '{"theme": "nor');
	});

	test('an archive with a damaged page is fetched anew: the sign-in stays, and what is written meanwhile goes where it belongs', async t => {
		const {anna, bob, roomId} = scene;
		// It may get the number that this room has had.
		const other = await bob.createRoom({name: 'Other', invite: [anna.userId]});
		await joinRoom(anna, other);
		await quit(await openAndTalk(t, scene));
		await spoilArchive(anna.home, 'receipt');
		const screen = anna.openScreen(t);
		await openRoom(screen, scene);
		await bob.sendText(roomId, 'after the damage');
		await screen.waitFor(/archive (?:is damaged on disk|was damaged)/);
		await writeUnseen(screen, 'typed after the alert');
		await untilBobHas(scene, ['typed after the alert']);
		screen.type('half a thought');
		await screen.waitFor('> half a thought');
		await quit(screen);
		assert.deepEqual(bob.messages(other), []);
		assert.equal(setAside('account.db').length, 1);
		const next = anna.openScreen(t);
		await openRoom(next, scene);
		await next.waitFor('after the damage');
		await next.waitFor(lines => composerText(lines) === 'half a thought');
		assert.ok(!next.output().includes('undecryptable'));
		next.press('\u0015');
		next.type(`well again${enter}`);
		await untilBobHas(scene, ['well again']);
		await quit(next);
	});

	test('an archive whose beginning is damaged takes the sign-in with it: mx says what to do, and a login brings all back', async t => {
		const {anna, roomId} = scene;
		await spoilArchive(anna.home);
		const screen = spawnMxInTerminal(t, [], {home: anna.home, columns: 300, rows: 30});
		assert.equal((await screen.ended).code, 3);
		assert.match(screen.lines().join(''), /archive was damaged.*sign-in is lost.*kept as.*mx login/);
		assert.equal(setAside('account.db').length, 2);
		const {code, stderr} = await logIn();
		assert.equal(code, 0, stderr);
		await waitUntil(async () => assert.ok((await readBodies(anna, roomId)).includes('well again')));
	});

	test('with a damaged crypto store mx makes no new device: it says so, and what is written stays in the composer', async t => {
		const {anna, roomId} = scene;
		const {cryptoDatabase} = filesAt(anna.home);
		const keys = await ownKeys();
		spoilPages(cryptoDatabase, 2, pageCount(cryptoDatabase));
		const screen = anna.openScreen(t);
		await screen.waitFor(/encryption keys on this disk are damaged/);
		await openFirstRoom(screen);
		await screen.waitFor('well again');
		screen.type('stays here');
		await screen.waitFor('> stays here');
		screen.press(enter);
		// While an engine tries to start it takes a message, and keeps it; in between it is refused, and stays written.
		await screen.waitFor(lines => lines.some(line => line.includes('Not sent') || line.includes('⧗')));
		assert.ok(screen.lines().some(line => line.includes('stays here')));
		assert.ok(!screen.lines().some(line => /stays here.*✓/.test(line)));
		screen.press(escape);
		await quit(screen);
		const refused = await anna.run(['send', roomId, 'must not leave']);
		assert.notEqual(refused.code, 0);
		assert.match(refused.stderr, /encryption keys on this disk are damaged[^]*mx login/);
		assert.deepEqual(await ownKeys(), keys);
		assert.deepEqual(setAside('crypto.db'), []);
	});

	test('a login after that makes a new device, and the recovery key brings the messages back', async t => {
		const {anna, roomId} = scene;
		const before = await devices();
		const {code, stderr} = await logIn();
		assert.equal(code, 0, stderr);
		assert.match(stderr, /keys of this device could not be read.*new one/);
		assert.equal(setAside('crypto.db').length, 1);
		const after = await devices();
		assert.equal(after.length, before.length);
		assert.notDeepEqual(after.toSorted(), before.toSorted());
		await waitUntil(async () => assert.ok((await readBodies(anna, roomId)).includes('well again')));
		const screen = await openAndTalk(t, scene);
		await quit(screen);
	});
});
