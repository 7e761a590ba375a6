/** Finding by a few letters of a name, in their order: the best matches, and which letters they were found by. */
import {go, snapshot} from 'fuzzysort';
import {graphemesOf} from '../text/graphemes.ts';
import {joinSafe, type SafeText} from '../text/safe-text.ts';
import {folded} from './completion-rank.ts';
import {boldSpan, span, type ScreenLine, type ThemeRole} from './screen-line.ts';

/** One match. `spots` are the code units of the name that were asked for, ascending; none where another word matched. */
export type FuzzyMatch<Item> = {readonly item: Item; readonly spots: readonly number[]};

/** What one entry is found by. */
export type FuzzyWords = {
	/** Shown, so that its letters can be emphasised. */
	readonly name: SafeText;
	/** Found too, but not emphasised: an alias, a key. */
	readonly others?: string | undefined;
	/** It comes behind what matches about as well. @default false */
	readonly isLess?: boolean | undefined;
	/** Where it is: found by the beginnings of its words, below what is called so. */
	readonly places?: string | undefined;
};

/** Code units of a name, or of what was typed, that are looked at: longer ones are nobody's doing. */
const maxLength = 200;

/** How much it counts at most that an entry stands further up the list. */
const rankWeight = 0.05;

/** How much of its score what counts less keeps: a whole name stands behind a word of another one, not behind a part of a word. */
const lessWeight = 0.8;

/** Letters that stand scattered over a name score less. */
const leastScore = 0.2;

const wordsIn = (text: string): readonly string[] => folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];

const isBeginning = (word: string, names: readonly string[]): boolean => names.some(name => name.startsWith(word));

/**
 * Prepares a list once for many searches. Entries further up the list win where they match as well as others.
 * @param wordsOf asked once for each entry
 * @param threshold from 0, what has its letters somewhere, to 1, what is called so
 */
export const createFuzzy = <Item>(
	items: readonly Item[],
	wordsOf: (item: Item) => FuzzyWords,
	threshold: number = leastScore,
) => {
	const entries = items.map((item, index) => {
		const {name, others = '', places = '', isLess = false} = wordsOf(item);
		const [first, second, third = ''] = [name, others, places].map(words => words.slice(0, maxLength));
		const weight = isLess ? lessWeight : 1;
		return {item, name: first, others: second, places: third, rank: index / items.length, weight};
	});
	const prepared = snapshot(entries, {keys: ['name', 'others']});
	const inOrder = entries.toSorted((one, other) => other.weight - one.weight);
	/** Few, as many are in the same one. */
	const places = new Map(entries.map(each => [each.places, wordsIn(each.places)]));

	const search = (wanted: string, limit: number) =>
		go(wanted, prepared, {
			limit,
			threshold,
			scoreFn: ({score, obj}) => (score > 0 ? score * obj.weight + rankWeight * (1 - obj.rank) : score),
		}).map(result => ({entry: result.obj, spots: [...(result[0]?.indexes ?? [])]}));
	type Found = ReturnType<typeof search>[number];

	/** What is in a place that some of the words name, and has the others in its name; then what is in one that all name. */
	const searchPlaces = (wanted: string, limit: number): readonly Found[] => {
		const words = wordsIn(wanted);
		if (words.length === 0) return [];
		const left = new Map([...places].map(([place, names]) => [place, words.filter(word => !isBeginning(word, names))]));
		const partly = new Set([...left.values()].filter(({length}) => length > 0 && length < words.length));
		const mixed = [...new Set([...partly].map(rest => rest.join(' ')))].flatMap(rest =>
			search(rest, items.length).filter(({entry}) => left.get(entry.places)?.join(' ') === rest),
		);
		const found: Found[] = mixed.slice(0, limit);
		for (const entry of inOrder) {
			if (found.length >= limit) break;
			if (left.get(entry.places)?.length === 0) found.push({entry, spots: []});
		}
		return found;
	};

	return {
		/** @returns the best `limit` matches; all from the first on where nothing is asked for */
		find(query: string, limit: number): readonly FuzzyMatch<Item>[] {
			const wanted = query.trim().slice(0, maxLength);
			if (wanted === '') return items.slice(0, limit).map(item => ({item, spots: []}));
			const named = search(wanted, limit);
			const isNamed = new Set(named.map(({entry}) => entry));
			const placed = named.length < limit ? searchPlaces(wanted, limit) : [];
			return [...named, ...placed.filter(({entry}) => !isNamed.has(entry))]
				.slice(0, limit)
				.map(({entry, spots}) => ({item: entry.item, spots}));
		},
	};
};

/**
 * @param spots code units to emphasise; a character of several is emphasised whole
 * @param role of the letters that are not
 * @returns the text with the matched letters standing out
 */
export const emphasised = (text: SafeText, spots: readonly number[], role?: ThemeRole): ScreenLine => {
	if (spots.length === 0) return [span(text, role)];
	const line: {parts: SafeText[]; isFound: boolean}[] = [];
	let at = 0;
	for (const grapheme of graphemesOf(text)) {
		const start = at;
		at += grapheme.length;
		const isFound = spots.some(spot => spot >= start && spot < at);
		const last = line.at(-1);
		if (last?.isFound === isFound) last.parts.push(grapheme);
		else line.push({parts: [grapheme], isFound});
	}
	return line.map(({parts, isFound}) => (isFound ? boldSpan(joinSafe(parts), 'accent') : span(joinSafe(parts), role)));
};
