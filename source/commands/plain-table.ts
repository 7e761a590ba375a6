/** The words of the linear view (`mx --plain`) that the screen has no need of: there, eyes and keys do it. */

/** What these words do. */
export type PlainActions = {
	/** Lists rooms with numbers. @param which a filter, a space, or a part of a name; empty: unread ones, then the latest */
	readonly listRooms: (which: string) => void;
	/** @param room name or a part of it, alias, id, person. @returns whether it was found: then it is open */
	readonly goTo: (room: string) => boolean;
	/** The next part of a long list. */
	readonly goOn: () => void;
	readonly older: () => void;
	/** Lists the last messages to choose one; or selects that many from the newest on. */
	readonly select: (number: string) => void;
	/** Says a message whose words are hidden. */
	readonly reveal: () => void;
	/** Sends what is written and not sent. */
	readonly send: () => void;
	/** Drops what is open, one after the other: a question, a list, an answer, an edit, a selection, what is written. */
	readonly cancel: () => void;
	readonly writeInThread: () => void;
	readonly details: () => void;
	/** Says the open list again. */
	readonly repeat: () => void;
	readonly where: () => void;
	readonly connect: () => void;
	readonly help: (word: string) => void;
};

export type PlainWord = {
	readonly name: string;
	readonly aliases: readonly string[];
	/** What may stand behind it; empty: nothing. */
	readonly usage: string;
	/** One line, imperative, no full stop. */
	readonly summary: string;
	readonly run: (rest: string, actions: PlainActions) => void;
};

export const plainTable: readonly PlainWord[] = [
	{
		name: 'rooms',
		aliases: ['inbox', 'list'],
		usage: '[WHICH]',
		summary:
			'List your rooms: unread, mentions, needs reply, people, snoozed, archived, all, a space, or a part of a name',
		run: (which, actions) => actions.listRooms(which),
	},
	{
		name: 'go',
		aliases: ['switch', 'buffer', 'b'],
		usage: 'ROOM',
		summary: 'Open a room by its name or a part of it, alias, id or person',
		run: (room, actions) => void actions.goTo(room),
	},
	{
		name: 'unread',
		aliases: [],
		usage: '',
		summary: 'List the rooms with something unread',
		run: (_, actions) => actions.listRooms('unread'),
	},
	{
		name: 'mentions',
		aliases: [],
		usage: '',
		summary: 'List the rooms that mention you',
		run: (_, actions) => actions.listRooms('mentions'),
	},
	{name: 'more', aliases: [], usage: '', summary: 'Go on with a long list', run: (_, actions) => actions.goOn()},
	{
		name: 'again',
		aliases: [],
		usage: '',
		summary: 'Say the open list again',
		run: (_, actions) => actions.repeat(),
	},
	{
		name: 'older',
		aliases: ['history'],
		usage: '',
		summary: 'Say what was written before',
		run: (_, actions) => actions.older(),
	},
	{
		name: 'select',
		aliases: [],
		usage: '[NUMBER]',
		summary: 'List the last messages and choose one, for /reply, /react, /edit and the like; 1 is the newest',
		run: (number, actions) => actions.select(number),
	},
	{
		name: 'reveal',
		aliases: [],
		usage: '',
		summary: 'Say the hidden words of the selected message, or of the newest that has some',
		run: (_, actions) => actions.reveal(),
	},
	{
		name: 'details',
		aliases: [],
		usage: '',
		summary: 'Say versions of the selected message, who reacted and who read it',
		run: (_, actions) => actions.details(),
	},
	{
		name: 'write',
		aliases: [],
		usage: '',
		summary: 'Write in the thread that is open, or in that of the selected message',
		run: (_, actions) => actions.writeInThread(),
	},
	{
		name: 'send',
		aliases: [],
		usage: '',
		summary: 'Send what is written and not sent yet',
		run: (_, actions) => actions.send(),
	},
	{
		name: 'cancel',
		aliases: [],
		usage: '',
		summary: 'Drop what is open: a question, a list, an answer, an edit, a selection, then what is written',
		run: (_, actions) => actions.cancel(),
	},
	{
		name: 'where',
		aliases: [],
		usage: '',
		summary: 'Say where you are, as an empty line does',
		run: (_, actions) => actions.where(),
	},
	{
		name: 'connect',
		aliases: [],
		usage: '',
		summary: 'Try the connection now',
		run: (_, actions) => actions.connect(),
	},
	{
		name: 'help',
		aliases: ['commands'],
		usage: '[WORD]',
		summary: 'Say how this works; with all, every word; with a word, what it does',
		run: (word, actions) => actions.help(word),
	},
];

/** Words of the screen that mean nothing without one, and what to do instead. */
export const screenOnlyWords: ReadonlyMap<string, string> = new Map([
	['copy', 'Your terminal can copy what stands above.'],
	['theme', 'There are no colours here.'],
	['mouse', 'There is no mouse here.'],
	['bare', 'There is nothing but the conversation here.'],
	['redraw', 'Nothing is drawn here; an empty line says where you are.'],
	['suspend', 'Ctrl-Z does it.'],
	['preview', 'What you type is sent as it is.'],
	['picture', '/open shows the file with another program.'],
]);
