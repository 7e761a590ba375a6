import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {suite, test} from 'node:test';
import {render} from 'ink';
import {createInkStdin} from '../../source/terminal/input-source.ts';
import {App} from '../../source/ui/app.tsx';
import {createPainter, type Painter} from '../../source/ui/painter.ts';
import {darkTheme} from '../../source/ui/theme.ts';
import {createScreenModel} from '../../source/view-models/screen-model.ts';
import {me, now, openSampleAccount, text} from './sample-account.ts';
import {keyLabel, keyOf} from '../view-models/default-keys.ts';

/** Draws a room whose painter fails for some lines. @returns the last frame and the errors that were told */
const draw = async (fails: (shown: string) => boolean) => {
	const account = openSampleAccount();
	const kept: unknown[] = [];
	const fatal: unknown[] = [];
	const [rid] = account.sync({
		id: '!room:one.test',
		timeline: ['good', 'bad apple', 'better'].map(body => text('@anna:one.test', body)),
	});
	const model = createScreenModel({
		source: account.reader,
		userId: me,
		now: () => now,
		size: {columns: 80, rows: 24},
		onError: error => kept.push(error),
		hints: () => [],
		keyOf,
		keyLabel,
		commandHint: () => undefined,
		helpLines: () => [],
	});
	model.openRoom(rid);
	const base = createPainter(darkTheme(), 0);
	const paint: Painter = line => {
		if (fails(line.map(part => part.text).join(''))) throw new Error('no paint');
		return base(line);
	};
	let frame = '';
	const write = (chunk: string, callback?: () => void): void => {
		frame = chunk === '' ? frame : chunk;
		callback?.();
	};
	const stdout = Object.assign(new EventEmitter(), {columns: 80, rows: 24, isTTY: true, write});
	const instance = render(
		<App
			store={model.store}
			paint={paint}
			onError={error => kept.push(error)}
			onFatalError={error => fatal.push(error)}
		/>,
		{stdout: stdout as never, stdin: createInkStdin(), debug: true, patchConsole: false, exitOnCtrlC: false},
	);
	await instance.waitUntilRenderFlush();
	const last = frame;
	instance.unmount();
	account.close();
	return {frame: last, kept, fatal};
};

suite('errors while drawing', () => {
	test('of one row stay in that row', async () => {
		const {frame, kept, fatal} = await draw(shown => shown.includes('bad apple'));
		assert.match(frame, /good/);
		assert.match(frame, /this message could not be shown/);
		assert.match(frame, /better/);
		assert.match(frame, /INBOX/);
		assert.equal(kept.length, 1);
		assert.equal(fatal.length, 0);
	});

	test('of one pane stay in that pane', async () => {
		const {frame, kept, fatal} = await draw(shown => shown.includes('INBOX'));
		assert.match(frame, /^could not be shown {8}│ /m);
		assert.match(frame, /better/);
		assert.equal(kept.length, 1);
		assert.equal(fatal.length, 0);
	});

	test('of the frame itself are fatal', async () => {
		const {fatal} = await draw(shown => shown.includes('mx ·'));
		assert.equal(fatal.length, 1);
	});
});
