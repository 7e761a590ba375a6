import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {ScreenCommand} from '../../source/commands/define-command.ts';
import {createKeymap, keyLabel} from '../../source/commands/keymap.ts';
import {screenTable} from '../../source/commands/screen-table.ts';
import {createInputDecoder} from '../../source/terminal/input-decoder.ts';

const named = (name: string): ScreenCommand => {
	const command = screenTable.find(each => each.name === name);
	assert.ok(command);
	return command;
};

suite('keymap', () => {
	test('no key stands for two commands of one scope', () => {
		assert.doesNotThrow(() => createKeymap(screenTable));
	});

	test('a key that is taken twice is refused with both names', () => {
		const twice = [named('quit'), {...named('redraw'), keys: ['f5']}, {...named('help'), keys: ['f5']}];
		assert.throws(() => createKeymap(twice), /f5 is both redraw and help/);
	});

	test('the innermost scope that knows a key wins', () => {
		const keymap = createKeymap(screenTable);
		assert.equal(keymap.find(['help', 'everywhere'], 'escape')?.name, 'close-help');
		assert.equal(keymap.find(['composer', 'everywhere'], 'escape')?.name, 'cancel');
		assert.equal(keymap.find(['composer', 'everywhere'], 'page-up')?.name, 'page-up');
		assert.equal(keymap.find(['composer', 'everywhere'], 'f12'), undefined);
	});

	test('names and aliases are unique, and every command is documented', () => {
		const names = screenTable.flatMap(({name, aliases = []}) => [name, ...aliases]);
		assert.deepEqual(names.toSorted(), [...new Set(names)].toSorted());
		for (const {name, summary, keys, isSlash} of screenTable) {
			assert.match(summary, /^[A-Z].*[^.]$/, name);
			assert.ok(keys.length > 0 || isSlash, `${name} cannot be reached`);
		}
	});

	test('keys of tmux, screen and flow control are not taken, but where readline has them', () => {
		const taken = screenTable
			.filter(({scope, group}) => scope !== 'composer' && group !== 'editing')
			.flatMap(({keys}) => keys);
		for (const key of ['ctrl-b', 'ctrl-a', 'ctrl-s', 'ctrl-q']) assert.ok(!taken.includes(key), key);
	});

	test('every key has the name that the decoder gives it', () => {
		const bytes: readonly (readonly [bytes: string, key: string])[] = [
			['\u001B[1;3B', 'alt-down'],
			['\u001B[1;4B', 'alt-shift-down'],
			['\u001B[1;5H', 'ctrl-home'],
			['\u001B[1;2A', 'shift-up'],
			['\u001F', 'ctrl-/'],
			['\u001BOP', 'f1'],
			['\u001B\r', 'alt-enter'],
			['\u001B\u007F', 'alt-backspace'],
			['\u001Bi', 'alt-i'],
			['\u001BZ', 'alt-Z'],
			['\n', 'ctrl-j'],
		];
		const known = screenTable.flatMap(({keys}) => keys);
		for (const [sent, key] of bytes) {
			const [event] = createInputDecoder().write(sent);
			assert.deepEqual(event, {kind: 'key', key});
			assert.ok(known.includes(key), key);
		}
	});

	test('keys are written as people know them', () => {
		const labels = ['ctrl-r', 'alt-down', 'alt-shift-down', 'ctrl-home', 'alt-Z', 'alt-a', 'f1', 'page-up', 'q'].map(
			keyLabel,
		);
		assert.deepEqual(labels, ['^R', 'Alt-↓', 'Alt-Shift-↓', '^Home', 'Alt-Shift-Z', 'Alt-A', 'F1', 'PgUp', 'q']);
	});
});
