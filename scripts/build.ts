/** `npm run build`: bundles mx to `dist/`. */

import path from 'node:path';
import {bundle} from './build/bundle.ts';

const files = await bundle(path.resolve(import.meta.dirname, '..'), {
	main: 'cli.tsx',
	worker: 'source/engine/worker.ts',
	'demo-worker': 'source/demo/worker.ts',
	'picture-process': 'source/pictures/picture-process.ts',
	'keytar-process': 'source/store/secrets/keytar-process.ts',
});
const kibibytes = files.reduce((sum, file) => sum + file.size, 0) / 1024;
console.log(`Built dist/: ${files.length} files, ${Math.round(kibibytes)} KiB.`);
