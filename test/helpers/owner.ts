/** An owner for what the tests of a file or suite share: it ends when they are told to, not with a single test. */
import type {Owner} from './synapse.ts';

/** Give `end` to the `after` of node:test; the last comes first. */
export const createOwner = (): Owner & {readonly end: () => Promise<void>} => {
	const cleanUps: Array<() => Promise<void>> = [];
	return {
		after: cleanUp => void cleanUps.push(cleanUp),
		end: async () => {
			for (const cleanUp of cleanUps.toReversed()) await cleanUp();
		},
	};
};
