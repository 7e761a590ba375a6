/** What the tests of notifications share: a terminal without the focus that is told of what comes, and how that is read. */
import assert from 'node:assert/strict';
import type {OpenedScreen} from '../helpers/screen.tsx';
import {state, text, type SampleEvent} from './sample-account.ts';
import {addLunch, anna, lunch, setUpSampleScreen, type SampleScreenOptions} from './sample-screen.ts';

export const focusOut = '\u001B[O';
export const iterm = {TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'iTerm.app'};

/** @returns what was notified by OSC 9, in order. */
export const toldIn = (screen: OpenedScreen): readonly string[] =>
	Array.from(screen.output().matchAll(/\u001B\]9;([^\u0007\u001B]*)\u001B\\/g), ([, said = '']) => said);

/** Gives each test of a file an account with a lunch. */
export const setUpNotifications = () => {
	const sample = setUpSampleScreen();

	const open = async (options: SampleScreenOptions = {}) => {
		addLunch(sample.account);
		const opened = await sample.open({environment: iterm, ...options});
		opened.screen.press(focusOut);
		return opened;
	};

	const receive = (screen: OpenedScreen, timeline: readonly SampleEvent[], more: object = {}): void => {
		const rids = sample.account.sync({id: lunch, timeline, unread: timeline.length, ...more});
		screen.notify({kind: 'changed', rids, isListChanged: true});
	};

	const until = async (screen: OpenedScreen, told: readonly string[]): Promise<void> => {
		try {
			await screen.waitFor(() => JSON.stringify(toldIn(screen)) === JSON.stringify(told));
		} catch {
			assert.deepEqual(toldIn(screen), told);
		}
	};

	/** Something that is told of for sure: what came before it and is not told of by then never will be. */
	const untilTold = async (screen: OpenedScreen, before: readonly string[] = []): Promise<void> => {
		const rids = sample.account.sync({
			id: '!other:one.test',
			state: [state('m.room.name', '', {name: 'Other'})],
			timeline: [text(anna, 'done')],
			unread: 1,
		});
		screen.notify({kind: 'changed', rids, isListChanged: true});
		await until(screen, [...before, `Other: ${anna}: done`]);
	};

	return {sample, open, receive, until, untilTold};
};
