/**
 * What an account of 5,000 rooms costs mx and matrix-js-sdk, side by side, each case in a fresh process: first login,
 * restart, one message, a long absence, and for how long the screen's thread is ever blocked.
 */
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {median, round} from './figures.ts';
import {
	startMeasured,
	startMeasuredScreen,
	startServerProcess,
	type Measured,
	type ServerProcess,
} from './measured-process.ts';
import type {Measurement} from './programs/probe.ts';
import type {BenchOptions, Figures} from './run.ts';
import {ownUser, type News} from './synthetic-account.ts';
import {createFreshHome, type FreshHome} from './fresh-home.ts';

/** The synthetic server asks nobody who they are. */
const device = {userId: ownUser, deviceId: 'SYNTHETIC', accessToken: 'synthetic-token'};

const largeCount = 5000;
const smallCount = 100;
const messageCount = 30;
/** Messages before those that count: code is compiled, caches fill. */
const warmUpCount = 10;
/** Share of the rooms that a long absence has news of: 3,000 of 5,000. */
const absentShare = 0.6;

/** Milliseconds between two looks at whether a process has calmed down, and how much CPU it may use in between. */
const calmPause = 400;
const calmCpu = 15;
const longestCalming = 60_000;
/** Milliseconds after a message in which everything that it causes has happened: the screen reads after 100 at the latest. */
const messagePause = 250;

/** Says what is being done: a run takes minutes. */
const say = (what: string): void => void process.stderr.write(`${Math.round(process.uptime())} s  ${what}\n`);

/** Waits until nothing is left to do. */
const untilCalm = async (measured: Measured): Promise<Measurement> => {
	let last = await measured.measure();
	let calm = 0;
	for (const end = performance.now() + longestCalming; calm < 2 && performance.now() < end;) {
		await sleep(calmPause);
		const next = await measured.measure();
		calm = next.cpu - last.cpu < calmCpu ? calm + 1 : 0;
		last = next;
	}
	return last;
};

/** CPU milliseconds of a client from its first request until the sync response with `token` is committed, and of loading before it. */
const cpuUntilUsable = async (
	server: ServerProcess,
	{start, token}: {readonly start: () => Promise<Measured>; readonly token: string},
) => {
	server.forget();
	const asked = server.untilAsked('GET versions');
	const measured = await start();
	await asked;
	const load = await measured.measure();
	await server.untilCommitted(token);
	const usable = await measured.measure();
	return {measured, load: load.cpu, cpu: usable.cpu - load.cpu};
};

/** @returns the median of the CPU milliseconds that one message in some room costs. */
const cpuOfMessage = async (server: ServerProcess, measured: Measured, rooms: number): Promise<number> => {
	await measured.unwatch();
	await untilCalm(measured);
	const costs: number[] = [];
	for (let index = 0; index < warmUpCount + messageCount; index++) {
		const before = await measured.measure();
		// Another room each time, spread over the account.
		const room = (index * 37 + 11) % rooms;
		await server.untilCommitted(server.tell({roomIndexes: [room], count: 1, isLimited: false}));
		await sleep(messagePause);
		const after = await measured.measure();
		if (index >= warmUpCount) costs.push(after.cpu - before.cpu);
	}
	return median(costs);
};

const newsOfAbsence = (rooms: number): News => ({
	roomIndexes: Array.from({length: Math.round(rooms * absentShare)}, (_, index) => index),
	count: 5,
	isLimited: true,
});

/** @returns CPU milliseconds until a response about 3 of 5 rooms is committed. */
const cpuOfAbsence = async (server: ServerProcess, measured: Measured, rooms: number): Promise<number> => {
	const before = await measured.measure();
	await server.untilCommitted(server.tell(newsOfAbsence(rooms)));
	const after = await measured.measure();
	return after.cpu - before.cpu;
};

/** What the stock SDK does at each start, and then. */
const measureStock = async (server: ServerProcess, rooms: number) => {
	server.reset();
	const parameters = {url: server.url, ...device, isEncrypted: true};
	const {measured, ...start} = await cpuUntilUsable(server, {
		start: async () => {
			const client = await startMeasured('stock-client', parameters);
			await client.watch();
			return client;
		},
		token: 's0',
	});
	say(`stock: ${rooms} rooms are usable`);
	const {peakRss, blockedMax} = await untilCalm(measured);
	say('stock: messages');
	const {heap} = await measured.measure('measure-heap');
	const message = await cpuOfMessage(server, measured, rooms);
	say('stock: a long absence');
	const absence = await cpuOfAbsence(server, measured, rooms);
	await measured.stop();
	return {...start, peakRss, blockedMax, heap, message, absence};
};

/** The first sync of mx, with its screen open. */
const measureFirstLogin = async (server: ServerProcess, home: FreshHome) => {
	server.reset();
	const screen = await startMeasuredScreen(home.home);
	await screen.watch();
	await server.untilCommitted('s0');
	const {cpu} = await screen.measure();
	say('mx: the account is usable');
	const requests = await server.requests();
	const calm = await untilCalm(screen);
	await screen.stop();
	return {...calm, cpu, requests};
};

const measureRestart = async (server: ServerProcess, {files, record, masterKey}: FreshHome, round: number) => {
	say('mx: restart');
	const roomIndexes = Array.from({length: 20}, (_, index) => index * 4 + round);
	const token = server.tell({roomIndexes, count: 3, isLimited: false});
	const key = Buffer.from(masterKey).toString('base64');
	const parameters = {files, record, masterKey: key, version: 'bench', deviceName: 'bench'};
	const {measured, ...start} = await cpuUntilUsable(server, {
		start: async () => startMeasured('mx-engine', parameters),
		token,
	});
	await measured.stop();
	return start;
};

/** A restart with the screen, then messages, then a long absence. */
const measureScreen = async (server: ServerProcess, home: FreshHome, rooms: number) => {
	server.forget();
	const token = server.tell({roomIndexes: [3, 5, 7], count: 3, isLimited: false});
	const screen = await startMeasuredScreen(home.home);
	await screen.watch();
	await server.untilCommitted(token);
	const restart = await untilCalm(screen);
	say('mx: messages');
	const {heap} = await screen.measure('measure-heap');
	const message = await cpuOfMessage(server, screen, rooms);
	say('mx: a long absence');
	await screen.watch();
	const absence = await cpuOfAbsence(server, screen, rooms);
	const caughtUp = await untilCalm(screen);
	await screen.stop();
	return {restart, heap, message, absence, caughtUp};
};

const measureMx = async (server: ServerProcess, rooms: number) => {
	const home = await createFreshHome({...device, homeserver: server.url});
	const firstLogin = await measureFirstLogin(server, home);
	const restarts = [];
	for (let round = 0; round < 3; round++) restarts.push(await measureRestart(server, home, round));
	const screen = await measureScreen(server, home, rooms);
	home.remove();
	return {
		firstLogin,
		load: median(restarts.map(({load}) => load)),
		cpu: median(restarts.map(({cpu}) => cpu)),
		...screen,
	};
};

const megabytes = (bytes: number): number => round(bytes / 1_048_576);

/** See docs/benchmarks.md. `--rooms N` for another size than 5,000. */
export const benchScale = async (options: BenchOptions): Promise<Figures> => {
	const rooms = options['rooms'] ?? largeCount;
	const large = await startServerProcess({rooms});
	const stock = await measureStock(large, rooms);
	const mx = await measureMx(large, rooms);
	await large.stop();
	const small = await startServerProcess({rooms: smallCount});
	const smallStock = await measureStock(small, smallCount);
	const smallMx = await measureMx(small, smallCount);
	await small.stop();
	const watched = [mx.firstLogin, mx.restart, mx.caughtUp];
	return {
		restart_cpu_ratio: mx.cpu / stock.cpu,
		restart_total_cpu_ratio: (mx.load + mx.cpu) / (stock.load + stock.cpu),
		restart_heap_ratio: mx.heap / stock.heap,
		first_login_rss_ratio: mx.firstLogin.peakRss / stock.peakRss,
		message_cpu_5000_to_100: mx.message / smallMx.message,
		screen_blocked_ms_max: Math.max(...watched.map(each => each.blockedMax)),
		screen_blocked_ms_p99: Math.max(...watched.map(each => each.blockedP99)),
		screen_busy_ms_max: Math.max(...watched.map(each => each.busyMax)),
		screen_late_ms_max: Math.max(...watched.map(each => each.lateMax)),
		mx_restart_cpu_ms: mx.cpu,
		stock_restart_cpu_ms: stock.cpu,
		mx_load_cpu_ms: mx.load,
		stock_load_cpu_ms: stock.load,
		mx_heap_mb: megabytes(mx.heap),
		stock_heap_mb: megabytes(stock.heap),
		mx_first_login_rss_mb: megabytes(mx.firstLogin.peakRss),
		stock_first_login_rss_mb: megabytes(stock.peakRss),
		mx_first_login_cpu_ms: mx.firstLogin.cpu,
		mx_message_cpu_ms: mx.message,
		mx_message_cpu_ms_100: smallMx.message,
		stock_message_cpu_ms: stock.message,
		stock_message_cpu_ms_100: smallStock.message,
		mx_absence_cpu_ms: mx.absence,
		stock_absence_cpu_ms: stock.absence,
		first_login_blocked_ms_max: mx.firstLogin.blockedMax,
		restart_blocked_ms_max: mx.restart.blockedMax,
		absence_blocked_ms_max: mx.caughtUp.blockedMax,
		stock_blocked_ms_max: stock.blockedMax,
		first_login_event_requests: mx.firstLogin.requests['GET rooms/…/event/…'] ?? 0,
	};
};
