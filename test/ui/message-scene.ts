/** A lunch with three messages that the tests act on, and how they walk through it. */
import assert from 'node:assert/strict';
import {beforeEach} from 'node:test';
import {storingAnswers} from './message-session.ts';
import {at, me, member, state, text, type SampleEvent} from './sample-account.ts';
import {anna, lunch, setUpSampleScreen, type SampleScreenOptions} from './sample-screen.ts';

export const enter = '\r';
export const escape = '\u001B';
export const ctrlU = '\u0015';
export const up = '\u001B[A';

type Sample = ReturnType<typeof setUpSampleScreen>;
type Screen = Awaited<ReturnType<Sample['open']>>['screen'];

/** Gives each test of a file the lunch. */
export const setUpMessages = () => {
	const sample = setUpSampleScreen();
	let events: {readonly question: SampleEvent; readonly answer: SampleEvent} | undefined;
	beforeEach(() => {
		const question = text(anna, 'are you coming on sunday?', {origin_server_ts: at('18:02', 1)});
		const answer = text(me, 'yes! **what** shall I bring', {origin_server_ts: at('18:40', 1)});
		sample.account.sync({
			id: lunch,
			state: [member(anna, 'Anna Kowalska'), state('m.room.name', '', {name: 'Sunday lunch'})],
			timeline: [question, answer, text(anna, 'the salad, please', {origin_server_ts: at('12:39')})],
		});
		events = {question, answer};
	});
	const event = (name: 'question' | 'answer'): SampleEvent => {
		if (events === undefined) throw new Error('The test has not begun.');
		return events[name];
	};
	return {
		sample,
		/** What Anna asks first. */
		question: () => event('question'),
		/** What the account answers. */
		answer: () => event('answer'),
		/** Opens the screen on the lunch, with a session that stores what it is asked for. */
		open: async (options: SampleScreenOptions = {}) => {
			const opened = await sample.open({...options, answers: {...storingAnswers(sample.account), ...options.answers}});
			opened.screen.press(enter);
			await opened.screen.waitFor('the salad, please');
			return opened;
		},
	};
};

/** The row that is marked. */
export const marked = (screen: Screen): string => screen.lines().find(line => line.includes('▌')) ?? '';

/** Walks until the message with these words is marked. */
export const walk = async (screen: Screen, key: 'j' | 'k', words: string): Promise<void> => {
	for (let step = 0; !marked(screen).includes(words); step += 1) {
		assert.ok(step < 20, `${words} is not there`);
		const before = marked(screen);
		screen.press(key);
		await screen.waitFor(() => marked(screen) !== before);
	}
};

/** Selects the message with these words. */
export const select = async (screen: Screen, words: string): Promise<void> => {
	screen.press(escape);
	await screen.waitFor(() => marked(screen) !== '');
	await walk(screen, 'k', words);
};

/** Waits until nothing on the screen says this any more. */
export const waitUntilGone = async (screen: Screen, words: string): Promise<void> =>
	screen.waitFor(lines => !lines.join('\n').includes(words));

/** The engine says that something changed. */
export const tell = (screen: Screen): void => screen.notify({kind: 'changed', rids: 'all', isListChanged: true});
