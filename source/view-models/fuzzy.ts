/** Finding by a few letters of a name, in their order: the best matches, and which letters they were found by. */
import {go, snapshot} from 'fuzzysort';
import {graphemesOf} from '../text/graphemes.ts';
import {joinSafe, type SafeText} from '../text/safe-text.ts';
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
};

/** Code units of a name, or of what was typed, that are looked at: longer ones are nobody's doing. */
const maxLength = 200;

/** How much it counts at most that an entry stands further up the list. */
const rankWeight = 0.05;

/** How much of its score what counts less keeps: a whole name stands behind a word of another one, not behind a part of a word. */
const lessWeight = 0.8;

/** Letters that stand scattered over a name score less. */
const leastScore = 0.2;

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
		const {name, others = '', isLess = false} = wordsOf(item);
		return {
			item,
			name: name.slice(0, maxLength),
			others: others.slice(0, maxLength),
			rank: index / items.length,
			weight: isLess ? lessWeight : 1,
		};
	});
	const prepared = snapshot(entries, {keys: ['name', 'others']});
	return {
		/** @returns the best `limit` matches; all from the first on where nothing is asked for */
		find(query: string, limit: number): readonly FuzzyMatch<Item>[] {
			const wanted = query.trim().slice(0, maxLength);
			if (wanted === '') return items.slice(0, limit).map(item => ({item, spots: []}));
			const results = go(wanted, prepared, {
				limit,
				threshold,
				scoreFn: ({score, obj}) => (score > 0 ? score * obj.weight + rankWeight * (1 - obj.rank) : score),
			});
			return results.map(result => ({item: result.obj.item, spots: [...(result[0]?.indexes ?? [])]}));
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
