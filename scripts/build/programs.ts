/**
 * Code that runs outside the main thread is named in the source by `new URL('./worker.ts', import.meta.url)`, exactly so
 * written, which works as it stands when run from source. In the bundle, whose files all lie in one folder, it becomes
 * `new URL('./worker.js', import.meta.url)`.
 */

import path from 'node:path';
import type {Plugin} from 'rolldown';

/** Where a program of `dist/` comes from: its name without `.js`, and the path of its first module below the root. */
export type Programs = Readonly<Record<string, string>>;

const reference = /new URL\(\s*'([^']+\.tsx?)'\s*,\s*import\.meta\.url,?\s*\)/g;

/** @returns a plugin that gives references between programs their names in `dist/`, and refuses what would break there. */
export const createProgramsPlugin = (root: string, programs: Programs): Plugin => {
	const names = new Map(Object.entries(programs).map(([name, file]) => [path.join(root, file), `${name}.js`]));
	return {
		name: 'mx-programs',
		transform(code, id) {
			if (id.includes('/node_modules/') || id.startsWith('\0')) {
				return null;
			}

			const where = path.relative(root, id);
			if (/import\.meta\.(?:dirname|filename|resolve)/.test(code)) {
				throw new Error(`${where} asks import.meta for its place, which is another one in the bundle.`);
			}

			const rewritten = code.replaceAll(reference, (_text, file: string) => {
				const name = names.get(path.resolve(path.dirname(id), file));
				if (name === undefined) {
					throw new Error(`${where} refers to ${file}, which is not among the programs in scripts/build.ts.`);
				}

				return `new URL('./${name}', import.meta.url)`;
			});
			return rewritten === code ? null : {code: rewritten, map: null};
		},
	};
};
