/** Preferences on a disk that takes nothing: what can be read of the account is shown nevertheless. */
import assert from 'node:assert/strict';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {openSettings} from '../../source/store/settings.ts';
import {createSmallDisk} from './small-disk.ts';

const now = (): number => Date.UTC(2026, 10, 26);

for (const text of ['{"theme": "nord",}', 'x'.repeat(2_000_000)]) {
	test(`settings of ${text.length} bytes that are none, on a read-only disk, give the defaults and a notice`, async t => {
		const disk = createSmallDisk({after: cleanUp => t.after(cleanUp)});
		const file = path.join(disk.path, 'config.json');
		writeFileSync(file, text);
		disk.setReadOnly(true);
		const settings = openSettings(file, now);
		assert.equal(settings.get('theme'), 'auto');
		assert.equal(settings.notices.length, 1);
		assert.match(settings.notices[0] ?? '', /not valid JSON.*defaults hold.*read-only/);
		await assert.rejects(settings.set('theme', 'nord'), ExpectedError);
		assert.equal(readFileSync(file, 'utf8'), text);
		disk.setReadOnly(false);
		await settings.set('theme', 'nord');
		assert.equal(settings.get('theme'), 'nord');
		assert.deepEqual(readdirSync(disk.path).toSorted(), ['config.json', 'config.json.bad-2026-11-26T00-00-00-000Z']);
	});
}
