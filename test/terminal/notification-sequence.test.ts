/** Notifications through the terminal: the right way for each, whole through tmux and screen, and harmless whatever they say. */
import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {suite, test} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {
	notificationSequence,
	notificationWay,
	type NotificationWay,
} from '../../source/terminal/notification-sequence.ts';
import {runNotifyCommand} from '../../source/terminal/notify-command.ts';
import {hostilePayloads} from '../corpus/terminal.ts';

const escape = '\u001B';
const st = `${escape}\\`;
const bell = '\u0007';
const plainTerminal = {TERM: 'xterm-256color'};
const tmux = {TERM: 'tmux-256color', TMUX: '/tmp/tmux,1,0'};
const screen = {TERM: 'screen-256color', STY: '1.pts'};
const news = {title: 'Lunch', body: 'Anna: the salad, please'};
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const sequence = (way: NotificationWay, environment: Readonly<Record<string, string>>, text = news, isAscii = false) =>
	notificationSequence(way, text, {environment, isAscii});

suite('sequences', () => {
	test('bare', () => {
		assert.equal(sequence('bell', plainTerminal), bell);
		assert.equal(sequence('osc9', plainTerminal), `${escape}]9;Lunch: Anna: the salad, please${st}`);
		assert.equal(sequence('osc777', plainTerminal), `${escape}]777;notify;Lunch;Anna: the salad, please${st}`);
		assert.equal(
			sequence('osc99', plainTerminal),
			`${escape}]99;i=mx:d=0:p=title:e=1;${base64('Lunch')}${st}${escape}]99;i=mx:d=1:p=body:e=1;${base64(news.body)}${st}`,
		);
	});

	test('through tmux each one is wrapped with doubled ESC, and the bell marks the window', () => {
		const wrapped = `${escape}Ptmux;${escape}${escape}]777;notify;Lunch;Anna: the salad, please${escape}${escape}\\${st}`;
		assert.equal(sequence('osc777', tmux), wrapped + bell);
		assert.equal(sequence('osc99', tmux).split(`${escape}Ptmux;`).length, 3);
		assert.equal(sequence('bell', tmux), bell);
	});

	test('through screen it ends with BEL inside, as ST would end the wrapping', () => {
		assert.equal(sequence('osc9', screen), `${escape}P${escape}]9;Lunch: Anna: the salad, please${bell}${st}${bell}`);
	});

	test('whatever a message says, one sequence goes out and nothing else', () => {
		const isWhole = {
			osc9: new RegExp(`^${escape}\\]9;[^\\u0000-\\u001F\\u007F-\\u009F;]*${escape}\\\\$`),
			osc777: new RegExp(
				`^${escape}\\]777;notify;[^\\u0000-\\u001F\\u007F-\\u009F;]*;[^\\u0000-\\u001F\\u007F-\\u009F;]*${escape}\\\\$`,
			),
			osc99: new RegExp(`^(?:${escape}\\]99;i=mx:d=[01]:p=(?:title|body):e=1;[\\w+/=]*${escape}\\\\){2}$`),
		};
		for (const {payload} of hostilePayloads)
			for (const way of ['osc9', 'osc777', 'osc99'] as const) {
				const written = sequence(way, plainTerminal, {title: `a${payload}z`, body: `b${payload}y`});
				assert.match(written, isWhole[way], `${way} ${JSON.stringify(payload)}`);
				assert.ok(written.length < 2500);
				const inside = sequence(way, tmux, {title: `a${payload}z`, body: `b${payload}y`});
				// Within the wrapping each ESC is doubled, so that none ends it early.
				const parts = inside.slice(0, -1).split(new RegExp(`(?<=[^${escape}]${escape}\\\\)(?=${escape}Ptmux;)`));
				for (const part of parts) {
					const inner = part.slice(`${escape}Ptmux;`.length, -st.length);
					assert.doesNotMatch(inner.replaceAll(escape + escape, ''), /[\u0000-\u001F\u007F-\u009F]/);
				}
			}
	});

	test('a terminal without UTF-8 gets ASCII', () => {
		assert.match(
			sequence('osc9', plainTerminal, {title: 'Müsli', body: '漢字 🎉'}, true),
			new RegExp(`^${escape}\\]9;Musli: \\?+ \\?${escape}`),
		);
	});
});

test('the way that a terminal understands, by its name and by what programs leave in the environment', () => {
	const rows: readonly (readonly [Readonly<Record<string, string>>, string | undefined, NotificationWay])[] = [
		[{TERM: 'xterm-kitty'}, undefined, 'osc99'],
		[plainTerminal, 'kitty(0.40.0)', 'osc99'],
		[plainTerminal, 'ghostty 1.1.0', 'osc777'],
		[plainTerminal, 'WezTerm 20250101', 'osc777'],
		[{TERM: 'foot'}, undefined, 'osc777'],
		[{TERM: 'rxvt-unicode-256color'}, undefined, 'osc777'],
		[plainTerminal, 'Konsole 24.08', 'osc777'],
		[plainTerminal, 'iTerm2 3.5.0', 'osc9'],
		[{...plainTerminal, TERM_PROGRAM: 'iTerm.app'}, undefined, 'osc9'],
		[{...plainTerminal, TERM_PROGRAM: 'Apple_Terminal'}, undefined, 'bell'],
		[{...plainTerminal, TERM_PROGRAM: 'vscode'}, undefined, 'bell'],
		[{TERM: 'alacritty'}, undefined, 'bell'],
		[plainTerminal, 'XTerm(379)', 'bell'],
		[plainTerminal, 'VTE(7000)', 'bell'],
		[plainTerminal, undefined, 'bell'],
		[{TERM: 'linux'}, undefined, 'bell'],
		[tmux, 'tmux 3.5', 'osc9'],
		[{...tmux, KITTY_WINDOW_ID: '1'}, 'tmux 3.5', 'osc99'],
		[{...tmux, LC_TERMINAL: 'iTerm2'}, undefined, 'osc9'],
		[{...tmux, WEZTERM_PANE: '0'}, undefined, 'osc777'],
		[screen, undefined, 'osc9'],
	];
	for (const [environment, name, expected] of rows)
		assert.equal(notificationWay(environment, name), expected, JSON.stringify([environment, name]));
});

suite('a program of the person', () => {
	const withScript = async (script: string, task: (file: string, output: string) => Promise<void>): Promise<void> => {
		const directory = mkdtempSync(path.join(tmpdir(), 'mx-notify-'));
		try {
			const file = path.join(directory, 'notify');
			writeFileSync(file, `#!/bin/sh\n${script}\n`, {mode: 0o755});
			await task(file, path.join(directory, 'said'));
		} finally {
			rmSync(directory, {recursive: true, force: true});
		}
	};

	test('gets title and text as its last arguments and in its environment, and no shell reads them', async () => {
		await withScript('printf "%s\\n" "$@" "$MX_TITLE" "$MX_BODY" > "$SAID"', async (file, said) => {
			const hostile = {title: '$(touch /tmp/x) `id`', body: '--urgency=critical; \u001B[31m"quoted"\nnext'};
			await runNotifyCommand(hostile, {command: [file, '-a', 'mx'], environment: {PATH: '/bin:/usr/bin', SAID: said}});
			const [title, body] = ['$(touch /tmp/x) `id`', ' --urgency=critical;  [31m"quoted" next'];
			assert.deepEqual(readFileSync(said, 'utf8').trimEnd().split('\n'), ['-a', 'mx', title, body, title, body]);
		});
	});

	test('that is not there, or fails, is named with what to do', async () => {
		const run = async (command: readonly string[]) => runNotifyCommand(news, {command, environment: {}});
		const isSaid = (why: RegExp) => (error: unknown) =>
			error instanceof ExpectedError && why.test(error.message) && error.report.next !== undefined;
		await assert.rejects(run(['/nowhere/notify-me']), isSaid(/could not be started/));
		await withScript('exit 3', async file => assert.rejects(run([file]), isSaid(/ended with the error 3/)));
	});
});
