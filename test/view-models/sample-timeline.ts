/** A room with Anna for the tests of the timeline, and the lines it shows. */
import {createTimeline} from '../../source/view-models/timeline.ts';
import {at, me, member, now, text, type SampleAccount, type SampleEvent} from '../ui/sample-account.ts';
import {keyOf} from './default-keys.ts';

export const anna = '@anna:one.test';
export const roomId = '!room:one.test';

export const annaJoined = member(anna, 'Anna');

/** `count` messages of Anna, one a minute, `text 0` the oldest. */
export const chatter = (count: number, first = 0): readonly SampleEvent[] =>
	Array.from({length: count}, (_, index) =>
		text(anna, `text ${first + index}`, {origin_server_ts: at('08:00') + (first + index) * 60_000}),
	);

/** Opens the room. @returns its timeline, and what is seen without styles and indents */
export const openTimeline = (account: SampleAccount, size = {width: 60, rows: 12}, id = roomId) => {
	const timeline = createTimeline({
		source: account.reader,
		userId: me,
		now: () => now,
		keyOf,
		onError(error) {
			throw error;
		},
	});
	timeline.resize(size);
	timeline.open(account.reader.roomById(id));
	const lines = (): readonly string[] => {
		const seen = timeline.view().rows.flatMap(row => row.lines);
		return seen.map(line =>
			line
				.map(part => part.text)
				.join('')
				.trim(),
		);
	};
	return {timeline, lines};
};
