/** Changes to the text of packages while they are bundled; the build fails when a package no longer has the expected text. */

import type {Plugin} from 'rolldown';
import {narrowCharacters} from '../../source/text/graphemes.ts';

type Patch = {
	readonly package: string;
	/** Path inside the package. */
	readonly file: string;
	/** Each pattern has to occur exactly once. */
	readonly replacements: readonly {readonly from: string | RegExp; readonly to: string}[];
};

/** Entries per map, about three screens of lines; a full map is emptied. */
const cacheLimit = 2000;

const bounded = (map: string) => ({from: `this.${map}.set(`, to: `bounded(this.${map}).set(`});

const patches: readonly Patch[] = [
	{
		// Ink makes these caches anew for each frame, so it tokenizes and measures the whole screen for each key: shared, a
		// frame costs 40 % less CPU. The cells in them are never changed, so sharing is safe. May go when Ink keeps them itself.
		package: 'ink',
		file: 'build/output.js',
		replacements: [
			{from: 'caches = new OutputCaches();', to: 'caches = sharedCaches;'},
			{
				from: 'export default class Output {',
				to: 'const sharedCaches = new OutputCaches();\nexport default class Output {',
			},
			{
				from: 'class OutputCaches {',
				to: `const bounded = map => {\n\tif (map.size >= ${cacheLimit}) map.clear();\n\treturn map;\n};\nclass OutputCaches {`,
			},
			bounded('widths'),
			bounded('blockWidths'),
			bounded('styledChars'),
			// The rows of a text, each by itself, were serialized anew as well.
			{
				from: '    getStringWidth(text) {',
				to: `    rows = new Map();
    getRows(text) {
        let cached = this.rows.get(text);
        if (cached === undefined) {
            const rows = [[]];
            for (const character of this.getStyledChars(text)) {
                if (character.value === '\\n') rows.push([]);
                else rows.at(-1).push(character);
            }
            cached = rows.map(row => styledCharsToString(row));
            bounded(this.rows).set(text, cached);
        }
        return cached;
    }
    getStringWidth(text) {`,
			},
			{
				from: /const characterLines = \[\[\]\];[^]*?let lines = characterLines\.map\(line => styledCharsToString\(line\)\);/,
				to: 'let lines = this.caches.getRows(text);',
			},
		],
	},
	{
		// With DEV=true in the environment Ink would look for developer tools that are not part of mx.
		package: 'ink',
		file: 'build/reconciler.js',
		replacements: [{from: "await import('./devtools.js');", to: ''}],
	},
	{
		// Yoga decodes its WebAssembly by `fetch('data:…')`, which loads undici: 30 ms of every start. Handed the bytes, it
		// does not fetch (`w` is the variable of its loader that holds them).
		package: 'yoga-layout',
		file: 'dist/binaries/yoga-wasm-base64-esm.js',
		replacements: [
			{
				from: /H="data:application\/octet-stream;base64,([\d+/=A-Za-z]+)";/,
				to: 'H="data:application/octet-stream;base64,";w=Buffer.from("$1","base64");',
			},
			// Unchanged: it proves that `w` is still that variable.
			{from: 'h.wasmBinary&&(w=h.wasmBinary);', to: 'h.wasmBinary&&(w=h.wasmBinary);'},
		],
	},
	{
		// string-width makes its segmenter and Unicode sets when it is loaded, and compiles them for the first box character:
		// 40 ms of every start. What is narrow for certain (test/text/width.test.ts) needs neither.
		package: 'string-width',
		file: 'index.js',
		replacements: [
			{
				from: 'const segmenter = new Intl.Segmenter();',
				to: `const lazily = make => { let value; return () => (value ??= make()); };\nconst narrow = /^[${narrowCharacters}]*$/;\nconst segmenter = lazily(() => new Intl.Segmenter());`,
			},
			{from: 'of segmenter.segment(string)', to: 'of segmenter().segment(string)'},
			{from: /const visibleCharacterRegex = (\/.*\/v);/, to: 'const visibleCharacterRegex = lazily(() => $1);'},
			{from: 'segment.search(visibleCharacterRegex)', to: 'segment.search(visibleCharacterRegex())'},
			{from: '!visibleCharacterRegex.test(character)', to: '!visibleCharacterRegex().test(character)'},
			{from: /const rgiEmojiRegex = (\/.*\/v);/, to: 'const rgiEmojiRegex = lazily(() => $1);'},
			{from: 'rgiEmojiRegex.test(segment)', to: 'rgiEmojiRegex().test(segment)'},
			{
				from: '\tlet width = 0;\n\tconst eastAsianWidthOptions',
				to: '\tif (ambiguousIsNarrow && narrow.test(string)) return string.length;\n\n\tlet width = 0;\n\tconst eastAsianWidthOptions',
			},
		],
	},
];

const count = (text: string, pattern: string | RegExp): number =>
	pattern instanceof RegExp ? [...text.matchAll(new RegExp(pattern, 'g'))].length : text.split(pattern).length - 1;

const apply = (code: string, {package: name, file, replacements}: Patch): string => {
	let patched = code;
	for (const {from, to} of replacements) {
		if (count(patched, from) !== 1) {
			throw new Error(`${name}/${file} was to be patched, but does not contain exactly once: ${String(from)}`);
		}

		patched = patched.replace(from, to);
	}

	return patched;
};

/** @returns a plugin that applies the patches, and fails when a patched package is bundled without its patched file. */
export const createPatchPlugin = (): Plugin => {
	const applied = new Set<Patch>();
	return {
		name: 'mx-patches',
		transform(code, id) {
			const patch = patches.find(each => id.endsWith(`/node_modules/${each.package}/${each.file}`));
			if (patch === undefined) {
				return null;
			}

			applied.add(patch);
			return {code: apply(code, patch), map: null};
		},
		generateBundle(_options, bundle) {
			const modules = Object.values(bundle).flatMap(chunk => (chunk.type === 'chunk' ? chunk.moduleIds : []));
			for (const patch of patches) {
				const isBundled = modules.some(id => id.includes(`/node_modules/${patch.package}/`));
				if (isBundled && !applied.has(patch)) {
					throw new Error(`${patch.package} is bundled, but has no ${patch.file}, which was to be patched.`);
				}
			}
		},
	};
};
