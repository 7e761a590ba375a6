/** Which pictures there are of the demo, and which keys lead to them: `npm run pictures` makes all of it. */
import type {Recording} from './terminal-recording.ts';

const [altA, functionKey1, escape, enter] = ['\u001Ba', '\u001BOP', '\u001B', '\r'];

/** All have written who write by themselves: Zoé and the book club do, as soon as mx can decrypt. */
const isComplete = /Zoé +12:45 +4 [^]*Book club +12:45 +2 /;

export type PictureRecording = Recording & {
	/** Name of the file of the recording itself; without it there are only the pictures. */
	readonly cast?: string;
};

export const recordings: readonly PictureRecording[] = [
	{
		columns: 120,
		rows: 40,
		steps: [
			{until: isComplete, seconds: 1},
			{
				press: altA,
				until: /▸ general .*Enter sends to general/s,
				seconds: 1,
				picture: {
					name: 'inbox',
					title: 'mx',
					description:
						'On the left the inbox with chats of many networks, unread ones first. On the right the room “general” with replies, a file, reactions and new messages, and below them the line to write in.',
				},
			},
		],
	},
	{
		columns: 80,
		rows: 24,
		cast: 'demo',
		steps: [
			{until: isComplete, seconds: 2.5},
			{press: altA, until: /▸ general .*Enter sends to general/s, seconds: 2.5},
			{type: '/go Anna Kowalska', until: /> \/go Anna Kowalska/, seconds: 0.5},
			{press: enter, until: /▸ Anna .*Enter sends to Anna/s, seconds: 2.5},
			{type: 'red or white?', until: /> red or white\?/, seconds: 0.5},
			{press: enter, until: /you +red or white\? +✓/, seconds: 0.8},
			{until: /Anna .*is typing/, seconds: 1.5},
			{
				until: /red! the white one last year/,
				seconds: 2.5,
				picture: {
					name: 'conversation',
					title: 'mx',
					description:
						'A chat with Anna, who is on Signal: a picture that she has sent, a question to her with its sign of delivery, and her answer.',
				},
			},
			{type: '/go Zoé', until: /> \/go Zoé/, seconds: 0.5},
			{
				press: enter,
				until: /▸ Zoé .*Enter sends to Zoé/s,
				seconds: 2.5,
				picture: {
					name: 'encrypted',
					title: 'mx',
					description: 'A chat with Zoé, encrypted end to end; an old message in it cannot be read, and mx says why.',
				},
			},
			{
				press: functionKey1,
				until: /Keys and commands/,
				seconds: 2.5,
				picture: {name: 'keys', title: 'mx', description: 'The list of keys and commands that F1 opens.'},
			},
			{press: escape, until: /Enter sends to Zoé/, seconds: 1.5},
		],
	},
];
