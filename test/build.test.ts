/** The bundle: what it promises about start-up, and that it refuses what would break these promises. */

import assert from 'node:assert/strict';
import {mkdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {bundle} from '../scripts/build/bundle.ts';
import {runMx} from './helpers/program.ts';
import {temporaryDirectory} from './helpers/temporary-directory.ts';

/** A project of these files; without a package of its own it uses the real ones. */
const project = (files: Readonly<Record<string, string>>): string => {
	const root = temporaryDirectory();
	const description = JSON.stringify({type: 'module', engines: {node: '>=22.13'}});
	for (const [name, text] of Object.entries({'package.json': description, ...files})) {
		mkdirSync(path.dirname(path.join(root, name)), {recursive: true});
		writeFileSync(path.join(root, name), text);
	}

	if (!Object.keys(files).some(name => name.startsWith('node_modules/'))) {
		symlinkSync(path.resolve(import.meta.dirname, '../node_modules'), path.join(root, 'node_modules'));
	}

	return root;
};

const build = (root: string) => bundle(root, {main: 'cli.tsx'});

const drawingScreen = `
	import {Text, render} from 'ink';
	export const draw = () => render(<Text>drawn by {'Ink'}</Text>).unmount();
`;

test('the launcher is executable, runs the bundle with its arguments, and keeps its cache private', async () => {
	const root = project({
		'cli.tsx': `
			import {name} from './theme.json' with {type: 'json'};
			console.log(name, ...process.argv.slice(2));
			process.exitCode = 5;
		`,
		'theme.json': '{"name": "dark"}',
	});
	await build(root);
	const script = path.join(root, 'dist', 'cli.js');
	assert.equal(statSync(script).mode & 0o777, 0o755);
	const home = path.join(root, 'home');
	mkdirSync(home);
	assert.deepEqual(await runMx(['a', 'b'], {home, script}), {code: 5, stdout: 'dark a b\n', stderr: ''});
	assert.equal(statSync(path.join(home, 'cache', 'compile')).mode & 0o777, 0o700);
});

test('on an older Node it says which version it needs and exits 2', async () => {
	const root = project({
		'cli.tsx': 'console.log("started");',
		'older.cjs': `Object.defineProperty(process, 'versions', {value: {...process.versions, node: process.env.PRETENDED}});`,
	});
	await build(root);
	const script = path.join(root, 'dist', 'cli.js');
	const runOn = (version: string) =>
		runMx([], {
			home: root,
			script,
			env: {PRETENDED: version, NODE_OPTIONS: `--require ${path.join(root, 'older.cjs')}`},
		});
	for (const version of ['18.20.4', '22.12.0']) {
		const {code, stdout, stderr} = await runOn(version);
		assert.equal(code, 2);
		assert.equal(stdout, '');
		assert.match(stderr, new RegExp(`^mx needs Node\\.js 22\\.13 or newer; this is Node\\.js ${version}\\.\n`));
	}

	for (const version of ['22.13.0', '23.0.0']) {
		assert.deepEqual(await runOn(version), {code: 0, stdout: 'started\n', stderr: ''});
	}
});

test('what is imported later is a file of its own, and Ink draws from the bundle', async () => {
	const root = project({
		'cli.tsx': `
			if (process.argv[2] === 'screen') {
				const {draw} = await import('./source/ui/screen.tsx');
				draw();
			} else {
				console.log('no screen');
			}
		`,
		'source/ui/screen.tsx': drawingScreen,
	});
	const files = await build(root);
	const sizeOf = (part: string) => files.find(file => file.name.startsWith(part))?.size ?? Number.NaN;
	assert.ok(sizeOf('main.js') < 2000);
	assert.ok(sizeOf('screen-') > 100_000);
	const script = path.join(root, 'dist', 'cli.js');
	assert.equal((await runMx(['screen'], {home: root, script})).stdout, 'drawn by Ink\n');
});

test('a worker and a process are found from the sources and from the bundle', async () => {
	const root = project({
		'cli.tsx': `import {start} from './source/engine/start.ts'; start();`,
		'source/engine/start.ts': `
			import {spawnSync} from 'node:child_process';
			import {fileURLToPath} from 'node:url';
			import {Worker} from 'node:worker_threads';
			export const start = () => {
				new Worker(new URL('./worker.ts', import.meta.url)).on('message', text => console.log(text));
				const child = fileURLToPath(new URL('../store/child-process.ts', import.meta.url));
				console.log(spawnSync(process.execPath, [child], {encoding: 'utf8'}).stdout);
			};
		`,
		'source/engine/worker.ts': `import {parentPort} from 'node:worker_threads'; parentPort!.postMessage('from the worker');`,
		'source/store/child-process.ts': `console.log('from the process');`,
	});
	const programs = {
		main: 'cli.tsx',
		worker: 'source/engine/worker.ts',
		'child-process': 'source/store/child-process.ts',
	};
	await bundle(root, programs);
	const expected = {code: 0, stdout: 'from the process\n\nfrom the worker\n', stderr: ''};
	assert.deepEqual(await runMx([], {home: root, script: path.join(root, 'dist', 'cli.js')}), expected);
	writeFileSync(path.join(root, 'run.ts'), `import {start} from './source/engine/start.ts'; start();`);
	assert.deepEqual(await runMx([], {home: root, script: path.join(root, 'run.ts')}), expected);
	await assert.rejects(build(root), /refers to \.\/worker\.ts, which is not among the programs/);
});

test('a start that would load a heavy package at once is refused, and the old bundle stays', async () => {
	const root = project({'cli.tsx': 'console.log(1);', 'source/ui/screen.tsx': drawingScreen});
	await build(root);
	writeFileSync(path.join(root, 'cli.tsx'), `import {draw} from './source/ui/screen.tsx'; draw();`);
	await assert.rejects(build(root), /main\.js imports ink statically/);
	assert.equal((await runMx([], {home: root, script: path.join(root, 'dist', 'cli.js')})).stdout, '1\n');
});

test('a screen that would load the SDK before its first paint is refused', async () => {
	const root = project({
		'cli.tsx': `const {draw} = await import('./source/ui/screen.tsx'); draw();`,
		'source/ui/screen.tsx': `import {createClient} from 'matrix-js-sdk'; console.log(createClient);${drawingScreen}`,
	});
	await assert.rejects(build(root), /needs both Ink and matrix-js-sdk/);
});

test('a package whose text a patch no longer fits is refused', async () => {
	const cli = {'cli.tsx': `const {draw} = await import('ink'); draw();`};
	const ink = {'node_modules/ink/package.json': '{"type": "module", "exports": "./build/output.js"}'};
	const changed = project({...cli, ...ink, 'node_modules/ink/build/output.js': 'export const draw = () => {};'});
	await assert.rejects(build(changed), /ink\/build\/output\.js was to be patched, but does not contain exactly once/);
	const moved = project({
		...cli,
		'node_modules/ink/package.json': '{"type": "module", "exports": "./build/other.js"}',
		'node_modules/ink/build/other.js': 'export const draw = () => console.log(1);',
	});
	await assert.rejects(build(moved), /ink is bundled, but has no build\/output\.js/);
});

test('an import that does not exist, and a question for the place of a file, are refused', async () => {
	await assert.rejects(build(project({'cli.tsx': `import {a} from 'no-such-package'; a();`})), /no-such-package/);
	await assert.rejects(build(project({'cli.tsx': 'console.log(import.meta.dirname);'})), /cli\.tsx asks import\.meta/);
});
