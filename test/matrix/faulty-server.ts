/** A small HTTP or HTTPS server on loopback that answers as badly as a test wants. */
import {createServer as createHttpServer, type RequestListener} from 'node:http';
import {createServer as createHttpsServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import type {Owner} from '../helpers/synapse.ts';
import {selfSignedCertificate} from './self-signed-certificate.ts';

/**
 * Starts it on a free port; it stops when its owner ends, whatever connections are open.
 * @returns its base URL, with the address 127.0.0.1.
 */
export const startFaultyServer = async (
	owner: Owner,
	listener: RequestListener,
	options: {readonly isTls?: boolean; readonly certificate?: typeof selfSignedCertificate} = {},
): Promise<string> => {
	const {isTls = false, certificate = selfSignedCertificate} = options;
	const server = isTls ? createHttpsServer(certificate, listener) : createHttpServer(listener);
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	owner.after(
		() =>
			new Promise(resolve => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	);
	return `${isTls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** @returns the base URL of a port on which nothing listens. */
export const closedPort = async (): Promise<string> => {
	const cleanUps: Array<() => Promise<void>> = [];
	const url = await startFaultyServer({after: cleanUp => void cleanUps.push(cleanUp)}, () => undefined);
	for (const cleanUp of cleanUps) await cleanUp();
	return url;
};
