/** Waiting on a client until something is so, by looking again whenever the client learned something. */
import {ClientEvent, type MatrixClient} from 'matrix-js-sdk';
import {CryptoEvent} from 'matrix-js-sdk/lib/crypto-api/index.js';

const changes = [ClientEvent.Sync, CryptoEvent.DevicesUpdated, CryptoEvent.KeysChanged] as const;

/** Listens from now on; `change` resolves at the next news and when the signal aborts. */
const listen = (client: MatrixClient, signal: AbortSignal): {change: Promise<void>; stop: () => void} => {
	const {promise, resolve} = Promise.withResolvers<void>();
	const onChange = (): void => resolve();
	for (const change of changes) client.on(change, onChange);
	signal.addEventListener('abort', onChange);
	return {
		change: promise,
		stop: () => {
			for (const change of changes) client.off(change, onChange);
			signal.removeEventListener('abort', onChange);
		},
	};
};

/**
 * Waits until `isSo` answers true; asks at once, then after each sync and each news about devices and identities.
 * @throws the reason of `signal` when it is aborted.
 */
export const waitOnClient = async (
	client: MatrixClient,
	isSo: () => Promise<boolean>,
	signal: AbortSignal,
): Promise<void> => {
	let isDone = false;
	while (!isDone) {
		signal.throwIfAborted();
		// Listening begins before asking, so that no news falls between the two.
		const {change, stop} = listen(client, signal);
		try {
			isDone = await isSo();
			if (!isDone) await change;
		} finally {
			stop();
		}
	}
};
