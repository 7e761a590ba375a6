/**
 * The inbox of the demo in each of its modes, as one reads it: screens/inbox-WIDTHxHEIGHT.txt. After a change that is meant, look at what
 * `MX_KEEP_SCREENS=1 node scripts/test.ts --server demo test/demo/inbox-screens.test.ts` writes there.
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

/** The part of the screen that is the inbox. */
const inboxOf = (lines: readonly string[]): string =>
	lines
		.slice(1, -1)
		.map(line => line.split(/ ?[│├]/)[0]?.trimEnd() ?? '')
		.join('\n')
		.trimEnd();

const wheelUp = '\u001B[<64;5;8M';
const alt = (key: string): string => `\u001B${key}`;

/** Folds a section, or unfolds it, without opening a room: what is opened is read. */
const click = (screen: TerminalProgram, header: RegExp): void => {
	const row = screen.lines().findIndex(line => header.test(line)) + 1;
	screen.press(`\u001B[<0;5;${row}M\u001B[<0;5;${row}m`);
};

type Mode = {
	readonly title: string;
	readonly enter: (screen: TerminalProgram) => void;
	/** What it has, and the mode before has not. */
	readonly has: RegExp;
};

const press =
	(keys: string) =>
	(screen: TerminalProgram): void =>
		screen.press(keys);

/** One after the other: each begins where the last one ended. */
const modes: readonly Mode[] = [
	{
		title: 'By network',
		enter: press(alt('i') + wheelUp.repeat(20)),
		has: /▾ Requests[^]*▾ Favourites[^]*▾ WA WhatsApp/,
	},
	{title: 'Requests folded', enter: screen => click(screen, /▾ Requests/), has: /▸ Requests[^]*▾ Favourites/},
	{
		title: 'Favourites folded too',
		enter: screen => click(screen, /▾ Favourites/),
		has: /▸ Requests\W*\d*\W*▸ Favourites/,
	},
	{title: 'In one list by time', enter: press('g'), has: /^ INBOX[^▾]*$/},
	{title: 'Unread', enter: press(alt('2')), has: /INBOX · unread/},
	{title: 'Mentions', enter: press(alt('3')), has: /INBOX · mentions/},
	{title: 'Needs reply', enter: press(alt('4')), has: /INBOX · needs reply/},
	{title: 'People', enter: press(alt('5')), has: /INBOX · people/},
	{title: 'All, narrowed by a name', enter: press(`${alt('1')}/ann`), has: /^ \/ann/},
];

/** What the whole inbox has when the first sync, the detection of bridges and the first keys are through. */
const complete = [
	/▾ SG Signal · \+44 7700 900142[^]*▾ SG Signal · \+44 7700 900777/,
	/▾ Bridges/,
	/deploys +muted/,
	/general .* 4@/,
	/Free gnp\.exe/,
	/Zoé .* 4$/m,
	/Book club .* 2$/m,
	/INBOX +13 unread/,
];

/** Without the minutes since the start. */
const settled = (text: string): string =>
	text.replaceAll(/12:4\d/g, '12:40').replaceAll(/\d+m(?= )/g, age => 'm'.padStart(age.length, '?'));

suite('the inbox of the demo', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
	] as const)
		test(`in each of its modes at ${columns}×${rows}`, async t => {
			const home = path.join(temporaryDirectory(), 'home');
			mkdirSync(home);
			const args = ['demo', '--clock', '2026-11-26T12:40Z', '--script', silent];
			const screen = spawnMxInTerminal(t, args, {home, env: {HOME: home, MX_HOME: undefined}, columns: 120, rows: 70});
			// All of the account is there, and each bot is known.
			for (const sign of complete) await screen.waitFor(lines => sign.test(inboxOf(lines)));
			screen.resize(columns, rows);
			const file = path.join(folder, `inbox-${columns}x${rows}.txt`);
			const isKept = process.env['MX_KEEP_SCREENS'] !== undefined;
			const expected = isKept ? [] : readFileSync(file, 'utf8').split('\n\f\n');
			const shown: string[] = [];
			for (const [index, {title, enter, has}] of modes.entries()) {
				enter(screen);
				const picture = (lines: readonly string[]): string =>
					`${title}\n${'='.repeat(title.length)}\n${settled(inboxOf(lines))}`;
				await screen.waitFor(lines => has.test(inboxOf(lines)));
				if (isKept) await sleep(1000);
				else await screen.waitFor(lines => picture(lines) === expected[index]?.trimEnd());
				shown.push(picture(screen.lines()));
			}
			if (isKept) writeFileSync(file, `${shown.join('\n\f\n')}\n`);
		});
});
