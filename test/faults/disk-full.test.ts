/** A disk that is full or read-only: mx says so, keeps what is written, shows what is stored, and goes on by itself later. */
import assert from 'node:assert/strict';
import {existsSync, readdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {before, suite, test} from 'node:test';
import type {TerminalProgram} from '../helpers/program.ts';
import {composerText, enter, openFirstRoom, readBodies, statusText} from '../helpers/signed-in.ts';
import {needsServers} from '../helpers/synapse.ts';
import {createScene, escape, interrupt, openAndTalk, retry, suiteOwner, untilBobHas, type Scene} from './scene.ts';
import {createSmallDisk, needsSmallDisk, type SmallDisk} from './small-disk.ts';

const isRefused = (lines: readonly string[]): boolean => statusText(lines).includes('Not sent');

const hasBanner =
	(trouble: string) =>
	(lines: readonly string[]): boolean =>
		statusText(lines).includes(`nothing can be saved or sent: ${trouble}`);

const isFull = hasBanner('the disk is full');
const isReadOnly = hasBanner('the disk is read-only');

/** Writes a text until one is refused: a log that is written anew takes some more. @returns the texts, the refused one last */
const writeUntilRefused = async (screen: TerminalProgram): Promise<readonly string[]> => {
	const texts: string[] = [];
	for (;;) {
		const text = `full ${texts.length}. ${'x'.repeat(200)}`;
		texts.push(text);
		screen.press(text);
		await screen.waitFor(lines => composerText(lines) !== '');
		screen.press(enter);
		await screen.waitFor(lines => composerText(lines) === '' || isRefused(lines));
		if (isRefused(screen.lines())) return texts;
	}
};

/** Presses Enter on what stands there, sees it refused, and takes the sentence away. */
const seeRefusal = async (
	screen: TerminalProgram,
	hasTheBanner: (lines: readonly string[]) => boolean,
): Promise<void> => {
	screen.press(enter);
	await screen.waitFor(isRefused);
	assert.notEqual(composerText(screen.lines()), '');
	screen.press(escape);
	await screen.waitFor(lines => hasTheBanner(lines) && !isRefused(lines));
};

const isWell = (lines: readonly string[]): boolean =>
	!/nothing can be saved|Not sent|connecting|Trying/.test(statusText(lines));

/** The disk is well again: mx notices when it is asked to, and at the latest in some seconds. */
const goOn = async (screen: TerminalProgram): Promise<void> => {
	screen.press(retry);
	await screen.waitFor(isWell);
	screen.press(enter);
	await screen.waitFor(lines => composerText(lines) === '');
};

suite('a disk that takes nothing', needsSmallDisk(await needsServers()), () => {
	const owner = suiteOwner();
	let disk: SmallDisk;
	let scene: Scene;

	before(async () => {
		disk = createSmallDisk(owner);
		scene = await createScene(owner, 'Full', disk.path);
	});

	test('when it is full a message is refused and stays written, and with space again mx goes on by itself', async t => {
		const {bob, roomId} = scene;
		const screen = await openAndTalk(t, scene);
		disk.fill();
		const texts = await writeUntilRefused(screen);
		assert.notEqual(composerText(screen.lines()), '');
		screen.press(escape);
		await screen.waitFor(isFull);
		await bob.sendText(roomId, 'said meanwhile');
		await seeRefusal(screen, isFull);
		disk.free();
		await goOn(screen);
		await screen.waitFor('said meanwhile');
		await untilBobHas(scene, texts);
		screen.press(interrupt + interrupt);
		assert.deepEqual(await screen.ended, {code: 0, signal: undefined});
	});

	test('when mx starts with a full one it shows what is stored, and connects when there is space', async t => {
		const {anna} = scene;
		disk.fill();
		const screen = anna.openScreen(t);
		await screen.waitFor(isFull);
		await openFirstRoom(screen);
		await screen.waitFor('said meanwhile');
		screen.type('not yet');
		await screen.waitFor(lines => composerText(lines) === 'not yet');
		await seeRefusal(screen, isFull);
		disk.free();
		await goOn(screen);
		await untilBobHas(scene, ['not yet']);
		await screen.kill('SIGTERM');
	});

	test('when it is full mx send says so and sends nothing', async () => {
		const {anna, bob, roomId} = scene;
		disk.fill();
		const refused = await anna.run(['send', roomId, 'must not leave']);
		disk.free();
		assert.equal(refused.code, 1);
		assert.match(refused.stderr, /too little free space[^]*Free some space/);
		assert.equal((await anna.run(['send', roomId, 'fits again'])).code, 0);
		await untilBobHas(scene, ['fits again']);
		assert.ok(!bob.messages(roomId).includes('must not leave'));
	});

	test('when the home is read-only everything stored can be read, and mx says why nothing can be sent', async t => {
		const {anna, roomId} = scene;
		disk.setReadOnly(true);
		assert.ok((await readBodies(anna, roomId)).includes('said meanwhile'));
		const screen = anna.openScreen(t);
		await screen.waitFor(isReadOnly);
		await openFirstRoom(screen);
		await screen.waitFor('said meanwhile');
		screen.type('kept in the composer');
		await seeRefusal(screen, isReadOnly);
		const refused = await anna.run(['send', roomId, 'must not leave either']);
		assert.equal(refused.code, 1);
		assert.match(refused.stderr, /read-only/);
		disk.setReadOnly(false);
		await goOn(screen);
		await untilBobHas(scene, ['kept in the composer']);
		await screen.waitFor(lines => lines.some(line => /kept in the composer.*✓/.test(line)));
		screen.press(interrupt + interrupt);
		assert.deepEqual(await screen.ended, {code: 0, signal: undefined});
		assert.deepEqual(
			readdirSync(tmpdir()).filter(name => name.startsWith('mx-read-')),
			[],
		);
		assert.ok(existsSync(disk.path));
	});
});
