/** What terminals answer to the probe, whole, in pieces, and not at all. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import xterm from '@xterm/headless';
import {createInputDecoder} from '../../source/terminal/input-decoder.ts';
import {createTerminalProbe, unknownCapabilities} from '../../source/terminal/terminal-probe.ts';

const escape = '\u001B';
const st = `${escape}\\`;

/** Answers as terminals give them, in the order of the questions (kitty 0.26, xterm 379, mlterm 3.9, screen 4.9). */
const kitty = [
	`${escape}]11;rgb:1616/1818/1d1d${st}`,
	`${escape}P>|kitty(0.26.5)${st}`,
	`${escape}[?2026;2$y`,
	`${escape}[?2027;0$y`,
	`${escape}[6;18;9t`,
	`${escape}_Gi=31;OK${st}`,
	`${escape}[?62;c`,
];
const xterm379 = [
	`${escape}]11;rgb:ffff/ffff/ffff${st}`,
	`${escape}P>|XTerm(379)${st}`,
	`${escape}[?2026;0$y`,
	`${escape}[?2027;0$y`,
	`${escape}[?64;1;2;6;9;15;16;17;18;21;22;28c`,
];
const mlterm = [`${escape}]11;rgb:0000/0000/0000\u0007`, `${escape}[6;17;8t`, `${escape}[?63;1;2;3;4;7;29c`];
const screen49 = [`${escape}[?1;2c`];

/** Feeds bytes as they are read, and gives the replies to the probe. */
const ask = (chunks: readonly string[], environment: Readonly<Record<string, string>> = {TERM: 'xterm-256color'}) => {
	const probe = createTerminalProbe(environment, () => 0);
	const decoder = createInputDecoder();
	probe.query();
	const others: string[] = [];
	for (const chunk of chunks)
		for (const event of decoder.write(chunk))
			if (event.kind === 'reply') probe.accept(event.text);
			else others.push(event.kind);
	return {probe, others};
};

suite('the probe', () => {
	test('answers of kitty, xterm, mlterm and screen', () => {
		assert.deepEqual(ask(kitty).probe.capabilities(), {
			isComplete: true,
			name: 'kitty(0.26.5)',
			hasKittyKeyboard: false,
			hasSynchronizedOutput: true,
			hasGraphemeClusters: false,
			hasKittyGraphics: true,
			hasSixel: false,
			cell: {width: 9, height: 18},
			background: 'dark',
		});
		assert.deepEqual(ask(xterm379).probe.capabilities(), {
			...unknownCapabilities,
			isComplete: true,
			name: 'XTerm(379)',
			background: 'light',
		});
		const {hasSixel, cell, background} = ask(mlterm).probe.capabilities();
		assert.deepEqual([hasSixel, cell, background], [true, {width: 8, height: 17}, 'dark']);
		assert.deepEqual(ask(screen49).probe.capabilities(), {...unknownCapabilities, isComplete: true});
	});

	test('answers torn apart at every byte, or all in one read, mean the same and are no keys', () => {
		for (const answers of [kitty, xterm379, mlterm]) {
			const whole = ask(answers).probe.capabilities();
			const bytes = answers.join('');
			for (const chunks of [[bytes], Array.from(bytes)]) {
				const {probe, others} = ask(chunks);
				assert.deepEqual(probe.capabilities(), whole);
				assert.deepEqual(others, []);
			}
		}
	});

	test('what is typed while the answers come is typed', () => {
		const decoder = createInputDecoder();
		const events = decoder.write(`h${kitty.join('i')}\r`);
		const typed = events.filter(event => event.kind !== 'reply');
		assert.deepEqual(typed, [
			{kind: 'text', text: 'h'},
			...kitty.slice(1).map(() => ({kind: 'text', text: 'i'})),
			{kind: 'key', key: 'enter'},
		]);
	});

	test('the answer that every terminal gives ends the wait; a terminal that says nothing is not waited for', () => {
		let time = 0;
		const probe = createTerminalProbe({TERM: 'xterm'}, () => time);
		assert.equal(probe.isWaiting(), false);
		assert.ok(probe.query().endsWith(`${escape}[c`));
		assert.equal(probe.isWaiting(), true);
		probe.accept(`${escape}[?62;c`);
		assert.equal(probe.isWaiting(), false);
		probe.query();
		time = 2999;
		assert.equal(probe.isWaiting(), true);
		time = 3000;
		assert.equal(probe.isWaiting(), false);
	});

	test('after a return another terminal may answer: what the one before could is forgotten', () => {
		const {probe} = ask(kitty);
		probe.query();
		assert.equal(probe.capabilities().hasKittyGraphics, true);
		for (const answer of xterm379) probe.accept(answer);
		assert.equal(probe.capabilities().hasKittyGraphics, false);
		assert.equal(probe.capabilities().name, 'XTerm(379)');
	});

	test('nobody is asked what he would print or take for something else', () => {
		const asked = (environment: Readonly<Record<string, string>>) => createTerminalProbe(environment).query();
		assert.equal(asked({}), '');
		assert.equal(asked({TERM: 'dumb'}), '');
		assert.equal(asked({TERM: 'linux'}), `${escape}[c`);
		assert.ok(asked({TERM: 'xterm-kitty'}).includes('_G'));
		for (const inside of [{TERM: 'tmux-256color'}, {TERM: 'screen'}, {TERM: 'xterm', TMUX: '/tmp/tmux,1,0'}])
			assert.ok(!asked(inside).includes('_G'));
		assert.ok(!asked({TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal'}).includes('$p'));
	});

	test('hostile answers say nothing', () => {
		const hostile = [
			`${escape}P>|\u0001evil\u202E${'x'.repeat(500)}${st}`,
			`${escape}[6;0;0t`,
			`${escape}[6;99999;1t`,
			`${escape}[?2026;4$y`,
			`${escape}_Gi=31;ENOTSUPPORTED:no${st}`,
			`${escape}]11;rgb:${st}`,
		];
		const {probe} = ask([]);
		for (const answer of hostile) probe.accept(answer);
		const {name = '', ...others} = probe.capabilities();
		assert.match(name, /^evilx{76}$/);
		assert.deepEqual(others, Object.fromEntries(Object.entries(unknownCapabilities).filter(([key]) => key !== 'name')));
	});

	test('a real terminal model answers, and the answers are read', async () => {
		const terminal = new xterm.Terminal({cols: 80, rows: 24, allowProposedApi: true});
		const probe = createTerminalProbe({TERM: 'xterm-256color'});
		const decoder = createInputDecoder();
		const {promise, resolve} = Promise.withResolvers<void>();
		terminal.onData(data => {
			for (const event of decoder.write(data)) if (event.kind === 'reply') probe.accept(event.text);
			if (probe.capabilities().isComplete) resolve();
		});
		terminal.write(probe.query());
		await promise;
		assert.equal(probe.isWaiting(), false);
		const shown = terminal.buffer.active.getLine(0)?.translateToString(true);
		assert.equal(shown, '', 'a question is not drawn');
	});
});
