/** What the bundle promises about start-up: which heavy packages a program loads before anything is asked of it. */

import type {OutputChunk} from 'rolldown';

const screen = ['ink', 'react', 'react-reconciler', 'yoga-layout'];
const sdk = ['matrix-js-sdk', '@matrix-org/matrix-sdk-crypto-wasm'];

/** Packages that `mx` must not load at once, whatever its arguments are: verbs of the shell start without them. */
const lazy = [...screen, ...sdk, 'better-sqlite3-multiple-ciphers', 'keytar'];

const packageOf = (id: string): string | undefined =>
	/.*[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(id)?.[1];

/** Which packages the chunk brings along when it is imported, itself and all that it imports statically. */
const packagesOf = (chunk: OutputChunk, chunks: ReadonlyMap<string, OutputChunk>): ReadonlySet<string> => {
	const packages = new Set<string>();
	const visited = new Set<string>();
	const visit = (fileName: string) => {
		const each = chunks.get(fileName);
		if (each === undefined) {
			packages.add(fileName);
		} else if (!visited.has(fileName)) {
			visited.add(fileName);
			each.moduleIds.map(packageOf).forEach(name => name !== undefined && packages.add(name));
			each.imports.forEach(visit);
		}
	};
	visit(chunk.fileName);
	return packages;
};

/**
 * @throws Error when `main.js` statically imports a heavy package, or when a part that draws the screen brings the SDK along.
 */
export const checkChunks = (output: readonly OutputChunk[]): void => {
	const chunks = new Map(output.map(chunk => [chunk.fileName, chunk]));
	for (const chunk of output) {
		const packages = packagesOf(chunk, chunks);
		const tooEarly = chunk.fileName === 'main.js' ? lazy.find(name => packages.has(name)) : undefined;
		if (tooEarly !== undefined) {
			throw new Error(`main.js imports ${tooEarly} statically: every start of mx would wait for it.`);
		}

		if (packages.has('ink') && sdk.some(name => packages.has(name))) {
			throw new Error(`${chunk.fileName} needs both Ink and matrix-js-sdk: the first paint would wait for the SDK.`);
		}
	}
};
