/** Which pictures there are of the demo, and which keys lead to them: `npm run pictures` makes all of it. */
import type {Recording} from './terminal-recording.ts';

const [altA, functionKey1, escape, enter] = ['\u001Ba', '\u001BOP', '\u001B', '\r'];

/** The screen when nothing more happens by itself; counts and times are given because they come last. */
const screen = (counts: string, chosen: string): RegExp =>
	new RegExp(`@you:demo\\.test +${counts} *\n.*▸ ${chosen}[^│├]*[│├].*\n {10,}F1 help[^\n]*$`, 's');

/** Connected, the first chat read, and all have written who write by themselves: Zoé and the book club. */
const isComplete = /Zoé [^│]*12:45 +4 .*Book club [^│]*12:45 +2 .*▸ mx [^│]*12:45 +[│├].*\n {10,}F1 help[^\n]*$/s;
const isGeneral = screen('13 unread · 3 mentions', 'general [^│]*12:41');

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
			{press: altA, until: isGeneral, seconds: 1},
			{
				press: altA,
				until: screen('12 unread · 2 mentions', 'Where is Minka\\? 🐈 [^│]*12:39'),
				seconds: 1,
				picture: {
					name: 'inbox',
					title: 'mx',
					description:
						'On the left the inbox: requests and favourites, then the chats of each network in a section of its own, with what is unread and who waits for a reply. On the right a room about a lost cat with a photo, a voice message, reactions, a reply and new messages, and below them the line to write in.',
				},
			},
		],
	},
	{
		columns: 90,
		rows: 23,
		cast: 'demo',
		steps: [
			{until: isComplete, seconds: 2.5},
			{press: altA, until: isGeneral, seconds: 2.5},
			{type: '/go Anna Kowalska', until: /> \/go Anna Kowalska/, seconds: 0.5},
			{press: enter, until: screen('12 unread · 3 mentions', 'SG Anna '), seconds: 2.5},
			{type: 'red or white?', until: /> red or white\?/, seconds: 0.5},
			{press: enter, until: /▸ SG Anna [^│├]*[│├].*you +red or white\? +✓/s, seconds: 0.8},
			{until: /Anna Kowalska is typing/, seconds: 1.5},
			{
				until: /12 unread .*▸ SG Anna [^│├]*[│├].*red! the white one last year/s,
				seconds: 2.5,
				picture: {
					name: 'conversation',
					title: 'mx',
					description:
						'A chat with Anna, who is on Signal, WhatsApp and SMS: reactions, a reply, a picture that she has sent, a question to her with its sign of delivery, and her answer.',
				},
			},
			{type: '/go Zoé', until: /> \/go Zoé/, seconds: 0.5},
			{
				press: enter,
				until: screen('11 unread · 3 mentions', 'Zoé [^│]*12:45'),
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
