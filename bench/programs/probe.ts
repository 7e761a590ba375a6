/**
 * Preloaded (`--import`) into a process that is measured: tells over the socket MX_BENCH_PROBE what the process has used.
 * In a worker thread it only answers the main thread's probe. It does nothing until it is asked.
 */
import {readFileSync} from 'node:fs';
import {connect} from 'node:net';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {getHeapStatistics, setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {isMainThread} from 'node:worker_threads';

/** What is asked: `watch` begins to watch the main thread for blocks and `unwatch` ends it, the others answer with a Measurement. */
export type ProbeRequest = 'watch' | 'unwatch' | 'measure' | 'measure-heap';

/** What the process used since it started; memory in bytes, times in milliseconds. */
export type Measurement = {
	/** CPU of all threads. */
	readonly cpu: number;
	readonly peakRss: number;
	/** JavaScript heap of all threads after a garbage collection; 0 unless asked for. */
	readonly heap: number;
	/** How late a 5 ms timer of the main thread came since `watch`, at most and at the 99th percentile. */
	readonly lateMax: number;
	/** The same without the time in which the thread could have run but the system ran other ones (Linux only). */
	readonly blockedMax: number;
	readonly blockedP99: number;
	/** The most CPU that the main thread itself used between two ticks of that timer. */
	readonly busyMax: number;
};

const interval = 5;
const channelName = 'mx-bench-probe';
/** Milliseconds for the threads to collect their garbage. */
const patience = 5000;

const heapAfterCollection = (): number => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	collect();
	collect();
	return getHeapStatistics().used_heap_size;
};

const percentile = (values: readonly number[], share: number): number => {
	const sorted = values.toSorted((left, right) => left - right);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};

/** Milliseconds that the main thread has waited for a processor so far (Linux, Documentation/scheduler/sched-stats). */
const queueTime = (): number => {
	try {
		return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1_000_000;
	} catch {
		return 0;
	}
};

const threadCpu = (): number => {
	const {user, system} = process.threadCpuUsage();
	return (user + system) / 1000;
};

const createWatch = () => {
	let late: number[] = [];
	let blocked: number[] = [];
	let busy: number[] = [];
	let timer: NodeJS.Timeout | undefined;
	return {
		start(): void {
			late = [];
			blocked = [];
			busy = [];
			clearInterval(timer);
			let last = performance.now();
			let lastQueue = queueTime();
			let lastCpu = threadCpu();
			timer = setInterval(() => {
				const now = performance.now();
				const queue = queueTime();
				const cpu = threadCpu();
				late.push(now - last - interval);
				blocked.push(now - last - interval - (queue - lastQueue));
				last = now;
				busy.push(cpu - lastCpu);
				lastQueue = queue;
				lastCpu = cpu;
			}, interval).unref();
		},
		stop: () => clearInterval(timer),
		figures: () => ({
			lateMax: percentile(late, 1),
			blockedMax: percentile(blocked, 1),
			blockedP99: percentile(blocked, 0.99),
			busyMax: percentile(busy, 1),
		}),
	};
};

/** The probes of the worker threads, as the main thread's one knows them. */
const openThreads = () => {
	const channel = new BroadcastChannel(channelName);
	(channel as unknown as {unref: () => void}).unref();
	let threads = 0;
	let answers: number[] = [];
	let done = Promise.withResolvers<void>();
	channel.addEventListener('message', ({data}: MessageEvent<unknown>) => {
		if (data === 'begun') threads += 1;
		if (data === 'ended') threads -= 1;
		if (typeof data === 'number') answers.push(data);
		if (answers.length >= threads) done.resolve();
	});
	return {
		/** @returns the bytes of their heaps, after a collection. */
		async heap(): Promise<number> {
			if (threads === 0) return 0;
			answers = [];
			done = Promise.withResolvers();
			const timer = setTimeout(done.resolve, patience);
			channel.postMessage('collect');
			await done.promise;
			clearTimeout(timer);
			return answers.reduce((sum, bytes) => sum + bytes, 0);
		},
	};
};

const answerParent = (path: string): void => {
	const watch = createWatch();
	const threads = openThreads();
	const measure = async (isHeapWanted: boolean): Promise<Measurement> => {
		const {user, system} = process.cpuUsage();
		const peakRss = process.resourceUsage().maxRSS * 1024;
		const figures = watch.figures();
		const heap = isHeapWanted ? heapAfterCollection() + (await threads.heap()) : 0;
		return {cpu: (user + system) / 1000, peakRss, heap, ...figures};
	};
	const socket = connect(path);
	socket.unref();
	socket.on('error', () => undefined);
	createInterface({input: socket}).on('line', line => {
		const request = line as ProbeRequest;
		if (request === 'watch') watch.start();
		else if (request === 'unwatch') watch.stop();
		else void measure(request === 'measure-heap').then(result => socket.write(`${JSON.stringify(result)}\n`));
	});
};

const answerMainThread = (): void => {
	const channel = new BroadcastChannel(channelName);
	(channel as unknown as {unref: () => void}).unref();
	channel.addEventListener('message', ({data}: MessageEvent<unknown>) => {
		if (data === 'collect') channel.postMessage(heapAfterCollection());
	});
	channel.postMessage('begun');
	process.once('exit', () => channel.postMessage('ended'));
};

const path = process.env['MX_BENCH_PROBE'];
if (path !== undefined) {
	if (isMainThread) answerParent(path);
	else answerMainThread();
}
