/** Who and what a text names: the words that stand in it, and whom they mean. */
import {parseUserId} from './identifiers.ts';
import {asArray, asObject, asString, type JsonObject, type JsonValue} from './json.ts';

/** A person or room that was put into a text by its name. */
export type Mention = {
	/** As it stands in the text: `@Anna Kowalska`, `#Lunch`. */
	readonly text: string;
	/** User id, room id or alias. */
	readonly id: string;
	/** Servers by which a room id can be found. */
	readonly servers?: readonly string[] | undefined;
};

/** @returns the mentions that were kept as JSON; what is none is left out. */
export const parseMentions = (value: unknown): readonly Mention[] =>
	asArray(value).flatMap(each => {
		const mention = asObject(each);
		const text = asString(mention['text']);
		const id = asString(mention['id']);
		if (text === undefined || id === undefined || text.length < 2) return [];
		const servers = asArray(mention['servers']).filter(server => typeof server === 'string');
		return [servers.length === 0 ? {text, id} : {text, id, servers}];
	});

/** @returns mentions as JSON, to be kept. */
export const mentionsJson = (mentions: readonly Mention[]): readonly JsonValue[] =>
	mentions.map(({text, id, servers}) => (servers === undefined ? {text, id} : {text, id, servers}));

/** Scripts that write no blanks: a letter behind a name is not part of it. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const wordCharacter = /[\p{L}\p{M}\p{N}_]/u;

const characterAt = (text: string, index: number): string => {
	const point = text.codePointAt(index);
	return point === undefined ? '' : String.fromCodePoint(point);
};

/** @returns whether a word that ends before `end` ends there: `@Ann` is not in `@Anna`. */
export const isWordEnd = (text: string, end: number): boolean => {
	const next = characterAt(text, end);
	return !wordCharacter.test(next) || unspaced.test(next);
};

/** @returns whether a mention may begin at `start`: not within a word or a mail address. */
export const isMentionStart = (text: string, start: number): boolean => {
	if (start === 0) return true;
	const before = text.charAt(start - 1);
	const isLow = /[\uDC00-\uDFFF]/.test(before);
	const character = isLow ? characterAt(text, start - 2) : before;
	return (!wordCharacter.test(character) && !/[@#/\\]/.test(character)) || unspaced.test(character);
};
/** The word that names everybody in a room (client-server API §User and room mentions). */
export const everybody = '@room';

/** What a text may name. */
export type MentionRules = {
	/** What was put in by name. */
	readonly known: readonly Mention[];
	/** Whether a user id that is written out means somebody. */
	readonly isPerson: (userId: string) => boolean;
	/** Whether `@room` notifies. */
	readonly mayNameEverybody: boolean;
};

/** Nobody is named. */
export const noMentions: MentionRules = {known: [], isPerson: () => false, mayNameEverybody: false};

/** What a text names. */
export type Named = {readonly users: readonly string[]; readonly isEverybody: boolean};

/** A word of a text that names somebody or something; everybody has no id. */
export type NamedWord = {readonly text: string; readonly mention: Mention | undefined};

const writtenId = /@[\w.=/+-]{1,200}:(?:[A-Za-z0-9.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?/y;

const idAt = (text: string, at: number): string | undefined => {
	writtenId.lastIndex = at;
	// The full stop behind it ends a sentence.
	return writtenId.exec(text)?.[0].replace(/[.-]+$/, '');
};

/** @returns the word that names somebody at an index; `undefined` where there is none */
export const namedAt = (text: string, at: number, rules: MentionRules): NamedWord | undefined => {
	if (!isMentionStart(text, at)) return undefined;
	const known = rules.known
		.filter(({text: word}) => text.startsWith(word, at) && isWordEnd(text, at + word.length))
		.reduce<Mention | undefined>(
			(best, each) => (each.text.length > (best?.text.length ?? 0) ? each : best),
			undefined,
		);
	if (known !== undefined) return {text: known.text, mention: known};
	const id = idAt(text, at);
	if (id !== undefined && parseUserId(id)?.localpart && rules.isPerson(id)) return {text: id, mention: {text: id, id}};
	const isEverybody =
		rules.mayNameEverybody && text.startsWith(everybody, at) && isWordEnd(text, at + everybody.length);
	return isEverybody && text.charAt(at + everybody.length) !== ':' ? {text: everybody, mention: undefined} : undefined;
};

/** @returns whom a text names that is no Markdown. */
export const namedIn = (text: string, rules: MentionRules): Named => {
	const users: string[] = [];
	let isEverybody = false;
	for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
		const word = namedAt(text, at, rules);
		if (word?.mention !== undefined) users.push(word.mention.id);
		isEverybody ||= word !== undefined && word.mention === undefined;
	}
	return {users, isEverybody};
};

/** @returns the content of `m.mentions` (client-server API §User and room mentions). */
export const mentionsContent = ({users, isEverybody}: Named): JsonObject => ({
	...(users.length === 0 ? {} : {user_ids: [...new Set(users)]}),
	...(isEverybody ? {room: true} : {}),
});

/** How a link to a person begins, as bridges write it (spec Appendices §matrix.to navigation). */
export const personLinks = (userId: string): readonly [plain: string, encoded: string] => [
	`matrix.to/#/${userId}`,
	`matrix.to/#/${encodeURIComponent(userId)}`,
];

/**
 * Bridges of networks without mentions of their own put a link where somebody was called by their nick, and no more.
 * @param content of a message of a bridge
 * @returns whether it names a person by a link alone
 */
export const isNamedByLink = (content: JsonObject, userId: string): boolean => {
	const html = asString(content['formatted_body']);
	if (html === undefined || content['m.mentions'] !== undefined) return false;
	return personLinks(userId).some(link => {
		const at = html.indexOf(link);
		return at !== -1 && /^["'?]/.test(html.slice(at + link.length));
	});
};
