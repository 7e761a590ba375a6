/** What `/help` says in the linear view: how it works, every word, or one word. */
import {closestName} from '../../commands/closest-name.ts';
import {plainTable, screenOnlyWords, type PlainWord} from '../../commands/plain-table.ts';
import {screenTable} from '../../commands/screen-table.ts';
import {findSlash, slashUsage} from '../../commands/slash.ts';
import {literal, safeText, type SafeText} from '../../text/safe-text.ts';

/** @returns the word of the linear view by its name or alias. */
export const findPlainWord = (word: string): PlainWord | undefined =>
	plainTable.find(({name, aliases}) => name === word || aliases.includes(word));

const wordLine = (usage: string, summary: string): SafeText => safeText(`${usage}: ${summary}.`, 'line');

const usageOf = ({name, usage}: PlainWord): string => (usage === '' ? `/${name}` : `/${name} ${usage}`);

const otherWords = screenTable.filter(
	({isSlash, name}) => isSlash && findPlainWord(name) === undefined && !screenOnlyWords.has(name),
);

const basics: readonly SafeText[] = [
	literal`What you type is sent to the open room. A line that begins with a slash is a command; // sends a slash.`,
	literal`A line that ends in a blank and a backslash goes on in the next one.`,
	literal`/rooms lists your rooms; a number then opens one. /go NAME opens a room by name. /next opens the next unread one.`,
	literal`/older says what was written before. /read marks the room as read; /read all every room.`,
	literal`/reply answers the newest message, /react 👍 reacts to it. /select chooses another one first.`,
	literal`/edit changes your last message, /redact removes it. /retry sends again what failed.`,
	literal`An empty line says where you are. /cancel drops what is open. /quit leaves; so does the end of the input.`,
	literal`/help all says every word, /help WORD what one does.`,
];

const allLines = (): readonly SafeText[] => [
	...plainTable.map(word => wordLine(usageOf(word), word.summary)),
	...otherWords.map(command => wordLine(slashUsage(command), command.summary)),
];

/** @returns every word that can be typed behind a slash. */
const allNames = (): readonly string[] => [
	...plainTable.flatMap(({name, aliases}) => [name, ...aliases]),
	...otherWords.flatMap(({name, aliases = []}) => [name, ...aliases]),
];

/** @returns why a word is not run. */
export const unknownWord = (word: string): SafeText => {
	const close = closestName(word, allNames());
	const hint = close === undefined ? '/help all says every word' : `Did you mean /${close}?`;
	return safeText(`There is no /${word}. ${hint}${close === undefined ? '; // sends a slash.' : ''}`, 'line');
};

/** @param asked empty: how it works; `all`; or a word */
export const plainHelp = (asked: string): readonly SafeText[] => {
	const word = asked.replace(/^\//, '');
	if (word === '') return basics;
	if (word === 'all') return allLines();
	const own = findPlainWord(word);
	if (own !== undefined) return [wordLine(usageOf(own), own.summary)];
	const command = findSlash(word, screenTable);
	if (command === undefined) return [unknownWord(word)];
	const details = Object.entries(command.parameters).map(([name, {summary}]) => wordLine(name.toUpperCase(), summary));
	const others = (command.aliases ?? []).map(alias => `/${alias}`).join(', ');
	return [
		wordLine(slashUsage(command), command.summary),
		...details,
		...(others === '' ? [] : [safeText(`The same: ${others}.`, 'line')]),
	];
};
