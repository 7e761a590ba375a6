/** Replaces a damaged archive, and kills itself before the renaming with the given number. */
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import process from 'node:process';

const [directory = '', moment = ''] = process.argv.slice(2);

const die = (): never => {
	process.kill(process.pid, 'SIGKILL');
	throw new Error('unreachable');
};

const {renameSync} = fs;
let renamed = 0;
fs.renameSync = (from, to) => {
	if (String(renamed) === moment) die();
	renamed += 1;
	renameSync(from, to);
};
syncBuiltinESMExports();

const {replaceDamagedArchive} = await import('../../../source/store/replace-archive.ts');
const {fileIn} = await import('../archive-file.ts');
replaceDamagedArchive(fileIn(directory), new Date('2026-01-02T03:04:05.678Z'));
die();
