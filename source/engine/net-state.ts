/** The state machine of the connection: what each thing that happens makes of the state that a person is shown. Pure. */
import type {NetState} from '../domain/session.ts';
import {isWithoutServer} from '../matrix/network-errors.ts';
import type {Failed} from '../matrix/retry-loop.ts';

/** What happens to a connection. */
export type NetEvent =
	/** A sync answer came, whole and good. */
	| {readonly kind: 'answered'}
	| ({readonly kind: 'failed'} & Failed)
	/** The pause after a failure is over. */
	| {readonly kind: 'trying'}
	/** A long poll is not answered although its time is over. */
	| {readonly kind: 'late'}
	/** Rooms of the first sync that are written so far. */
	| {readonly kind: 'received'; readonly rooms: number}
	| {readonly kind: 'signed-out'; readonly isSoft: boolean}
	/** Storage failed: nothing goes out any more. */
	| {readonly kind: 'fenced'; readonly cause: string};

const signedOut = (isSoft: boolean): NetState =>
	isSoft
		? {state: 'soft-logout', cause: 'the server asks for your password again'}
		: {state: 'logged-out', cause: 'this device was signed out'};

/** Whether only a new sign-in helps. */
export const isSignedOut = ({state}: NetState): boolean => state === 'soft-logout' || state === 'logged-out';

const afterFailure = (net: NetState, {failure, retryAt, isQuiet}: Failed): NetState => {
	if (isQuiet) return net;
	return {state: isWithoutServer(failure) ? 'offline' : 'degraded', cause: failure.message, retryAt};
};

/** @returns the next state; the same object when nothing changes for a person. */
export const nextNetState = (net: NetState, event: NetEvent): NetState => {
	// Only a new sign-in, in a new engine, ends this state.
	if (isSignedOut(net)) return net;
	switch (event.kind) {
		case 'answered':
			return net.state === 'online' ? net : {state: 'online'};
		case 'failed':
			return afterFailure(net, event);
		case 'trying':
			return net.retryAt === undefined ? net : {state: net.state, cause: net.cause};
		case 'late':
			return net.state === 'online' ? {state: 'degraded', cause: 'the server is slow to answer'} : net;
		case 'received':
			return {state: 'connecting', cause: `${event.rooms} rooms so far`};
		case 'signed-out':
			return signedOut(event.isSoft);
		case 'fenced':
			return {state: 'no-storage', cause: event.cause};
	}
};
