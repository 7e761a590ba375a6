/** `npm run manual`: writes what docs/manual/ and the man page have from the command tables anew. */
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {manualFiles} from './lib/manual.ts';

const root = path.resolve(import.meta.dirname, '..');
let changed = 0;
for (const {file, text, isFresh} of manualFiles(root)) {
	if (isFresh) continue;
	changed += 1;
	mkdirSync(path.dirname(path.join(root, file)), {recursive: true});
	writeFileSync(path.join(root, file), text);
	console.log(file);
}
console.log(changed === 0 ? 'The manual is up to date.' : `${changed} files of the manual are new.`);
