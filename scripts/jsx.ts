/**
 * `node --import ./scripts/jsx.ts`: Node strips the types of TypeScript itself, but does not know JSX. Components are
 * transformed when they are loaded; everything else is left to Node, which keeps what it has compiled in
 * `NODE_COMPILE_CACHE`.
 */

import {readFileSync} from 'node:fs';
import {createRequire, registerHooks} from 'node:module';
import {fileURLToPath} from 'node:url';
import type * as Rolldown from 'rolldown/utils';

const require = createRequire(import.meta.url);
let transformer: typeof Rolldown | undefined;

/** @throws Error that names the file, where its syntax is wrong. */
const transform = (path: string): string => {
	transformer ??= require('rolldown/utils') as typeof Rolldown;
	const {code, map, errors} = transformer.transformSync(path, readFileSync(path, 'utf8'), {
		jsx: {runtime: 'automatic'},
		sourcemap: true,
	});
	const [error] = errors;
	if (error !== undefined) throw new Error(`${path}: ${error.message}`);
	const encodedMap = Buffer.from(JSON.stringify(map)).toString('base64');
	return `${code}\n//# sourceMappingURL=data:application/json;base64,${encodedMap}\n`;
};

registerHooks({
	load: (url, context, nextLoad) =>
		url.endsWith('.tsx')
			? {format: 'module', source: transform(fileURLToPath(url)), shortCircuit: true}
			: nextLoad(url, context),
});
