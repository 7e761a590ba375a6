/** Looks every few seconds: has the machine slept, has its network changed, does the sync loop still ask? */
import {networkInterfaces} from 'node:os';

export type ConnectionWatchOptions = {
	/** The machine slept, or lost an address: what is waited for will most likely not come. */
	readonly onWake: (cause: 'sleep' | 'network') => void;
	/** Whether the sync loop asks for something or waits for its next try. */
	readonly isAsking: () => boolean;
	/** The sync loop has asked for nothing for `stall` milliseconds: it has died. Told once. */
	readonly onStalled: () => void;
	/** @default the machine's */
	readonly clocks?: Clocks | undefined;
	/** The machine's addresses on its networks. @default without link-local ones */
	readonly addresses?: (() => readonly string[]) | undefined;
	/** Milliseconds between two looks. @default 5000 */
	readonly interval?: number | undefined;
	/** @default 120000 */
	readonly stall?: number | undefined;
};

/** Both in milliseconds. The steady clock may stand still while the machine sleeps; the wall clock may be set. */
export type Clocks = {readonly wall: () => number; readonly steady: () => number};

export type ConnectionWatch = {
	readonly start: () => void;
	readonly stop: () => void;
	/** One look; the timer does the same. */
	readonly look: () => void;
};

const defaultInterval = 5000;
const defaultStall = 120_000;
/** Milliseconds that a look may be late on a busy machine. */
const tolerance = 15_000;

const ownAddresses = (): readonly string[] =>
	Object.values(networkInterfaces()).flatMap(each =>
		(each ?? []).filter(({internal, address}) => !internal && !address.startsWith('fe80:')).map(({address}) => address),
	);

export const createConnectionWatch = (options: ConnectionWatchOptions): ConnectionWatch => {
	const {addresses = ownAddresses, interval = defaultInterval, stall = defaultStall} = options;
	const {wall, steady} = options.clocks ?? {wall: Date.now, steady: () => performance.now()};
	let seen = new Set(addresses());
	let last = {wall: wall(), steady: steady()};
	let askedAt = steady();
	let isStallTold = false;
	let timer: NodeJS.Timeout | undefined;

	const look = (): void => {
		const now = {wall: wall(), steady: steady()};
		const elapsed = now.steady - last.steady;
		const asleep = Math.max(elapsed - interval, now.wall - last.wall - elapsed);
		const current = new Set(addresses());
		// Further addresses come with every container; one that is gone may have been that of a connection.
		const hasChanged = current.size > 0 && [...seen].some(address => !current.has(address));
		if (current.size > 0) seen = current;
		last = now;
		// While the machine slept nobody could ask.
		if (options.isAsking() || asleep > tolerance) askedAt = now.steady;
		if (asleep > tolerance) options.onWake('sleep');
		else if (hasChanged) options.onWake('network');
		if (isStallTold || now.steady - askedAt < stall) return;
		isStallTold = true;
		options.onStalled();
	};

	return {
		look,
		start() {
			last = {wall: wall(), steady: steady()};
			askedAt = last.steady;
			timer = setInterval(look, interval);
			timer.unref();
		},
		stop: () => clearInterval(timer),
	};
};
