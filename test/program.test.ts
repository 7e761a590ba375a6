/** Running programs for tests: through pipes and in a terminal. */

import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {runMx, spawnMxInTerminal} from './helpers/program.ts';
import {temporaryDirectory} from './helpers/temporary-directory.ts';

const scriptOf = (source: string) => {
	const home = temporaryDirectory();
	const script = path.join(home, 'program.mjs');
	writeFileSync(script, source);
	return {home, script};
};

test('a program gets its input, arguments and home, and its output and exit code come back', async () => {
	const options = scriptOf(`
		process.stdin.setEncoding('utf8').on('data', text => process.stdout.write(text.toUpperCase()));
		process.stdin.on('end', () => process.exit(7));
		console.error(process.argv[2], process.env.MX_HOME, process.env.CI, process.env.EXTRA);
	`);
	const {code, stdout, stderr} = await runMx(['one'], {...options, stdin: 'grüße', env: {EXTRA: 'x'}});
	assert.deepEqual({code, stdout, stderr}, {code: 7, stdout: 'GRÜSSE', stderr: `one ${options.home} undefined x\n`});
});

test('a program that takes too long is killed and what it wrote is told', async () => {
	const options = scriptOf(`console.log('busy'); setInterval(() => {}, 1000);`);
	await assert.rejects(runMx([], {...options, timeout: 500}), /took more than 500 ms.\nbusy/);
});

test('a program that a signal ends has the exit code of a shell', async () => {
	const options = scriptOf(`process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`);
	assert.equal((await runMx([], options)).code, 143);
});

test('keys reach a program in a terminal, and its screen is read', async t => {
	const options = scriptOf(`
		process.stdin.setRawMode(true);
		process.stdin.setEncoding('utf8').on('data', text => {
			if (text === '\\x04') process.exit(3);
			process.stdout.write('[' + text.replaceAll('\\x1b', 'ESC') + ']');
		});
		const size = () => process.stdout.write('\\x1b[2J\\x1b[H' + process.stdout.columns + 'x' + process.stdout.rows + ' ');
		process.stdout.on('resize', size);
		process.stdout.write('\\x1b]2;a title\\x07');
		size();
	`);
	const program = spawnMxInTerminal(t, [], {...options, columns: 60, rows: 20});
	await program.waitFor('60x20');
	assert.equal(program.lines().length, 20);
	assert.equal(program.title(), 'a title');
	program.type('ü');
	await program.waitFor(/\[ü\]/);
	program.press('\u001B[A');
	await program.waitFor(lines => lines[0] === '60x20 [ü][ESC[A]');
	assert.deepEqual(program.cursor(), {row: 0, column: 16});
	program.resize(40, 10);
	await program.waitFor(lines => lines[0] === '40x10' && lines.length === 10);
	await assert.rejects(program.waitFor('nowhere', 1), /never showed nowhere: waited 1 ms.\n┌\n│40x10│/);
	assert.equal(program.bytesWritten(), Buffer.byteLength(program.output()));
	const waitingInVain = assert.rejects(program.waitFor('nowhere'), /the program has ended with code 3/);
	program.press('\u0004');
	assert.deepEqual(await program.ended, {code: 3, signal: undefined});
	await waitingInVain;
});

test('a terminal answers the questions of a program', async t => {
	const options = scriptOf(`
		process.stdin.setRawMode(true);
		process.stdin.once('data', reply => console.log('reply', JSON.stringify(String(reply))));
		process.stdout.write('\\x1b[c');
		setInterval(() => {}, 1000);
	`);
	const program = spawnMxInTerminal(t, [], options);
	await program.waitFor(/reply "\\u001b\[\?.*c"/);
	assert.deepEqual(await program.kill('SIGTERM'), {code: 0, signal: 15});
});
