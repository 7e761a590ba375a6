/**
 * Keeps from the crypto what of a sync response it knows: for each one it derives the public part of every one-time key anew
 * (matrix-sdk-crypto reads its account back from its pickle), some 15 ms in which a flood of messages has to wait.
 */
import {isDeepStrictEqual} from 'node:util';
import {asArray} from '../domain/json.ts';

/** The part of a sync response that the crypto takes (private to the SDK's RustCrypto). */
export type SyncChanges = {
	readonly toDeviceEvents?: readonly unknown[] | undefined;
	readonly deviceLists?: {readonly changed?: unknown; readonly left?: unknown} | undefined;
	readonly oneTimeKeysCounts?: unknown;
	readonly unusedFallbackKeys?: unknown;
	/** A count that is missing says nothing, as in sliding sync; else it would be none. */
	readonly useMsc4186?: boolean | undefined;
};

/** Milliseconds after which it is told all the same: it also ends what took too long, as verifications. */
const longestSilence = 5000;

const countsOf = ({oneTimeKeysCounts, unusedFallbackKeys, useMsc4186}: SyncChanges): unknown => [
	oneTimeKeysCounts,
	unusedFallbackKeys,
	useMsc4186,
];

const hasOnlyCounts = ({toDeviceEvents, deviceLists}: SyncChanges): boolean =>
	[toDeviceEvents, deviceLists?.changed, deviceLists?.left].every(list => asArray(list).length === 0);

/**
 * @param take what the crypto does with changes
 * @param now milliseconds, of whatever origin
 * @returns the same, but for what it was told last, and just now
 */
export const takeOnlyNews = <Changes extends SyncChanges, Taken>(
	take: (changes: Changes) => Promise<Taken[]>,
	now: () => number,
): ((changes: Changes) => Promise<Taken[]>) => {
	let told: {readonly counts: unknown; readonly at: number} | undefined;
	return async changes => {
		const counts = countsOf(changes);
		const isKnown = told !== undefined && now() - told.at < longestSilence && isDeepStrictEqual(counts, told.counts);
		if (isKnown && hasOnlyCounts(changes)) return [];
		// What fails is not known.
		told = undefined;
		const taken = await take(changes);
		told = {counts, at: now()};
		return taken;
	};
};
