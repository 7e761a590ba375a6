import assert from 'node:assert/strict';
import {renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {watchFile} from '../../source/store/watch-file.ts';
import {openSettings} from '../../source/store/settings.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

test('a file is told of when it comes, is written to, is replaced and goes', async context => {
	const file = path.join(temporaryDirectory(context), 'config.json');
	let told = Promise.withResolvers<void>();
	const end = watchFile(file, () => told.resolve());
	context.after(end);
	const steps: readonly (() => void)[] = [
		() => writeFileSync(file, '{}'),
		() => writeFileSync(file, '{"theme": "nord"}'),
		() => {
			writeFileSync(`${file}.new`, '{"theme": "dark"}');
			renameSync(`${file}.new`, file);
		},
		() => rmSync(file),
	];
	for (const step of steps) {
		told = Promise.withResolvers();
		step();
		await told.promise;
	}
});

test('a folder that is not there is not watched, and that is no error', () => {
	watchFile('/nowhere/at/all/config.json', () => assert.fail())();
});

test('settings are read anew; a file that is not valid just now changes nothing and stays where it is', context => {
	const file = path.join(temporaryDirectory(context), 'config.json');
	const settings = openSettings(file, () => 0);
	writeFileSync(file, '{"keys": "vim"}', {mode: 0o600});
	assert.deepEqual(settings.reload().problems, []);
	assert.equal(settings.get('keys'), 'vim');
	writeFileSync(file, '{"keys": "em');
	assert.match(settings.reload().problems[0] ?? '', /not valid JSON just now/);
	assert.equal(settings.get('keys'), 'vim');
	writeFileSync(file, '{"keys": "nano"}');
	assert.match(settings.reload().problems[0] ?? '', /"keys" must be/);
	assert.equal(settings.get('keys'), 'default');
});
