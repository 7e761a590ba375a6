/** A room that was found to be bridged, for tests. */
import type {Portal} from '../../source/domain/portal.ts';

/** @param more what is other than in a chat with one person on Signal, by an attested bridge */
export const samplePortal = (more: Partial<Portal> = {}): Portal => ({
	protocol: 'signal',
	trust: 'attested',
	kind: 'direct',
	bot: '@signalbot:example.org',
	account: undefined,
	network: undefined,
	channel: undefined,
	ownGhost: undefined,
	formerly: undefined,
	isRequest: false,
	...more,
});
