import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {bindKeys, type KeySettings} from '../../source/commands/bind-keys.ts';
import {parseKeys} from '../../source/commands/key-notation.ts';
import {keySets} from '../../source/commands/key-sets.ts';
import {createKeymap, keyLabel, type Keymap} from '../../source/commands/keymap.ts';
import {screenTable} from '../../source/commands/screen-table.ts';

const bind = (bindings: KeySettings['bindings'], keys: KeySettings['keys'] = 'default') =>
	bindKeys(screenTable, {keys, bindings});

const keymapOf = (bindings: KeySettings['bindings'], keys: KeySettings['keys'] = 'default'): Keymap => {
	const {commands, problems} = bind(bindings, keys);
	assert.deepEqual(problems, []);
	return createKeymap(commands);
};

suite('keys as people write them', () => {
	const written: readonly (readonly [text: string, keys: string])[] = [
		['ctrl-k', 'ctrl-k'],
		['^K', 'ctrl-k'],
		['C-k', 'ctrl-k'],
		['Ctrl+Shift+K', 'ctrl-shift-k'],
		['M-x', 'alt-x'],
		['Alt-X', 'alt-X'],
		['alt-shift-x', 'alt-X'],
		['Alt+Enter', 'alt-enter'],
		['shift-alt-up', 'alt-shift-up'],
		['F5', 'f5'],
		['PgDn', 'page-down'],
		['Esc', 'escape'],
		['space', 'space'],
		['g g', 'g g'],
		['C-x  C-c', 'ctrl-x ctrl-c'],
		['^_', 'ctrl-/'],
		['-', '-'],
		['ctrl--', 'ctrl--'],
		['ä', 'ä'],
	];
	for (const [text, keys] of written)
		test(`${text} is ${keys}`, () => {
			assert.deepEqual(parseKeys(text), {keys});
		});

	for (const [text, problem] of [
		['ctrl-foo', /ctrl-foo is no key: `mx keys`/],
		['^I', /same byte as tab/],
		['ctrl-m', /same byte as enter/],
		['C-x ^[', /same byte as escape/],
		['', /empty text/],
		['hyper-x', /is no key/],
	] as const)
		test(`${text === '' ? 'nothing' : text} is refused`, () => {
			const parsed = parseKeys(text);
			assert.match('problem' in parsed ? parsed.problem : '', problem);
		});
});

suite('binding keys', () => {
	test('every set names only commands, and no two of them want the same key', () => {
		const names = new Set(screenTable.map(({name}) => name));
		for (const [set, changes] of Object.entries(keySets)) {
			for (const name of Object.keys(changes)) assert.ok(names.has(name), `${set}: ${name}`);
			assert.doesNotThrow(() => keymapOf({}, set as KeySettings['keys']), set);
			// Whoever had a key that the set gives away has another one, or a word.
			for (const {name, keys, isSlash} of bind({}, set as KeySettings['keys']).commands)
				assert.ok(keys.length > 0 || isSlash, `${set}: ${name} cannot be reached`);
		}
	});

	test('a binding takes the key from whoever had it where it counts, and only there', () => {
		const keymap = keymapOf({redraw: 'alt-a', 'next-unread': ['f5', 'alt-n']});
		assert.equal(keymap.find(['everywhere'], 'alt-a')?.name, 'redraw');
		assert.equal(keymap.find(['everywhere'], 'ctrl-l'), undefined);
		assert.equal(keymap.find(['everywhere'], 'f5')?.name, 'next-unread');
		assert.equal(keymap.find(['everywhere'], 'alt-n')?.name, 'next-unread');
		assert.equal(keymap.find(['everywhere'], 'alt-shift-down'), undefined);
		assert.equal(keymap.find(['composer', 'everywhere'], 'alt-b')?.name, 'word-left');
	});

	test('keys in a row are found, and where they begin is known', () => {
		const keymap = keymapOf({switcher: 'C-x b', 'inbox-up': 'g g', archive: 'space a'});
		assert.equal(keymap.find(['everywhere'], 'ctrl-x b')?.name, 'switcher');
		assert.ok(keymap.isBeginning(['composer', 'everywhere'], 'ctrl-x'));
		assert.equal(keymap.find(['inbox'], 'g'), undefined);
		assert.equal(keymap.find(['inbox'], 'g g')?.name, 'inbox-up');
		assert.equal(keymap.find(['inbox'], 'space a')?.name, 'archive');
		assert.equal(keyLabel('ctrl-x b'), '^X b');
		assert.equal(keyLabel(' '), 'Space');
	});

	test('an empty list takes all keys away', () => {
		assert.equal(keymapOf({suspend: []}).find(['everywhere'], 'ctrl-z'), undefined);
	});

	const wrong: readonly (readonly [what: string, bindings: KeySettings['bindings'], problem: RegExp])[] = [
		['a command that is none', {'nxt-room': 'f5'}, /There is no command "nxt-room" to bind/],
		['the key of the help as it is', {xyzzy: 'f5', help: 'f9'}, /"xyzzy" to bind: F9 shows all commands/],
		['one that was meant', {nextunread: 'f5'}, /did you mean next-unread\?/],
		['a key that is none', {redraw: 'hyper-l'}, /binding of redraw does not hold: hyper-l is no key/],
		['text for a command of the composer', {send: 'x'}, /x is text where send counts/],
		['one key for two', {redraw: 'f5', suspend: 'f5'}, /suspend does not hold: redraw has F5 already/],
		['a key that begins another', {redraw: 'f5 a', suspend: 'f5'}, /suspend does not hold: redraw has F5 a already/],
		['the way out', {redraw: 'ctrl-c'}, /`interrupt` keeps it/],
	];
	for (const [what, bindings, problem] of wrong)
		test(`says what is wrong: ${what}`, () => {
			const {commands, problems} = bind(bindings);
			assert.equal(problems.length, 1);
			assert.match(problems[0] ?? '', problem);
			// What had keys has them still.
			for (const {name, keys} of screenTable)
				if (keys.length > 0) assert.ok((commands.find(each => each.name === name)?.keys.length ?? 0) > 0, name);
			assert.equal(createKeymap(commands).find(['everywhere'], 'ctrl-c')?.name, 'interrupt');
		});

	test('the way out stays whatever is bound', () => {
		const keymap = keymapOf({interrupt: 'f10'});
		assert.equal(keymap.find(['everywhere'], 'ctrl-c')?.name, 'interrupt');
		assert.equal(keymap.find(['everywhere'], 'f10')?.name, 'interrupt');
	});
});
