/** What the modes of vim know in the composer, for the help and the manual: its keys by kind, and its words for commands. */

/** Some keys, with blanks between them, and what they do. */
export type VimEntry = {readonly keys: string; readonly summary: string};

export type VimSection = {
	readonly kind: 'motion' | 'operator' | 'object' | 'change' | 'visual' | 'screen';
	readonly title: string;
	readonly entries: readonly VimEntry[];
};

/** In the order of the help. `view-models/vim-mode.ts` and `vim-visual.ts` know these keys; a test holds both together. */
export const vimSections: readonly VimSection[] = [
	{
		kind: 'motion',
		title: 'Normal mode of vim: motions, with a count before them',
		entries: [
			{keys: 'h l', summary: 'A character to the left, to the right'},
			{keys: 'j k', summary: 'A line down, up'},
			{keys: 'w b e', summary: 'To the next word, back to the beginning of one, to the end of one'},
			{keys: 'W B E', summary: 'The same, where only blanks end a word'},
			{keys: '0 ^ $', summary: 'To the beginning of the line, to its first character, to its end'},
			{keys: 'gg G', summary: 'To the first line, to the last; with a count to that line'},
			{keys: 'f F t T', summary: 'To a character of the line: the next one, the one before; up to them'},
			{keys: '; ,', summary: 'The same again, and the other way'},
		],
	},
	{
		kind: 'operator',
		title: 'Normal mode of vim: operators; twice for lines',
		entries: [
			{keys: 'd c y', summary: 'Cut, change, copy what the motion or text object behind it takes'},
			{keys: 'gu gU g~', summary: 'Write in small letters, in capitals, the other way round'},
		],
	},
	{
		kind: 'object',
		title: 'Normal mode of vim: text objects, also while selecting',
		entries: [
			{keys: 'iw aw', summary: 'A word; with the blanks around it'},
			{keys: 'iW aW', summary: 'What stands between blanks; with the blanks around it'},
			{keys: 'i" a" i\' a\' i` a`', summary: 'What stands in quotes; with them'},
			{keys: 'i( a( i[ a[ i{ a{ i< a<', summary: 'What stands in brackets; with them'},
		],
	},
	{
		kind: 'change',
		title: 'Normal mode of vim: changes',
		entries: [
			{keys: 'i a', summary: 'Write before the cursor, behind it'},
			{keys: 'I A', summary: 'Write at the beginning of the line, at its end'},
			{keys: 'o O', summary: 'Write in a new line below, above'},
			{keys: 'x X', summary: 'Cut the character, the one before'},
			{keys: 's S', summary: 'Change the character, the line'},
			{keys: 'D C Y', summary: 'Cut to the end of the line, change to it, copy the line'},
			{keys: 'r R', summary: 'Replace a character, all that is written over'},
			{keys: '~ J', summary: 'The other case, join with the next line'},
			{keys: 'p P', summary: 'Put in what was cut or copied behind the cursor, before it'},
			{keys: '"+ "*', summary: 'What the next command cuts or copies goes to the clipboard of the terminal too'},
			{keys: 'u ^R', summary: 'Undo a change, do it again'},
			{keys: '.', summary: 'Do the last change once more; with a count, so often'},
		],
	},
	{
		kind: 'visual',
		title: 'Normal mode of vim: selecting text',
		entries: [
			{keys: 'v V', summary: 'Select by characters, by lines; again ends it'},
			{keys: 'o', summary: 'Go to the other end of what is selected'},
			{keys: 'd c y p', summary: 'Cut, change, copy or replace what is selected'},
			{keys: 'r ~ u U J', summary: 'Fill it with a character, change its case, join its lines'},
		],
	},
	{
		kind: 'screen',
		title: 'Normal mode of vim: around the text',
		entries: [
			{keys: 'Enter', summary: 'Send'},
			{keys: 'Esc', summary: 'Drop what is begun, then the answer that is written, then select a message'},
			{keys: ':', summary: 'Run a command by its name, or choose one'},
			{keys: '/', summary: 'Search the room'},
			{keys: '^U ^B ^D ^F', summary: 'Scroll a page up, down'},
			{keys: '^Y ^E', summary: 'Scroll a line up, down'},
			{keys: '^W', summary: 'Then k: to the messages; h: to the inbox'},
		],
	},
];

/** What vim calls some commands, behind the colon. */
export const exWords: ReadonlyMap<string, string> = new Map([
	...['q', 'q!', 'qa', 'qa!', 'wq', 'wqa', 'x', 'xa'].map((word): [string, string] => [word, 'quit']),
	['h', 'help'],
	['e', 'go'],
	['ls', 'switcher'],
	['buffers', 'switcher'],
	['bn', 'next-room'],
	['bnext', 'next-room'],
	['bp', 'previous-room'],
	['bprevious', 'previous-room'],
	['b#', 'last-room'],
]);

/** @param commands to take the summaries from. @returns the words of vim by what they do, as `:q :wq` */
export const exEntries = (
	commands: ReadonlyArray<{readonly name: string; readonly summary: string}>,
): readonly VimEntry[] =>
	[...new Set(exWords.values())].map(name => ({
		keys: [...exWords].flatMap(([word, meant]) => (meant === name ? [`:${word}`] : [])).join(' '),
		summary: commands.find(each => each.name === name)?.summary ?? name,
	}));

/** Title of the words of vim in the help. */
export const exTitle = 'Words of vim behind the colon, besides those of all commands';
