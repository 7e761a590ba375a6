import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import * as fc from 'fast-check';
import {createOutputFirewall} from '../../source/terminal/output-firewall.ts';
import {hostileText} from '../corpus/arbitraries.ts';
import {legitimateTexts, readEmoji} from '../corpus/legitimate.ts';
import {hostilePayloads, placements} from '../corpus/terminal.ts';

const ESC = '\u001B';

const openFirewall = () => {
	const reports: string[] = [];
	const firewall = createOutputFirewall({onBlocked: codePoint => reports.push(codePoint)});
	return {firewall, reports};
};

/** Removes, token by token, what the firewall may let through; written apart from its own tables. */
const withoutAllowed = (output: string): string =>
	output
		.replaceAll(/\u001B\]8;(?:id=[\w-]+)?;(?:(?:https?:\/\/|mailto:|matrix:)[\u0021-\u007E]+)?(?:\u0007|\u001B\\)/g, '')
		.replaceAll(/\u001B\]0;[^\0-\u001F\u007F-\u009F]*(?:\u0007|\u001B\\)/g, '')
		.replaceAll(/\u001B\[[0-9;]*[mABCDEFGHdK]/g, '')
		.replaceAll(/\u001B\[[012]?J/g, '')
		.replaceAll(/\u001B\[\?(?:25|7|1004|1049|2004|2026)[hl]/g, '')
		.replaceAll(/\u001B\[(?:>\d+|<\d*|\?)u/g, '')
		.replaceAll(/[\n\r]/g, '');

const findControl = (output: string): string | undefined =>
	/[\0-\u001F\u007F-\u009F\u2028-\u202E\u2066\u2067]/.exec(withoutAllowed(output))?.[0] ??
	(output.isWellFormed() ? undefined : 'a lone surrogate');

suite('what mx and Ink write', () => {
	const frames: Readonly<Record<string, string>> = {
		'styled text': `${ESC}[1;38;2;10;20;30mword${ESC}[39m${ESC}[22m and more${ESC}[m\r\n`,
		'cursor and erase': `${ESC}[2K${ESC}[1A${ESC}[G${ESC}[12;40H${ESC}[H${ESC}[J${ESC}[K${ESC}[3C${ESC}[2D${ESC}[B${ESC}[E${ESC}[2F${ESC}[5d`,
		modes: ['25', '7', '1004', '1049', '2004', '2026'].map(mode => `${ESC}[?${mode}h${ESC}[?${mode}l`).join(''),
		'kitty keyboard': `${ESC}[>1u${ESC}[<u${ESC}[<1u${ESC}[?u`,
		links: `${ESC}]8;;https://one.example/%20\u0007text${ESC}]8;;\u0007${ESC}]8;id=a-1;matrix:u/a:b${ESC}\\x${ESC}]8;;${ESC}\\`,
		title: `${ESC}]0;mx · 3 unread 漢\u0007`,
		'honest text': Object.values(legitimateTexts).join(' ') + readEmoji().join(''),
	};

	for (const [name, frame] of Object.entries(frames)) {
		test(`${name} passes as it is, whole or in pieces of any size`, () => {
			for (const size of [frame.length, 1, 2, 3, 7]) {
				const {firewall} = openFirewall();
				let output = '';
				for (let start = 0; start < frame.length; start += size) {
					output += firewall.filter(frame.slice(start, start + size));
				}

				assert.equal(output, frame);
				assert.equal(firewall.blocked, 0);
			}
		});
	}
});

suite('what nobody may write', () => {
	for (const {name, kind, payload} of hostilePayloads) {
		test(`${kind}: output that ${name} holds nothing but the list`, () => {
			for (const placed of placements(payload)) {
				const {firewall} = openFirewall();
				assert.equal(findControl(firewall.filter(placed) + firewall.filter('\n')), undefined);
			}
		});
	}

	const blocked = [
		'[c',
		'[6n',
		'[3J',
		'[21t',
		'[1;2r',
		'[4:3m',
		'[?1003h',
		'[?2026$p',
		']52;c;QQ==\u0007',
		']8;;file:///etc\u0007',
		']8;;javascript:x\u0007',
	];
	for (const sequence of [
		...blocked,
		']2;t\u0007',
		'c',
		'7',
		'Pq\u001B\\',
		'_Ga=T\u001B\\',
		'(0',
		'[99999A',
		'[1;2;3H',
	]) {
		test(`ESC ${JSON.stringify(sequence)} loses its escape and stays visible`, () => {
			const {firewall, reports} = openFirewall();
			const output = firewall.filter(`a${ESC}${sequence}b`);
			assert.ok(output.startsWith(`a�${sequence.charAt(0)}`), JSON.stringify(output));
			assert.equal(findControl(output), undefined);
			assert.equal(firewall.blocked, reports.length);
			assert.equal(reports[0], 'U+001B');
		});
	}

	test('an address that hides a sequence is no link', () => {
		const {firewall} = openFirewall();
		assert.equal(firewall.filter(`${ESC}]8;;https://x${ESC}]52;c;QQ==\u0007y`), '�]8;;https://x�]52;c;QQ==�y');
		assert.equal(firewall.blocked, 3);
	});

	test('random output in random pieces holds nothing but the list', () => {
		fc.assert(
			fc.property(fc.array(hostileText(), {maxLength: 5}), chunks => {
				const {firewall} = openFirewall();
				const output = chunks.map(chunk => firewall.filter(chunk)).join('') + firewall.filter('\n');
				assert.equal(findControl(output), undefined);
			}),
			{numRuns: 3000},
		);
	});
});

suite('sequences over chunk borders', () => {
	test('a started sequence waits for its end', () => {
		const {firewall} = openFirewall();
		assert.equal(firewall.filter(`a${ESC}[3`), 'a');
		assert.equal(firewall.filter('1mb'), `${ESC}[31mb`);
	});

	test('a sequence cannot be smuggled in halves', () => {
		const {firewall} = openFirewall();
		assert.equal(firewall.filter(`a${ESC}`), 'a');
		assert.equal(firewall.filter('c'), '�c');
		assert.equal(firewall.filter(`${ESC}]`), '');
		assert.equal(firewall.filter('52;c;?\u0007'), '�]52;c;?�');
	});

	test('a link that never ends is given up, and its text is not swallowed', () => {
		const {firewall} = openFirewall();
		const output = firewall.filter(`${ESC}]8;;https://x/${'y'.repeat(3000)}`) + firewall.filter('\n');
		assert.equal(output, `�]8;;https://x/${'y'.repeat(3000)}\n`);
	});

	test('a pair of surrogates over a border is one character', () => {
		const {firewall} = openFirewall();
		assert.equal(firewall.filter('a\uD83D') + firewall.filter('\uDE00b'), 'a😀b');
		assert.equal(firewall.filter('\uD83D') + firewall.filter('x'), '�x');
		assert.equal(firewall.blocked, 1);
	});
});
