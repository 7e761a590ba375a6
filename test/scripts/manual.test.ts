/** The manual says what the command tables say: whoever adds a command runs `npm run manual`. */
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {suite, test} from 'node:test';
import {manPage} from '../../scripts/lib/man-page.ts';
import {manualFiles, renewedPage} from '../../scripts/lib/manual.ts';
import {screenTable} from '../../source/commands/screen-table.ts';
import {shellTable} from '../../source/commands/shell-table.ts';
import {needsProgram} from '../helpers/needs-program.ts';

const root = path.resolve(import.meta.dirname, '../..');
const pages = path.join(root, 'docs', 'manual');

suite('the manual', () => {
	test('is as the command tables are: else run npm run manual', () => {
		const stale = manualFiles(root).flatMap(({file, isFresh}) => (isFresh ? [] : [file]));
		assert.deepEqual(stale, []);
	});

	test('a page that names a command which is none is refused', () => {
		assert.throws(
			() => renewedPage('<!-- words: nonsense -->\n<!-- end -->', 'page.md'),
			/page\.md: there is no command \/nonsense/,
		);
		assert.throws(() => renewedPage('<!-- nonsense -->\n<!-- end -->', 'page.md'), /page\.md/);
	});

	test('every link of a page leads to a file', () => {
		for (const name of readdirSync(pages)) {
			const text = readFileSync(path.join(pages, name), 'utf8');
			for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
				assert.ok(existsSync(path.join(pages, target)), `${name}: ${target}`);
		}
	});

	test('the man page has every verb and every word of the screen, and nothing in it is taken for a request', () => {
		const page = manPage();
		for (const {name} of shellTable) assert.ok(page.includes(`"mx ${name}`), name);
		for (const {name, isSlash} of screenTable)
			if (isSlash) assert.ok(page.includes(`"/${name.replaceAll('-', String.raw`\-`)}`), name);
		const requests = page.split('\n').flatMap(line => /^[.'](\S+)/.exec(line)?.[1] ?? []);
		assert.deepEqual(new Set(requests), new Set(['\\"', 'TH', 'SH', 'SS', 'TP', 'B', 'PP', 'nf', 'fi']));
	});

	test(
		'groff has nothing to say against the man page',
		needsProgram('groff', '--version', 'the test of the man page is'),
		() => {
			const {stderr, stdout} = spawnSync('groff', ['-man', '-Tutf8', '-Kutf8', '-ww', '-P-cbou'], {
				input: manPage(),
				encoding: 'utf8',
			});
			assert.equal(stderr, '');
			assert.match(stdout, /COMMANDS OF THE SCREEN/);
		},
	);
});
