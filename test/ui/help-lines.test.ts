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

	for (const width of [200, 80, 40]) {
		test(`every key, command and summary is whole at ${width} columns`, () => {
			const lines = helpLines(screenTable, width);
			for (const line of lines) assert.ok(lineWidth(line) <= width);
			const shown = lines.map(line => line.map(({text}) => text).join(''));
			assert.equal(shown.slice(1).filter(line => line.includes('…')).length, 0);
			const words = new Set(shown.join(' ').split(/\s+/));
			for (const command of screenTable) {
				if (command.keys.length === 0 && !command.isSlash) continue;
				for (const word of command.summary.split(' ')) assert.ok(words.has(word), `${command.name}: ${word}`);
			}
		});
	}
});
