/** Emoji by their English short names (`:tada:`), as Element, Slack and GitHub know them. Loaded when the first one is looked for. */
import {asArray, asObject, asString} from '../domain/json.ts';

/** One name of an emoji. */
export type EmojiName = {readonly emoji: string; readonly code: string};

export type EmojiNames = {
	/** By the beginning of the name, then by that of a word of it, then within; each emoji once. */
	readonly find: (query: string, limit: number) => readonly EmojiName[];
	/** @returns the emoji that is called exactly like that */
	readonly named: (code: string) => string | undefined;
};

/** What is meant more often than what has the same beginning. */
const favourites =
	`thumbsup heart joy tada pray smile wave fire eyes rocket thinking rofl sob clap ok_hand party sweat_smile
	sunglasses wink cry thumbsdown raised_hands shrug facepalm +1 -1 100`.split(/\s+/);

/** Letters within a name that are enough to find it. */
const enoughWithin = 3;

/** A single character that is text by itself becomes an emoji by its selector (UTS #51). */
const emojiOf = (hexcode: string): string => {
	const emoji = String.fromCodePoint(...hexcode.split('-').map(part => Number.parseInt(part, 16)));
	return hexcode.includes('-') || /\p{Emoji_Presentation}/u.test(emoji) ? emoji : `${emoji}\uFE0F`;
};

/** Skin tones come last: the plain emoji is meant first. */
const hasTone = (code: string): boolean => /_tone\d/.test(code);

/** How well a name fits; smaller is better, `undefined` not at all. */
const rankOf = (code: string, query: string): number | undefined => {
	if (code === query) return 0;
	const tone = hasTone(code) ? 10 : 0;
	if (code.startsWith(query)) return tone + (favourites.includes(code) ? 1 : 2);
	if (code.includes(`_${query}`)) return tone + 3;
	return query.length >= enoughWithin && code.includes(query) ? tone + 4 : undefined;
};

type Found = EmojiName & {readonly rank: number};

const compare = (first: Found, second: Found): number => {
	if (first.rank !== second.rank) return first.rank - second.rank;
	const byUse = favourites.indexOf(first.code) - favourites.indexOf(second.code);
	if (first.rank === 1 && byUse !== 0) return byUse;
	return first.code.length - second.code.length || (first.code < second.code ? -1 : 1);
};

/** @param names hexadecimal code points with hyphens to one name or several (emojibase shortcodes) */
export const createEmojiNames = (names: unknown): EmojiNames => {
	const all = Object.entries(asObject(names)).flatMap(([hexcode, codes]) => {
		const emoji = emojiOf(hexcode);
		const list = typeof codes === 'string' ? [codes] : asArray(codes).flatMap(code => asString(code) ?? []);
		return list.map(code => ({emoji, code}));
	});
	const byCode = new Map(all.map(({code, emoji}) => [code, emoji]));
	return {
		find(query, limit) {
			const word = query.toLowerCase();
			const found = all.flatMap(name => {
				const rank = rankOf(name.code, word);
				return rank === undefined ? [] : [{...name, rank}];
			});
			const seen = new Set<string>();
			const unique = found.sort(compare).filter(({emoji}) => !seen.has(emoji) && seen.add(emoji));
			return unique.slice(0, limit).map(({emoji, code}) => ({emoji, code}));
		},
		named: code => byCode.get(code.toLowerCase()),
	};
};

/** Loads the names; the data are 170 KB. */
export const loadEmojiNames = async (): Promise<EmojiNames> => {
	const {default: names} = await import('emojibase-data/en/shortcodes/emojibase.json', {with: {type: 'json'}});
	return createEmojiNames(names);
};
