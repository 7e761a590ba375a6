/** What is searched for: words, phrases and filters, as a person types them. */
import {dateExamples, parseDateWords} from './date-words.ts';

export type SearchWord = {readonly kind: 'word' | 'prefix' | 'phrase'; readonly text: string};

const hasKinds = ['link', 'media', 'file', 'image', 'video', 'audio', 'reaction'] as const;
const isKinds = ['edited', 'encrypted', 'thread', 'reply', 'mention'] as const;
const types = ['text', 'image', 'file', 'video', 'audio', 'notice', 'emote', 'sticker', 'location'] as const;
const orders = ['newest', 'oldest', 'best'] as const;

export type SearchFilter =
	/** `me`, a user id, or the beginning of a name. */
	| {readonly kind: 'from'; readonly value: string}
	/** Whose direct chat, as with `from`. */
	| {readonly kind: 'to'; readonly value: string}
	/** Address, id or beginning of a word of a room's name. */
	| {readonly kind: 'in'; readonly value: string}
	/** Network of a bridge, or `matrix`. */
	| {readonly kind: 'on'; readonly value: string}
	/** Milliseconds since the Unix epoch: what was sent from then on, or until then. */
	| {readonly kind: 'time'; readonly from: number; readonly to: number}
	| {readonly kind: 'has'; readonly value: (typeof hasKinds)[number]}
	| {readonly kind: 'is'; readonly value: (typeof isKinds)[number]}
	| {readonly kind: 'type'; readonly value: (typeof types)[number]};

export type SearchQuery = {
	/** A message has one of each. */
	readonly words: ReadonlyArray<readonly SearchWord[]>;
	/** It has none of these. */
	readonly excluded: readonly SearchWord[];
	readonly filters: ReadonlyArray<{readonly filter: SearchFilter; readonly isExcluded: boolean}>;
	readonly order: (typeof orders)[number];
};

/** `nothing`: nothing is asked for yet. */
export type ParsedSearch =
	| {readonly kind: 'query'; readonly query: SearchQuery}
	| {readonly kind: 'nothing'}
	| {readonly kind: 'problem'; readonly sentence: string};

type Token = {
	readonly isExcluded: boolean;
	readonly name: string | undefined;
	readonly value: string;
	readonly isQuoted: boolean;
};

const filterNames = ['from', 'to', 'in', 'on', 'before', 'after', 'during', 'has', 'is', 'type', 'sort'] as const;
type FilterName = (typeof filterNames)[number];

/** What is said where the value is still missing. */
const missing: Readonly<Record<FilterName, string>> = {
	from: 'Write who after from:, such as from:anna, from:@anna:example.org or from:me.',
	to: 'Write whom after to:, such as to:anna for your chat with her.',
	in: 'Write a room after in:, such as in:family or in:"Sunday lunch".',
	on: 'Write a network after on:, such as on:signal or on:matrix.',
	before: `Write a date after before:, such as ${dateExamples}.`,
	after: `Write a date after after:, such as ${dateExamples}.`,
	during: `Write a day, a month or a year after during:, such as ${dateExamples}.`,
	has: `Write one of these after has: – ${hasKinds.join(', ')}.`,
	is: `Write one of these after is: – ${isKinds.join(', ')}.`,
	type: `Write one of these after type: – ${types.join(', ')}.`,
	sort: `Write one of these after sort: – ${orders.join(', ')}.`,
};

const maxTerms = 30;
/** Prefixes shorter than this would name half of all messages. */
const shortestPrefix = 2;

const hasLetters = (text: string): boolean => /[\p{L}\p{N}\p{Co}]/u.test(text);

const tokenPattern = /(-?)(?:([\p{L}]+):(?!\/\/))?(?:"([^"]*)(?:"|$)|([^\s"]*))/uy;

/** Splits at blanks, but not within quotes; a quote that is not closed yet reaches to the end. */
const tokensOf = (text: string): readonly Token[] => {
	const tokens: Token[] = [];
	let at = 0;
	while (at < text.length) {
		tokenPattern.lastIndex = at;
		const match = tokenPattern.exec(text);
		const length = match?.[0].length ?? 0;
		if (match === null || length === 0) {
			at += 1;
			continue;
		}
		at += length;
		const [, minus = '', name, quoted, bare = ''] = match;
		tokens.push({
			isExcluded: minus === '-',
			name: name?.toLowerCase(),
			value: quoted ?? bare,
			isQuoted: quoted !== undefined,
		});
	}
	return tokens;
};

const isFilterName = (name: string): name is FilterName => filterNames.some(each => each === name);

const oneOf = <Value extends string>(values: readonly Value[], value: string): Value | undefined => {
	const wanted = value.toLowerCase();
	return values.find(each => each === wanted) ?? values.find(each => `${each}s` === wanted);
};

class Unreadable extends Error {}

const timeFilter = (name: 'before' | 'after' | 'during', value: string, now: number): SearchFilter => {
	const span = parseDateWords(value, now);
	if (span === undefined) throw new Unreadable(`"${value}" is no date that mx can read: write ${dateExamples}.`);
	if (name === 'before') return {kind: 'time', from: Number.NEGATIVE_INFINITY, to: span.from};
	return {kind: 'time', from: span.from, to: name === 'after' ? Number.POSITIVE_INFINITY : span.to};
};

const chosen = <Value extends string>(name: FilterName, values: readonly Value[], value: string): Value => {
	const found = oneOf(values, value);
	if (found !== undefined) return found;
	throw new Unreadable(`There is no ${name}:${value} – there are ${values.map(each => `${name}:${each}`).join(', ')}.`);
};

const filterOf = (name: Exclude<FilterName, 'sort'>, value: string, now: number): SearchFilter => {
	switch (name) {
		case 'from':
		case 'to':
		case 'in':
		case 'on':
			return {kind: name, value};
		case 'has':
			return {kind: 'has', value: chosen(name, hasKinds, value)};
		case 'is':
			return {kind: 'is', value: chosen(name, isKinds, value)};
		case 'type':
			return {kind: 'type', value: chosen(name, types, value)};
		default:
			return timeFilter(name, value, now);
	}
};

/** @param isLast still being typed, perhaps */
const wordOf = ({value, isQuoted, name}: Token, isLast: boolean): SearchWord | undefined => {
	const text = name === undefined ? value : `${name}:${value}`;
	if (!hasLetters(text)) return undefined;
	// Ids and addresses are many words to the index, but one to people.
	if (isQuoted || /[^\p{L}\p{N}\p{M}\p{Co}'’*]/u.test(text)) return {kind: 'phrase', text};
	const stem = text.replace(/\*+$/, '');
	const isPrefix = stem !== text || isLast;
	return {kind: isPrefix && stem.length >= shortestPrefix ? 'prefix' : 'word', text: stem};
};

const read = (text: string, now: number, isBeingTyped: boolean): SearchQuery => {
	const tokens = tokensOf(text);
	if (tokens.length > maxTerms) throw new Unreadable('These are too many words to search for.');
	const isOpen = isBeingTyped && /\S$/.test(text);
	const words: SearchWord[][] = [];
	const excluded: SearchWord[] = [];
	const filters: Array<{readonly filter: SearchFilter; readonly isExcluded: boolean}> = [];
	let order: SearchQuery['order'] = 'newest';
	let isAlternative = false;
	for (const [index, token] of tokens.entries()) {
		const {name, value, isExcluded} = token;
		if (name !== undefined && isFilterName(name)) {
			if (value.trim() === '') throw new Unreadable(missing[name]);
			if (name === 'sort') order = chosen(name, orders, value);
			else filters.push({filter: filterOf(name, value.trim(), now), isExcluded});
			isAlternative = false;
			continue;
		}
		if (name !== undefined && value !== '')
			throw new Unreadable(
				`There is no filter ${name}: – there are ${filterNames.map(each => `${each}:`).join(' ')}. In quotes it is words.`,
			);
		if (value === 'OR' && !token.isQuoted && words.length > 0) {
			isAlternative = true;
			continue;
		}
		const word = wordOf(token, isOpen && index === tokens.length - 1);
		if (word === undefined) continue;
		if (isExcluded) excluded.push(word);
		else if (isAlternative) words.at(-1)?.push(word);
		else words.push([word]);
		isAlternative = false;
	}
	return {words, excluded, filters, order};
};

/**
 * @param now milliseconds since the Unix epoch, for dates such as `yesterday`
 * @param isBeingTyped the last word may go on
 */
export const parseSearch = (
	text: string,
	{now, isBeingTyped = false}: {readonly now: number; readonly isBeingTyped?: boolean},
): ParsedSearch => {
	const clean = text.replaceAll('\0', ' ').toWellFormed();
	if (clean.trim() === '') return {kind: 'nothing'};
	try {
		const query = read(clean, now, isBeingTyped);
		if (query.words.length > 0 || query.filters.length > 0) return {kind: 'query', query};
		if (query.excluded.length > 0)
			return {kind: 'problem', sentence: 'Write what is searched for too, besides what is left out.'};
		return {kind: 'problem', sentence: 'Signs and emoji alone cannot be searched for: write a word.'};
	} catch (error) {
		if (error instanceof Unreadable) return {kind: 'problem', sentence: error.message};
		throw error;
	}
};
