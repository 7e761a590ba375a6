/** Who and what a text names: the words that stand in it, and whom they mean. */
import {asArray, asObject, asString, type JsonValue} from './json.ts';

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

/** @returns whether a mention may begin at `start`: not within a word or a mail address. */
export const isMentionStart = (text: string, start: number): boolean => {
	if (start === 0) return true;
	const before = text.charAt(start - 1);
	const isLow = /[\uDC00-\uDFFF]/.test(before);
	const character = isLow ? characterAt(text, start - 2) : before;
	return (!wordCharacter.test(character) && !/[@#/\\]/.test(character)) || unspaced.test(character);
};
