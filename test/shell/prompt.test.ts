/** Questions in a real terminal: what is shown, what is not, and that the terminal is as before afterwards. */
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import test from 'node:test';
import {spawnMxInTerminal} from '../helpers/program.ts';
import type {Owner} from '../helpers/synapse.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const source = (file: string): string =>
	JSON.stringify(pathToFileURL(path.resolve(import.meta.dirname, '../../source', file)).href);

const home = temporaryDirectory();
let count = 0;

/** Runs `body` with `prompts`; at its end `stty` tells whether the terminal echoes and edits lines again. */
const ask = (owner: Owner, body: string) => {
	count += 1;
	const script = path.join(home, `program-${count}.mjs`);
	writeFileSync(
		script,
		`
		import {execFileSync} from 'node:child_process';
		import {createPrompts} from ${source('shell/prompt.ts')};
		import {listenForInterruption} from ${source('shell/interruption.ts')};
		const {signal, code} = listenForInterruption(process);
		const prompts = createPrompts({input: process.stdin, output: process.stderr, signal});
		const finish = text => {
			const modes = String(execFileSync('stty', ['-a'], {stdio: ['inherit', 'pipe', 'inherit']}));
			const isSane = ['echo', 'icanon', 'isig'].every(mode => modes.split(/[\\s;]+/).includes(mode));
			process.stdout.write('[' + text + '] ' + (isSane ? 'sane' : 'raw') + '\\n', () => process.exit(code() ?? 0));
		};
		try {
			${body}
		} catch (error) {
			finish(error.report?.reason ?? String(error));
		}
		`,
	);
	return spawnMxInTerminal(owner, [], {home, script});
};

const secretly = `finish(await prompts.secret('Password: '));`;

test('a secret leaves no trace on the screen', async t => {
	const program = ask(t, `const secret = await prompts.secret('Password: '); finish(secret.length);`);
	await program.waitFor('Password:');
	program.type('tr0ub4dor&3');
	program.press('\r');
	await program.waitFor('[11] sane');
	assert.doesNotMatch(program.output(), /tr0ub|dor&3/);
	assert.equal(program.lines()[0], 'Password:');
});

test('a pasted secret and the answer typed ahead both arrive', async t => {
	const program = ask(
		t,
		`const one = await prompts.secret('One: '); finish(one + '|' + (await prompts.line('Two: ')));`,
	);
	await program.waitFor('One:');
	program.press('päss wörd\r two \r');
	await program.waitFor('[päss wörd|two] sane');
});

test('keys edit the line: backspace takes a whole character, Ctrl-U everything, arrows nothing', async t => {
	const program = ask(t, `finish(await prompts.line('User: '));`);
	await program.waitFor('User:');
	program.press('wrong\u0015an日本\u007F\u007Fx👩‍👩‍👧');
	program.press('\u007F\u007F\u001B[A\u001BOP\u001B[3~n\u0007a');
	await program.waitFor(lines => lines[0] === 'User: anna');
	program.press('\r');
	await program.waitFor('[anna] sane');
});

test('Ctrl-C interrupts and Ctrl-D is no answer; the terminal is as before', async t => {
	for (const [key, reason] of [
		['\u0003', 'interrupted'],
		['\u0004', 'usage'],
	] as const) {
		const program = ask(t, secretly);
		await program.waitFor('Password:');
		program.press(key);
		await program.waitFor(`[${reason}] sane`);
	}
});

test('a signal in the middle of a question ends it, and the terminal is as before', async t => {
	const program = ask(t, secretly);
	await program.waitFor('Password:');
	program.type('half');
	process.kill(program.pid, 'SIGTERM');
	await program.waitFor('[interrupted] sane');
	assert.equal((await program.ended).code, 143);
});

test('only y and yes are a yes', async t => {
	for (const [answer, expected] of [
		['y', true],
		['YES', true],
		['', false],
		['yesterday', false],
	] as const) {
		const program = ask(t, `finish(await prompts.confirm('Sure?'));`);
		await program.waitFor('Sure? [y/N]');
		program.press(`${answer}\r`);
		await program.waitFor(`[${expected}] sane`);
	}
});

test('what is shown on a screen of its own is gone after Enter, and after a signal', async t => {
	for (const leave of ['enter', 'signal'] as const) {
		const program = ask(
			t,
			`console.log('before'); await prompts.show(['EsTP vKrJ'], 'Press Enter.'); finish('after');`,
		);
		await program.waitFor('EsTP vKrJ');
		assert.ok(!program.lines().includes('before'));
		if (leave === 'enter') program.press('\r');
		else process.kill(program.pid, 'SIGHUP');
		await program.waitFor('sane');
		assert.ok(program.lines().includes('before'));
		assert.ok(!program.lines().join('\n').includes('EsTP'));
	}
});
