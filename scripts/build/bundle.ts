/** Bundles mx for Node: what every start needs, lazy chunks for the rest, and the programs beside the main thread. */

import {chmod, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {rolldown, type OutputChunk, type RolldownOutput} from 'rolldown';
import {asObject, asString, parseJson} from '../../source/domain/json.ts';
import {checkChunks} from './check-chunks.ts';
import {createLauncher} from './launcher.ts';
import {createPatchPlugin} from './patches.ts';
import {createProgramsPlugin, type Programs} from './programs.ts';

/** Packages with native code or WebAssembly of their own stay in node_modules. */
const external = /^(?:better-sqlite3-multiple-ciphers|keytar|sharp|@matrix-org\/matrix-sdk-crypto-wasm)(?:\/|$)/;

/**
 * Every file that a start has to find and read costs about a millisecond, so the small modules that verbs and screen share
 * are one file. What a group imports statically comes along: heavy parts are imported dynamically there (check-chunks.ts).
 */
const groups = [
	{
		name: 'base',
		test: /[/\\]source[/\\](?:domain|commands)[/\\]|[/\\]instance[/\\](?!socket-server)|[/\\]shell[/\\](?:run-verb|verb-context|open-session|claim-account|account-access|archive-session|interruption|load-engine|output|prompt|stdin-text|store-holder|talk)\.ts$|[/\\]text[/\\](?:safe-text|graphemes|clean-grapheme)\.ts$/,
	},
	// Parsing HTML and Markdown share a table of entities; the first paint needs only the former.
	{
		name: 'html',
		test: /[/\\]node_modules[/\\](?:htmlparser2|entities|domhandler|domutils|domelementtype|dom-serializer)[/\\]/,
		priority: 1,
	},
	{name: 'markdown', test: /[/\\](?:markdown-it|linkify-it|mdurl|uc\.micro)[/\\]|[/\\]text[/\\]markdown\.ts$/},
];

const generate = async (root: string, programs: Programs): Promise<RolldownOutput['output']> => {
	await using build = await rolldown({
		cwd: root,
		input: Object.fromEntries(Object.entries(programs).map(([name, file]) => [name, path.join(root, file)])),
		platform: 'node',
		tsconfig: false,
		external,
		plugins: [createProgramsPlugin(root, programs), createPatchPlugin()],
		transform: {
			target: 'node22',
			jsx: {runtime: 'automatic', development: false},
			define: {'process.env.NODE_ENV': '"production"'},
		},
		onLog(level, log) {
			if (level === 'warn') {
				throw new Error(`The bundler warns: ${log.message}`);
			}
		},
	});
	const {output} = await build.generate({
		format: 'esm',
		dir: path.join(root, 'dist'),
		entryFileNames: '[name].js',
		chunkFileNames: '[name]-[hash].js',
		minify: true,
		codeSplitting: {groups},
		// Packages ship with their licences in node_modules; comments would only be parsed at each start.
		comments: false,
	});
	return output;
};

const lowestNode = async (root: string): Promise<string> => {
	const description = asObject(parseJson(await readFile(path.join(root, 'package.json'), 'utf8')));
	const range = asString(asObject(description['engines'])['node']) ?? '';
	return range.replace(/^>=/, '');
};

/** A file of `dist/` and its size in bytes. */
export type BuiltFile = {readonly name: string; readonly size: number};

/**
 * Builds the programs of the folder `root` to its `dist/`, and `dist/cli.js` that starts the one called `main`. An old
 * `dist/` is replaced only when all went well.
 *
 * @throws Error on any warning of the bundler, on a patch that no longer fits, and on a broken promise of check-chunks.ts.
 */
export const bundle = async (root: string, programs: Programs): Promise<readonly BuiltFile[]> => {
	const output = await generate(root, programs);
	const chunks = output.filter((file): file is OutputChunk => file.type === 'chunk');
	const asset = output.find(file => file.type === 'asset');
	if (asset !== undefined) {
		throw new Error(`The bundle has a file that nothing reads: ${asset.fileName}`);
	}

	checkChunks(chunks);
	const files = new Map(chunks.map(chunk => [chunk.fileName, chunk.code]));
	files.set('cli.js', createLauncher(await lowestNode(root)));
	const directory = path.join(root, 'dist');
	await rm(directory, {recursive: true, force: true});
	await mkdir(directory);
	await Promise.all([...files].map(([name, code]) => writeFile(path.join(directory, name), code)));
	await chmod(path.join(directory, 'cli.js'), 0o755);
	return [...files].map(([name, code]) => ({name, size: Buffer.byteLength(code)}));
};
