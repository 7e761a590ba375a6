/** What the network of a room takes of an order to say, change or remove something: the limits of its bridge, before anything is queued. */
import {roomLimits, type RoomLimits} from '../../bridges/capabilities.ts';
import {
	answersInThreads,
	checkEdit,
	checkReaction,
	checkRemoval,
	fitMessage,
	type Verdict,
} from '../../bridges/limit-checks.ts';
import {disappearingTimer} from '../../bridges/disappearing.ts';
import {ExpectedError} from '../../domain/errors.ts';
import type {JsonObject} from '../../domain/json.ts';
import type {PortalReader} from '../../store/portal-store.ts';

export type NetworkLimitOptions = {
	readonly portals: Pick<PortalReader, 'portal' | 'bridgeStates'>;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

/** An order as it is carried out, with what is to be said of it. */
type Allowed = {readonly warning: string | undefined};

export type NetworkLimits = ReturnType<typeof createNetworkLimits>;

/** @throws ExpectedError `bridge` in all of them, where the network refuses */
export const createNetworkLimits = ({portals, now}: NetworkLimitOptions) => {
	const limitsOf = (rid: number): RoomLimits | undefined => {
		const portal = portals.portal(rid);
		return portal === undefined ? undefined : roomLimits(portal, portals.bridgeStates(rid));
	};

	const allow = ({refusal, warning}: Verdict): Allowed => {
		if (refusal === undefined) return {warning};
		throw new ExpectedError({message: refusal, reason: 'bridge'});
	};

	return {
		/** @returns whether answers in a thread arrive as such; what is not known of is taken to have them */
		hasThreads: (rid: number): boolean => (limitsOf(rid)?.thread ?? 2) > 0,

		/** @returns whether an answer goes into the thread of its message */
		answersInThreads(rid: number): boolean {
			const limits = limitsOf(rid);
			return limits !== undefined && answersInThreads(limits);
		},

		/** @returns the content as it is sent. @param content before it is related to other messages */
		message(rid: number, type: string, content: JsonObject): Allowed & {readonly content: JsonObject} {
			const limits = limitsOf(rid);
			const fitted = limits === undefined ? {content} : fitMessage(limits, type, content);
			const timer = disappearingTimer(portals.portal(rid), portals.bridgeStates(rid), limits?.omitsEmptyTimer ?? true);
			return {
				...allow(fitted),
				content: timer === undefined ? fitted.content : {...fitted.content, 'com.beeper.disappearing_timer': timer},
			};
		},

		/** @param sent when the message was sent, and how often it was edited */
		edit(rid: number, sent: {readonly timestamp: number | undefined; readonly edits: number}): Allowed {
			const limits = limitsOf(rid);
			return allow(limits === undefined ? {} : checkEdit(limits, sent, now()));
		},

		/** @returns also whether a new reaction takes the place of the one before */
		reaction(rid: number, key: string): Allowed & {readonly isSingle: boolean} {
			const limits = limitsOf(rid);
			const verdict = limits === undefined ? {} : checkReaction(limits, key);
			return {...allow(verdict), isSingle: limits?.reactionCount === 1};
		},

		/** @param timestamp when the message was sent */
		removal(rid: number, timestamp: number): Allowed {
			const limits = limitsOf(rid);
			return allow(limits === undefined ? {} : checkRemoval(limits, timestamp, now()));
		},
	};
};
