/** How long a newcomer waits: from `npm run demo` to the painted room list, and how much of that is mx on an account it never saw. */
import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {spawn as spawnInTerminal} from '@lydell/node-pty';
import {spawnMxInTerminal} from '../test/helpers/program.ts';
import {matrixRequest} from '../test/helpers/matrix-request.ts';
import {atExit} from './account.ts';
import {median} from './figures.ts';
import {createFreshHome} from './fresh-home.ts';
import type {Figures} from './run.ts';

const repetitions = 9;
const root = join(import.meta.dirname, '..');
const node = join(root, 'node_modules/.bin/node');
/** A person of the demo, in the room list. */
const somebody = 'Anna Kowalska';

/** @returns milliseconds until the room list of `npm run demo` is painted. */
const startDemo = async (): Promise<number> =>
	new Promise((resolve, reject) => {
		const started = performance.now();
		const program = spawnInTerminal('npm', ['run', 'demo'], {
			cols: 120,
			rows: 40,
			cwd: root,
			env: {...process.env, TERM: 'xterm-256color'},
		});
		let output = '';
		let time: number | undefined;
		program.onData(data => {
			output += data;
			if (time !== undefined || !output.includes(somebody)) return;
			time = performance.now() - started;
			program.write('\u0003\u0003');
		});
		program.onExit(() => (time === undefined ? reject(new Error(`No list was painted:\n${output}`)) : resolve(time)));
	});

/** Serves the demo in a process of its own. @returns its URL */
const serveDemo = async (): Promise<string> => {
	const server = spawn(node, [join(root, 'dist/cli.js'), 'demo', '--serve'], {stdio: ['ignore', 'ignore', 'pipe']});
	process.once('exit', () => server.kill());
	let said = '';
	return new Promise((resolve, reject) => {
		server.stderr.setEncoding('utf8').on('data', (text: string) => {
			said += text;
			const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
			if (url !== undefined) resolve(url);
		});
		server.once('exit', () => reject(new Error(`The demo does not serve: ${said}`)));
	});
};

/** @returns milliseconds until mx has painted the room list of an account that it never synced. */
const startFresh = async (url: string): Promise<number> => {
	const login = await matrixRequest({url}, 'POST', '/_matrix/client/v3/login', {
		type: 'm.login.password',
		identifier: {type: 'm.id.user', user: 'you'},
		password: 'only-for-trying',
	});
	const [userId, deviceId, accessToken] = [login['user_id'], login['device_id'], login['access_token']].map(String);
	const {home, remove} = await createFreshHome({
		homeserver: url,
		userId: userId ?? '',
		deviceId: deviceId ?? '',
		accessToken: accessToken ?? '',
	});
	const started = performance.now();
	const program = spawnMxInTerminal(atExit, [], {home, columns: 120, rows: 40});
	await program.waitFor(somebody);
	const time = performance.now() - started;
	await program.kill('SIGTERM');
	remove();
	return time;
};

/** `demo_list_ms`, and `mx_list_ms` of it. */
export const benchDemo = async (): Promise<Figures> => {
	const url = await serveDemo();
	const demo: number[] = [];
	const fresh: number[] = [];
	for (let index = 0; index < repetitions; index++) {
		demo.push(await startDemo());
		fresh.push(await startFresh(url));
	}
	return {
		demo_list_ms: median(demo),
		mx_list_ms: median(fresh),
		demo_list_ms_max: Math.max(...demo),
		mx_list_ms_max: Math.max(...fresh),
	};
};
