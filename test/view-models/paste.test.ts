/** A large paste: what is said of it, how it becomes code, and that what follows does not look at all of it. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {composerLayout} from '../../source/view-models/composer-layout.ts';
import {emptyComposer, type Composer} from '../../source/view-models/composer.ts';
import {asCode, countLines, createPasteReader, pasteHint} from '../../source/view-models/paste.ts';
import {keyOf} from './default-keys.ts';
import {move, run, show, type, undo, write} from './composer-writing.ts';

const paste = (text: string, before: Composer = emptyComposer): Composer => run(before, {kind: 'paste', text});

const hintOf = (composer: Composer): string | undefined => {
	const found = createPasteReader()(composer);
	return found === undefined ? undefined : pasteHint(found, keyOf);
};

suite('a paste is asked about', () => {
	for (const [name, text, hint] of [
		['of ten lines not', 'a\n'.repeat(9) + 'b', undefined],
		['of ten lines and a line feed not', 'a\n'.repeat(10), undefined],
		['of eleven lines', 'a\n'.repeat(10) + 'b', '11 lines pasted · Alt-C as code · Alt-W as file · Enter as text'],
		['of 2048 characters not', 'x'.repeat(2048), undefined],
		['of 2049 characters', 'x'.repeat(2049), '2049 characters pasted · Alt-C as code · Alt-W as file · Enter as text'],
	] as const) {
		test(name, () => assert.equal(hintOf(paste(text)), hint));
	}

	test('until something else is done', () => {
		const large = paste('line\n'.repeat(19));
		assert.notEqual(hintOf(large), undefined);
		assert.equal(hintOf(run(large, ...type('x'))), undefined);
		assert.equal(hintOf(run(large, move('left'))), undefined);
		assert.equal(hintOf(run(large, undo)), undefined);
		assert.equal(hintOf(run(write('|'), ...type('line\n'.repeat(19)))), undefined);
	});
});

suite('as code', () => {
	const code = (marked: string, text: string): string => {
		const pasted = paste(text, write(marked));
		const found = createPasteReader()(pasted);
		assert.ok(found);
		return show(run(pasted, asCode(pasted, found.from, found.to)));
	};
	const lines = '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11';
	for (const [name, marked, text, after] of [
		['alone', '|', lines, `\`\`\`\n${lines}\n\`\`\`|`],
		['with a last line feed', '|', `${lines}\n`, `\`\`\`\n${lines}\n\`\`\`|`],
		['behind words', 'see: |', lines, `see: \n\`\`\`\n${lines}\n\`\`\`|`],
		['between words', 'see: | there', lines, `see: \n\`\`\`\n${lines}\n\`\`\`\n| there`],
		['on a line of its own', 'see:\n|\nthere', lines, `see:\n\`\`\`\n${lines}\n\`\`\`|\nthere`],
		['with a fence in it', '|', `\`\`\`\`\n${lines}`, `\`\`\`\`\`\n\`\`\`\`\n${lines}\n\`\`\`\`\`|`],
		['that began with a slash', '|', `//usr/bin\n${lines}`, `\`\`\`\n/usr/bin\n${lines}\n\`\`\`|`],
	] as const) {
		test(name, () => assert.equal(code(marked, text), after));
	}

	test('one undo gives the paste back', () => {
		const pasted = paste(lines);
		assert.equal(run(pasted, asCode(pasted, 0, lines.length), undo).text, lines);
	});
});

suite('a megabyte', () => {
	for (const [name, line] of [
		['of many lines', 'lorem ipsum 日本 dolor 👩‍👩‍👧 sit amet\n'],
		['of one line', 'lorem ipsum 日本 dolor 👩‍👩‍👧 sit amet '],
		['of one word', 'x'],
	] as const) {
		test(`${name} is shown in part, and a key after it looks only at what is near`, () => {
			const text = line.repeat(Math.ceil(1_000_000 / line.length));
			let measured = 0;
			const view = {
				width: 80,
				measureGrapheme(grapheme: string): number {
					measured += 1;
					return grapheme > '\u2E80' ? 2 : 1;
				},
			};
			const pasted = paste(text);
			assert.equal(pasted.text, text);
			for (const action of [...type('a'), move('left'), move('word-left'), move('line-start'), undo]) {
				measured = 0;
				const next = run(pasted, action);
				const layout = composerLayout(next, view, 8, 0);
				assert.ok(layout.rows.length <= 8);
				assert.ok(measured < 10_000, `${measured} graphemes for ${action.kind}`);
				assert.ok(layout.rows.every(row => row.text.length < 400));
			}
		});
	}

	test('its lines are counted once', () => {
		const read = createPasteReader();
		const pasted = paste('line\n'.repeat(200_000));
		assert.equal(read(pasted), read({...pasted}));
		assert.equal(read(pasted)?.lines, 200_000);
		assert.equal(countLines(''), 1);
	});
});
