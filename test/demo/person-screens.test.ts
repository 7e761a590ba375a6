/**
 * A person of the demo who is on three networks, as one reads the conversation with her: screens/person-WIDTHxHEIGHT.txt. After a change
 * that is meant, look at what `MX_KEEP_SCREENS=1 node scripts/test.ts --server demo test/demo/person-screens.test.ts` writes there.
 */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {suite, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {spawnMxInTerminal, type TerminalProgram} from '../helpers/program.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const folder = path.join(import.meta.dirname, 'screens');
const silent = path.join(import.meta.dirname, 'scenarios', 'silent.json');

/** The part of the screen that is the conversation. */
const conversationOf = (lines: readonly string[]): string =>
	lines
		.slice(1, -1)
		.map(line => (/[│├] ?(.*)$/.exec(line)?.[1] ?? line).trimEnd())
		.join('\n');

/** What the whole inbox has when the first sync and the detection of bridges are through. */
const complete = [
	/▾ SG Signal · \+44 7700 900142[^]*▾ SG Signal · \+44 7700 900777/,
	/▾ Bridges/,
	/deploys +muted/,
	/Free gnp\.exe/,
	/SG Anna .*\+WA·SM.* 2 /,
	/INBOX +13 unread/,
];

type Step = {
	readonly title: string;
	readonly keys: string;
	/** What the conversation has then. */
	readonly has: RegExp;
};

/** One after the other: each begins where the last one ended. */
const steps: readonly Step[] = [
	{title: 'Where she wrote last', keys: '/go Anna Kowalska\r', has: /SG>/},
	{title: 'Over the next network, with what is written', keys: 'on my way\u001Br', has: /(?:SM|WA)> on my way/},
	{title: 'Over the one behind that', keys: '\u001Br', has: /(?:SM|WA)> on my way/},
	{title: 'Back where she wrote last', keys: '\u001Br', has: /SG> on my way/},
	{title: 'Nothing is written any more', keys: '\u0015', has: /SG>$/m},
];

suite('a person of the demo on three networks', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const)
		test(`is one conversation at ${columns}×${rows}`, async t => {
			const home = path.join(temporaryDirectory(), 'home');
			mkdirSync(home);
			const args = ['demo', '--clock', '2026-11-26T12:40Z', '--script', silent];
			const env = {HOME: home, MX_HOME: undefined};
			const screen: TerminalProgram = spawnMxInTerminal(t, args, {home, env, columns: 120, rows: 70});
			// All of the account is there, and each bot is known.
			for (const sign of complete) await screen.waitFor(lines => sign.test(lines.join('\n')));
			screen.resize(columns, rows);
			const file = path.join(folder, `person-${columns}x${rows}.txt`);
			const isKept = process.env['MX_KEEP_SCREENS'] !== undefined;
			const expected = isKept ? [] : readFileSync(file, 'utf8').split('\n\f\n');
			const shown: string[] = [];
			for (const [index, {title, keys, has}] of steps.entries()) {
				screen.press(keys);
				const picture = (lines: readonly string[]): string =>
					`${title}\n${'='.repeat(title.length)}\n${conversationOf(lines)}`;
				await screen.waitFor(lines => has.test(conversationOf(lines)));
				if (isKept) await sleep(1000);
				else await screen.waitFor(lines => picture(lines).trimEnd() === expected[index]?.trimEnd());
				shown.push(picture(screen.lines()));
			}
			if (isKept) writeFileSync(file, `${shown.join('\n\f\n')}\n`);
		});
});
