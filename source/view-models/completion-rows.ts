/** The rows of the completion menu: who and what fits to what is typed, best first, and what taking one puts into the text. */
import type {BotCommand} from '../bridges/bot-commands.ts';
import {writeFileWord} from '../domain/file-word.ts';
import {isRoomAlias} from '../domain/identifiers.ts';
import type {Mention} from '../domain/mention.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {graphemesOf} from '../text/graphemes.ts';
import type {CompletionCommand, CompletionPlace} from './completion-place.ts';

/** Somebody whom a text may name. All strings are untrusted. */
export type CompletionPerson = {
	readonly userId: string;
	readonly displayName: string | undefined;
	/** Somebody else in the room is called the same. */
	readonly isAmbiguous: boolean;
};

/** A room that a text may name. All strings are untrusted. */
export type CompletionRoom = {
	readonly roomId: string;
	readonly name: string;
	readonly alias: string | undefined;
	/** Servers by which the room id can be found. */
	readonly servers: readonly string[];
	/** Another room is called the same. */
	readonly isAmbiguous: boolean;
};

export type CompletionEmoji = {readonly emoji: string; readonly code: string};

/** A file or folder; a folder ends in a slash. */
export type CompletionFile = {readonly path: string};

/** Where rows come from; at most `limit` of them, best first. What is still being read is `undefined`, and comes later. */
export type CompletionSource = {
	readonly commands: readonly CompletionCommand[];
	/** People of a room, those who spoke lately first. */
	readonly people: (rid: number, query: string, limit: number) => readonly CompletionPerson[];
	/** People of the room, then those whom there is a direct chat with. */
	readonly knownPeople: (rid: number, query: string, limit: number) => readonly CompletionPerson[];
	/** People whom there is a direct chat with, and who are not in the room. */
	readonly outsiders: (rid: number, query: string, limit: number) => readonly CompletionPerson[];
	readonly rooms: (query: string, limit: number) => readonly CompletionRoom[];
	readonly emoji: (query: string, limit: number) => readonly CompletionEmoji[] | undefined;
	readonly files: (query: string, limit: number) => readonly CompletionFile[] | undefined;
	/** The networks on which the person can be written to whose chat a room is. */
	readonly networks: (rid: number) => readonly SafeText[];
	/** What the bot of a bridge can be told in the room with it; nothing elsewhere. */
	readonly botCommands: (rid: number) => readonly BotCommand[];
	/** How many people `@room` would notify; `undefined` where the person may not. */
	readonly everybody: (rid: number) => number | undefined;
};

/** One row. */
export type CompletionRow = {
	readonly key: string;
	readonly label: SafeText;
	readonly detail: SafeText;
	/** What takes the place of the word. */
	readonly insert: string;
	readonly mention?: Mention | undefined;
	/** Whether a blank follows. @default true */
	readonly isOpen?: boolean;
};

/** Graphemes: a longer name is written as its id. */
const longestName = 60;

/** A name as it can stand in a text of one line; `undefined` where only the id can. */
const writtenName = (name: string | undefined, sign: '@' | '#'): string | undefined => {
	const clean = safeText(name, 'name');
	const bare = sign === '#' ? clean.replace(/^#+\s*/, '') : clean.replace(/^@+/, '');
	if (bare === '' || graphemesOf(bare).length > longestName || bare.toLowerCase() === 'room') return undefined;
	// What looks like an id must be the id.
	return /^\S+:\S+$/.test(bare) ? undefined : sign + bare;
};

const personRow = (person: CompletionPerson): CompletionRow => {
	const {userId, displayName, isAmbiguous} = person;
	const name = isAmbiguous ? undefined : writtenName(displayName, '@');
	return {
		key: userId,
		label: safeText(displayName, 'name', userId),
		detail: safeText(userId, 'name'),
		insert: name ?? userId,
		mention: name === undefined ? undefined : {text: name, id: userId},
	};
};

/** As an argument a person is the id. */
const userRow = (person: CompletionPerson): CompletionRow => ({
	...personRow(person),
	insert: person.userId,
	mention: undefined,
});

const everybodyRow = (count: number): CompletionRow => ({
	key: '@room',
	label: literal`@room`,
	detail: literal`notifies everybody here: ${count} ${count === 1 ? literal`person` : literal`people`}`,
	insert: '@room',
});

/** A room without an address is named, and its link leads there by the id. */
const roomRow = ({roomId, name, alias, servers, isAmbiguous}: CompletionRoom): CompletionRow => {
	const address = alias !== undefined && isRoomAlias(alias) && safeText(alias, 'name') === alias ? alias : undefined;
	const written = isAmbiguous ? undefined : writtenName(name, '#');
	const insert = address ?? written ?? roomId;
	return {
		key: roomId,
		label: safeText(name, 'name', roomId),
		detail: safeText(alias ?? '', 'name'),
		insert,
		mention: {text: insert, id: address ?? roomId, servers: address === undefined ? servers : []},
	};
};

/** As an argument a room is what the command finds it by. */
const roomArgumentRow = (room: CompletionRoom, isRest: boolean): CompletionRow => {
	const row = roomRow(room);
	const name = safeText(room.name, 'name');
	const isName = isRest && !room.isAmbiguous && name === room.name && !/^[#!@]/.test(name);
	const insert = room.alias ?? (isName ? name : room.roomId);
	return {...row, insert, mention: undefined};
};

const commandRow = ({name, usage, summary, parameters}: CompletionCommand): CompletionRow => ({
	key: name,
	label: safeText(usage, 'name'),
	detail: safeText(summary, 'name'),
	insert: `/${name}`,
	isOpen: parameters.length === 0,
});

/** By the beginning of a name, then by that of an alias. */
const commandRows = (
	commands: readonly CompletionCommand[],
	query: string,
	limit: number,
): readonly CompletionRow[] => {
	const word = query.toLowerCase();
	const byName = commands.filter(({name}) => name.startsWith(word));
	const byAlias = commands.filter(each => !byName.includes(each) && each.aliases.some(alias => alias.startsWith(word)));
	const exact = [...byName, ...byAlias].filter(({name, aliases}) => name === word || aliases.includes(word));
	const sorted = byName.toSorted((first, second) => (first.name < second.name ? -1 : 1));
	return [...new Set([...exact, ...sorted, ...byAlias])].slice(0, limit).map(commandRow);
};

const botRow = ({name, parameters, summary}: BotCommand): CompletionRow => ({
	key: `${name} ${parameters}`,
	label: safeText(`${name} ${parameters}`.trim(), 'name'),
	detail: safeText(summary, 'name'),
	insert: name,
	isOpen: parameters === '',
});

/** Bots tell capital letters from small ones no more than people do. */
const botRows = (commands: readonly BotCommand[], query: string, limit: number): readonly CompletionRow[] =>
	commands
		.filter(({name}) => name.toLowerCase().startsWith(query.toLowerCase()))
		.slice(0, limit)
		.map(botRow);

const emojiRow = ({emoji, code}: CompletionEmoji): CompletionRow => ({
	key: emoji,
	label: safeText(emoji, 'name'),
	detail: safeText(`:${code}:`, 'name'),
	insert: emoji,
});

/** @param isRest it is the last argument, which takes blanks as they are */
const fileRow = ({path}: CompletionFile, isRest: boolean): CompletionRow => ({
	key: path,
	// The folder stands in the composer.
	label: safeText(/[^/]*\/?$/.exec(path)?.[0], 'name', path),
	detail: literal``,
	insert: isRest ? path : writeFileWord(path),
	isOpen: path.endsWith('/'),
});

const peopleRows = (source: CompletionSource, rid: number, query: string, limit: number): readonly CompletionRow[] => {
	const rows = source.people(rid, query, limit).map(personRow);
	const word = query.toLowerCase();
	const everybody = word === '' || 'room'.startsWith(word) ? source.everybody(rid) : undefined;
	if (everybody === undefined) return rows;
	// A person is meant more often.
	return word === 'room' ? [everybodyRow(everybody), ...rows] : [...rows, everybodyRow(everybody)].slice(-limit);
};

/**
 * @param rid number of the open room
 * @returns at most `limit` rows; `undefined` while they are being read
 */
export const completionRows = (
	source: CompletionSource,
	place: CompletionPlace,
	rid: number,
	limit: number,
): readonly CompletionRow[] | undefined => {
	const {kind, query, isRest = false, words = []} = place;
	switch (kind) {
		case 'person':
			return peopleRows(source, rid, query, limit);
		case 'room':
			return source.rooms(query, limit).map(roomRow);
		case 'emoji':
			return source.emoji(query, limit)?.map(emojiRow);
		case 'command':
			return commandRows(source.commands, query, limit);
		case 'argument-room':
			return source.rooms(query.replace(/^#/, ''), limit).map(room => roomArgumentRow(room, isRest));
		case 'argument-user':
			return source.knownPeople(rid, query.replace(/^@/, ''), limit).map(userRow);
		case 'argument-member':
			return source.people(rid, query.replace(/^@/, ''), limit).map(userRow);
		case 'argument-outsider':
			return source.outsiders(rid, query.replace(/^@/, ''), limit).map(userRow);
		case 'argument-file':
			return source.files(query, limit)?.map(file => fileRow(file, isRest));
		case 'argument-network':
			return source
				.networks(rid)
				.filter(name => name.toLowerCase().startsWith(query.toLowerCase()))
				.slice(0, limit)
				.map(name => ({key: name, label: name, detail: literal``, insert: name}));
		case 'argument-reaction':
			return source.emoji(query.replace(/^:/, ''), limit)?.map(emojiRow);
		case 'argument-word':
			return words
				.filter(word => word.toLowerCase().startsWith(query.toLowerCase()))
				.map(word => ({key: word, label: safeText(word, 'name'), detail: literal``, insert: word}));
		case 'argument-bot':
			return botRows(source.botCommands(rid), query, limit);
		default:
			return kind satisfies never;
	}
};
