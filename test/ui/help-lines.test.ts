import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {screenTable} from '../../source/commands/screen-table.ts';
import {helpLines} from '../../source/ui/help-lines.ts';
import {lineWidth} from '../../source/view-models/screen-line.ts';

suite('the help', () => {
	test('begins with the keys that count where it was asked for', () => {
		const titles = (now: Parameters<typeof helpLines>[2]): readonly string[] =>
			helpLines(screenTable, 100, now)
				.map(line => line.map(({text}) => text).join(''))
				.filter(line => /^ [A-Z]/.test(line))
				.slice(1);
		assert.match(titles(['inbox', 'everywhere'])[0] ?? '', /^ In the inbox {2}where you are$/);
		assert.equal(titles(['inbox', 'everywhere'])[1], ' Everywhere');
		assert.match(titles(['switcher', 'panel', 'everywhere'])[0] ?? '', /^ In lists/);
		assert.equal(titles([])[0], ' Everywhere');
	});

	test('F1 in normal mode of vim showed the keys of insert mode: it begins with motions, operators and text objects', () => {
		const titles = (...[now, vim]: readonly [Parameters<typeof helpLines>[2], 'insert' | 'normal' | undefined]) =>
			helpLines(screenTable, 120, now, {vim})
				.map(line => line.map(({text}) => text).join(''))
				.filter(line => /^ [A-Z]/.test(line))
				.slice(1);
		const inNormal = titles(['composer', 'everywhere'], 'normal');
		assert.match(inNormal[0] ?? '', /^ Normal mode of vim: motions.* {2}where you are$/);
		assert.match(inNormal[1] ?? '', /^ Normal mode of vim: operators/);
		assert.ok(inNormal.some(line => line.startsWith(' Words of vim')));
		const inInsert = titles(['composer', 'everywhere'], 'insert');
		assert.match(inInsert[0] ?? '', /^ In the composer {2}where you are$/);
		assert.ok(inInsert.some(line => line.startsWith(' Normal mode of vim: motions')));
		assert.ok(!titles(['composer', 'everywhere'], undefined).some(line => line.includes('vim')));
	});

	test('nine lines said how to go to a section: one does, as long as their keys are in a row', () => {
		const sections = (commands: typeof screenTable): readonly string[] =>
			helpLines(commands, 100)
				.map(line =>
					line
						.map(({text}) => text)
						.join('')
						.trim()
						.replaceAll(/ {2,}/g, ': '),
				)
				.filter(line => line.includes('Go to section'));
		assert.deepEqual(sections(screenTable), ['1 to 9: Go to section 1 to 9 of the inbox']);
		const bound = screenTable.map(each => (each.name === 'section-3' ? {...each, keys: ['x']} : each));
		assert.deepEqual(sections(bound), [
			'1, 2: Go to section 1, 2 of the inbox',
			'x: Go to section 3 of the inbox',
			'4 to 9: Go to section 4 to 9 of the inbox',
		]);
	});

	for (const width of [200, 80, 40]) {
		test(`every key, command and summary is whole at ${width} columns`, () => {
			const lines = helpLines(screenTable, width, ['composer'], {vim: 'normal'});
			for (const line of lines) assert.ok(lineWidth(line) <= width);
			const shown = lines.map(line => line.map(({text}) => text).join(''));
			assert.equal(shown.slice(1).filter(line => line.includes('…')).length, 0);
			const words = new Set(shown.join(' ').split(/\s+/));
			for (const command of screenTable) {
				if (command.keys.length === 0 && !command.isSlash) continue;
				// Of a series the first and the last number stand there.
				for (const word of command.summary.split(' '))
					assert.ok(words.has(word) || /^\d$/.test(word), `${command.name}: ${word}`);
			}
		});
	}
});
