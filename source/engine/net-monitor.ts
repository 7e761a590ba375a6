/** The state of the connection as a person should see it, from what the sync requests met. */
import type {NetState} from '../domain/session.ts';
import type {NetworkFailure} from '../matrix/network-errors.ts';

export type NetMonitor = {
	readonly state: () => NetState;
	/** A sync answer came. */
	readonly succeeded: () => void;
	readonly failed: (failure: NetworkFailure) => void;
	readonly loggedOut: (isSoft: boolean) => void;
	/** Storage failed: nothing goes out any more. */
	readonly fenced: (cause: string) => void;
};

export type NetMonitorOptions = {
	readonly tell: (net: NetState) => void;
	readonly onOnline: () => void;
};

const isFinal = (net: NetState): boolean =>
	net.state === 'soft-logout' || net.state === 'logged-out' || net.state === 'degraded';

const stateOf = (failure: NetworkFailure): NetState['state'] => {
	switch (failure.kind) {
		case 'soft-logout':
			return 'soft-logout';
		case 'logged-out':
			return 'logged-out';
		case 'rate-limited':
			return 'online';
		default:
			return 'offline';
	}
};

export const createNetMonitor = (options: NetMonitorOptions): NetMonitor => {
	let net: NetState = {state: 'connecting'};

	const become = (next: NetState): void => {
		const isSame = next.state === net.state && next.cause === net.cause;
		net = next;
		if (!isSame) options.tell(next);
	};

	return {
		state: () => net,
		succeeded() {
			if (isFinal(net)) return;
			const wasOnline = net.state === 'online';
			become({state: 'online'});
			if (!wasOnline) options.onOnline();
		},
		failed(failure) {
			if (!isFinal(net)) become({state: stateOf(failure), cause: failure.message});
		},
		loggedOut(isSoft) {
			become(
				isSoft
					? {state: 'soft-logout', cause: 'the server asks for your password again'}
					: {state: 'logged-out', cause: 'this device was signed out'},
			);
		},
		fenced(cause) {
			become({state: 'degraded', cause});
		},
	};
};
