import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {screenTable} from '../../source/commands/screen-table.ts';
import {parseInput} from '../../source/commands/slash.ts';

const parse = (text: string) => parseInput(text, screenTable);

suite('slash commands', () => {
	test('text without a slash is a message, two slashes send one', () => {
		assert.deepEqual(parse('hello /quit'), {kind: 'message', text: 'hello /quit'});
		assert.deepEqual(parse('//etc/passwd'), {kind: 'message', text: '/etc/passwd'});
	});

	test('an unknown word is never sent', () => {
		for (const text of ['/qiut', '/', '/usr/bin is full', '/Quit']) {
			const parsed = parse(text);
			assert.equal(parsed.kind, 'refused', text);
		}
	});

	test('a command takes its values, the last one with the rest of the text', () => {
		const parsed = parse('/me waves\nto all  ');
		assert.ok(parsed.kind === 'command');
		assert.equal(parsed.command.name, 'me');
		assert.deepEqual(parsed.values, {text: 'waves\nto all'});
	});

	test('aliases work, commands of keys alone do not', () => {
		const parsed = parse('/switch Sunday lunch');
		assert.ok(parsed.kind === 'command' && parsed.command.name === 'go');
		assert.deepEqual(parsed.values, {room: 'Sunday lunch'});
		assert.equal(parse('/page-up').kind, 'refused');
	});

	test('a missing or surplus value is answered with the usage', () => {
		assert.deepEqual(parse('/join'), {
			kind: 'refused',
			sentence: 'Write /join ROOM: Look at a room by address or link, and join it.',
		});
		assert.equal(parse('/join #a:b #c:d').kind, 'refused');
		assert.equal(parse('/quit now').kind, 'refused');
	});
});
