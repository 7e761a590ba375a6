/** A homeserver that runs beside the tests, whichever it is: Synapse or the one of the demo. */

/** One that runs. Its process never keeps ours alive and never outlives it. */
export type ServerProcess = {
	/** Base URL of the client API, for example `http://127.0.0.1:8008`. */
	readonly url: string;
	/** The part of user ids after the colon, for example `localhost:8008`. */
	readonly serverName: string;
	readonly port: number;
	readonly directory: string;
	/** The id of the process now; may be another one after `restart()`. */
	readonly pid: () => number;
	/** Resolves when the server that runs now has ended, for whatever reason. */
	readonly ended: () => Promise<void>;
	/** Ends it politely and waits until nobody answers on its port. Harmless when it has ended already. */
	readonly stop: () => Promise<void>;
	/** Ends it as a power cut would, connections included, and waits until nobody answers on its port. */
	readonly kill: () => Promise<void>;
	/** Starts it again on the same port and data, stopping it first where needed, and waits until it answers. */
	readonly restart: () => Promise<void>;
	/** @returns all that it has logged so far, of every start. */
	readonly logText: () => Promise<string>;
};
