/** Where completion finds people, rooms, emoji and files. */
import type {ScreenCommand} from '../commands/define-command.ts';
import {slashUsage} from '../commands/slash.ts';
import {botCommands} from '../bridges/bot-commands.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {KnownPerson} from '../store/completion-reader.ts';
import {receiptModes} from '../domain/receipt-words.ts';
import {settingChoices} from '../store/settings.ts';
import {loadEmojiNames, type EmojiNames} from '../text/emoji-names.ts';
import type {CompletionCommand} from '../view-models/completion-place.ts';
import {ranked} from '../view-models/completion-rank.ts';
import type {CompletionSource} from '../view-models/completion-rows.ts';
import {networkNames} from '../view-models/via.ts';
import type {EverybodyReader} from './everybody.ts';
import type {FileNames} from './file-names.ts';
import {themeNames} from './themes.ts';

export type CompletionSourceOptions = {
	readonly reader: AccountReader;
	readonly userId: string;
	readonly commands: readonly ScreenCommand[];
	readonly files: FileNames;
	readonly everybodyOf: EverybodyReader;
	/** What was being loaded is there. */
	readonly onLoaded: () => void;
	readonly onError: (error: unknown) => void;
};

/** People and rooms that are read to choose from. */
const mostRead = 50;

/** What a setting that `/set` knows can be. */
const settingWords: Readonly<Record<string, readonly string[]>> = {
	theme: themeNames,
	mouse: ['on', 'off'],
	...settingChoices,
	receiptsBridged: [...receiptModes, 'default'],
	receiptsMatrix: [...receiptModes, 'default'],
};

/** Words that the table of commands does not know, by the name of a command and of its parameter. */
const otherWords: Readonly<Record<string, (before: readonly string[]) => readonly string[]>> = {
	'theme name': () => themeNames,
	'set name': () => Object.keys(settingWords),
	'set value': ([name = '']) => settingWords[name] ?? [],
};

const commandOf = (command: ScreenCommand): CompletionCommand => ({
	name: command.name,
	aliases: command.aliases ?? [],
	usage: slashUsage(command),
	summary: command.summary,
	parameters: Object.entries(command.parameters).map(([name, {kind, isRest = false, words = []}]) => ({
		kind,
		isRest,
		words: otherWords[`${command.name} ${name}`] ?? (() => words),
	})),
});

const namesOf = ({displayName, userId}: KnownPerson): readonly string[] => [displayName ?? '', userId.slice(1)];

const withoutDoubles = (people: readonly KnownPerson[]): readonly KnownPerson[] =>
	[...new Map(people.toReversed().map(person => [person.userId, person])).values()].toReversed();

/** Loads the names of emoji once they are asked for. */
const createEmoji = ({onLoaded, onError}: Pick<CompletionSourceOptions, 'onLoaded' | 'onError'>) => {
	let names: EmojiNames | undefined;
	let isLoading = false;
	const load = async (): Promise<void> => {
		try {
			names = await loadEmojiNames();
		} catch (error) {
			onError(error);
			return;
		}
		onLoaded();
	};
	return (): EmojiNames | undefined => {
		if (!isLoading) void load();
		isLoading = true;
		return names;
	};
};

/** @returns the source, and the emoji of a name where they are loaded */
export const createCompletionSource = (
	options: CompletionSourceOptions,
): CompletionSource & {readonly emojiNamed: (code: string) => string | undefined} => {
	const {reader, userId, commands, files, everybodyOf} = options;
	const {completion} = reader;
	const emoji = createEmoji(options);
	const server = userId.slice(userId.indexOf(':') + 1);

	const people = (rid: number, query: string): readonly KnownPerson[] => {
		const speakers = completion.speakers(rid, mostRead);
		return ranked(withoutDoubles([...speakers, ...completion.members(rid, query, mostRead)]), query, namesOf);
	};

	return {
		commands: commands.filter(({isSlash}) => isSlash).map(commandOf),
		people: (rid, query, limit) => people(rid, query).slice(0, limit),
		knownPeople(rid, query, limit) {
			const contacts = ranked(completion.contacts(query, mostRead), query, namesOf);
			return withoutDoubles([...people(rid, query), ...contacts]).slice(0, limit);
		},
		outsiders(rid, query, limit) {
			const contacts = completion.contacts(query, mostRead).filter(each => !completion.isMember(rid, each.userId));
			return ranked(withoutDoubles(contacts), query, namesOf).slice(0, limit);
		},
		rooms(query, limit) {
			const rooms = ranked(completion.rooms(query, mostRead), query, ({name, alias}) => [name, alias?.slice(1) ?? '']);
			const names = rooms.map(({name}) => name);
			return rooms.slice(0, limit).map(room => {
				const isAmbiguous = names.indexOf(room.name) !== names.lastIndexOf(room.name);
				return {...room, isAmbiguous, servers: [server]};
			});
		},
		emoji: (query, limit) => emoji()?.find(query, limit),
		files: (query, limit) => files.find(query, limit),
		networks: rid => networkNames(reader.personRooms(rid).flatMap(each => reader.room(each) ?? [])),
		botCommands: rid => botCommands(reader.portals.portal(rid)),
		everybody(rid) {
			const {count, needed, own} = everybodyOf(rid);
			return reader.room(rid)?.isDirect === false && own >= needed ? count : undefined;
		},
		emojiNamed: code => emoji()?.named(code),
	};
};
