/** The screen on Anna, who is on three networks, for tests. */
import type {setUpSampleScreen, SampleScreenOptions} from './sample-screen.ts';
import {storingAnswers, waiting} from './message-session.ts';

export const altR = '\u001Br';
export const enter = '\r';

type Sample = ReturnType<typeof setUpSampleScreen>;
export type Screen = Awaited<ReturnType<Sample['open']>>['screen'];

export const tell = (screen: Screen, rids: readonly number[]): void =>
	screen.notify({kind: 'changed', rids, isListChanged: true});

export const shown = (screen: Screen): string => screen.lines().join('\n');

/** Opens Anna by her row, with a session that stores what it is asked for. */
export const openAnna = async (sample: Sample, options: SampleScreenOptions = {}) => {
	const answers = {...storingAnswers(sample.account), ...options.answers};
	const opened = await sample.open({columns: 100, rows: 30, ...options, answers});
	opened.screen.press(enter);
	await opened.screen.waitFor('look at this');
	return opened;
};

/** Texts that wait to be sent in a room. */
export const bodies = (sample: Sample, roomId: string): readonly unknown[] =>
	waiting(sample.account, roomId).map(({content}) => content['body']);
