/** A listener of the sync gate to whom all is the same. */
import type {ConnectionListener} from '../../source/matrix/sync-gate.ts';

export const silentConnection: ConnectionListener = {
	answered: () => undefined,
	failed: () => undefined,
	trying: () => undefined,
	late: () => undefined,
	received: () => undefined,
};
