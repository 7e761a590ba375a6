/** Keeps the state of the connection and tells of its changes. */
import type {NetState} from '../domain/session.ts';
import type {ConnectionListener} from '../matrix/sync-gate.ts';
import {nextNetState, type NetEvent} from './net-state.ts';

export type NetMonitor = ConnectionListener & {
	readonly state: () => NetState;
	readonly signedOut: (isSoft: boolean) => void;
	/** Storage failed: nothing goes out any more, and no news of the network changes that. */
	readonly fenced: (cause: string) => void;
};

export type NetMonitorOptions = {
	readonly tell: (net: NetState) => void;
	readonly onOnline: () => void;
};

export const createNetMonitor = (options: NetMonitorOptions): NetMonitor => {
	let net: NetState = {state: 'connecting'};
	let isFenced = false;

	const happen = (event: NetEvent): void => {
		if (isFenced) return;
		const before = net;
		net = nextNetState(net, event);
		isFenced = event.kind === 'fenced';
		if (net === before) return;
		options.tell(net);
		if (net.state === 'online') options.onOnline();
	};

	return {
		state: () => net,
		answered: () => happen({kind: 'answered'}),
		failed: failed => happen({kind: 'failed', ...failed}),
		trying: () => happen({kind: 'trying'}),
		late: () => happen({kind: 'late'}),
		received: rooms => happen({kind: 'received', rooms}),
		signedOut: isSoft => happen({kind: 'signed-out', isSoft}),
		fenced: cause => happen({kind: 'fenced', cause}),
	};
};
