/** What `mx demo` says about a script or a number of rooms that it cannot use. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import {createServer, type AddressInfo} from 'node:net';
import path from 'node:path';
import {suite, test} from 'node:test';
import {runMx} from '../../helpers/program.ts';
import {createMxHome} from '../../helpers/signed-in.ts';

const refused = async (args: readonly string[], lines: RegExp, expected = 2): Promise<void> => {
	const {code, stderr} = await runMx(['demo', '--serve', ...args], {home: createMxHome()});
	assert.match(stderr, lines);
	assert.equal(code, expected);
};

const fileWith = (text: string): string => {
	const file = path.join(createMxHome(), 'script.json');
	writeFileSync(file, text);
	return file;
};

suite('mx demo refuses', () => {
	test('a script that is not there', () =>
		refused(['--script', '/nowhere/script.json'], /The script \/nowhere\/script\.json cannot be read \(ENOENT\)/));

	test('a script that is no JSON', () => refused(['--script', fileWith('[{]')], /The script is no JSON\./));

	test('a script with a wrong step', () =>
		refused(
			['--script', fileWith('[{"wait": 1}, {"sing": true}]')],
			/Step 2 does nothing that is known\.\n.*say, notice/,
		));

	test('fewer rooms than its people have', () =>
		refused(['--rooms', '12'], /The people of the demo have \d+ rooms, more than 12\.\n.*--rooms \d+ or more/));

	test('a time that is none', () => refused(['--clock', 'noon'], /"noon" is no time\./));

	test('a port that is none, and one that is taken', async t => {
		await refused(['--port', '99999'], /99999 is no port\.\n.*1 to 65535/);
		const server = createServer().listen(0, '127.0.0.1');
		t.after(() => server.close());
		await once(server, 'listening');
		const {port} = server.address() as AddressInfo;
		await refused(['--port', String(port)], new RegExp(`Port ${port} is taken\\.`), 1);
	});
});
