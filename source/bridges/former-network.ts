/** A room that turned from one network into another, and what the person said of it meanwhile. */
import type {Portal} from '../domain/portal.ts';

/** What is known besides the signs: what the room was, and what the person says that it is. */
type Known = {readonly before: Portal | undefined; readonly override: string | undefined};

/** @returns the network that the room was attested to be of, where that is another one than now */
export const formerNetwork = (portal: Portal, {before, override}: Known): string | undefined => {
	if (before === undefined || portal.trust === 'claimed') return undefined;
	// What the person said of a room that no sign spoke of is no network that a bridge has attested.
	const isOwnWord = override !== undefined && before.protocol === override && before.formerly === undefined;
	const wasAttested = before.trust === 'attested' && !isOwnWord;
	const formerly = before.formerly ?? (wasAttested ? before.protocol : undefined);
	return formerly === portal.protocol ? undefined : formerly;
};

/**
 * @param portal what the signs say
 * @returns what is kept of that beside the word of the person, so that it counts again when the word is taken back
 */
export const besideWord = (portal: Portal | undefined, {before, override}: Known): string | undefined => {
	if (portal === undefined) return before?.formerly;
	// The person has said so: that it was another one before counts no more.
	if (portal.protocol === override) return override;
	return portal.formerly ?? (portal.trust === 'claimed' ? undefined : portal.protocol);
};
