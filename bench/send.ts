/** `mx send` through a running mx and by itself, into a plain and an encrypted room, beside a program on matrix-js-sdk, on a real Synapse. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import process from 'node:process';
import {asObject, asString} from '../source/domain/json.ts';
import {matrixRequest} from '../test/helpers/matrix-request.ts';
import {runMx, spawnMxInTerminal} from '../test/helpers/program.ts';
import {atExit, openBenchAccount, type BenchAccount} from './account.ts';
import {median} from './figures.ts';
import type {StockSend} from './programs/stock-send.ts';
import type {BenchOptions, Figures} from './run.ts';

const roomCount = 40;
const repetitions = 11;

const timed = async (action: () => Promise<void>): Promise<number> => {
	const started = performance.now();
	await action();
	return performance.now() - started;
};

const runNode = async (parameters: readonly string[]): Promise<void> => {
	const child = spawn(process.execPath, parameters, {stdio: ['ignore', 'ignore', 'inherit']});
	const [code] = (await once(child, 'exit')) as [number | null];
	if (code !== 0) throw new Error(`node ${parameters[0]} ended with ${code}`);
};

/** A device of its own each time: the stock SDK has no store for its crypto outside of a browser. */
const signInStock = async ({me}: BenchAccount): Promise<Pick<StockSend, 'deviceId' | 'accessToken'>> => {
	const answer = asObject(
		await matrixRequest({url: me.url}, 'POST', '/_matrix/client/v3/login', {
			type: 'm.login.password',
			identifier: {type: 'm.id.user', user: me.userId},
			password: me.password,
		}),
	);
	return {deviceId: asString(answer['device_id']) ?? '', accessToken: asString(answer['access_token']) ?? ''};
};

const signOut = async ({me}: BenchAccount, accessToken: string): Promise<void> => {
	await matrixRequest({url: me.url, accessToken}, 'POST', '/_matrix/client/v3/logout', {});
};

const stockScript = join(import.meta.dirname, 'programs/stock-send.ts');

/** See docs/benchmarks.md. `--rooms N` for another size than 40. */
export const benchSend = async (options: BenchOptions): Promise<Figures> => {
	const account = await openBenchAccount(options['rooms'] ?? roomCount, 1);
	const {home, me, roomIds} = account;
	const rooms = {encrypted: roomIds[0] ?? '', plain: roomIds[1] ?? ''};
	let count = 0;

	const sendByMx = async (roomId: string): Promise<number> => {
		const text = `message ${++count}`;
		return timed(async () => {
			const {code, stderr} = await runMx(['send', roomId, text], {home});
			if (code !== 0) throw new Error(`mx send failed with ${code}: ${stderr}`);
		});
	};
	const sendByStock = async (roomId: string): Promise<number> => {
		const device = await signInStock(account);
		const isEncrypted = roomId === rooms.encrypted;
		const body = `message ${++count}`;
		const parameters: StockSend = {url: me.url, userId: me.userId, ...device, roomId, body, isEncrypted};
		const time = await timed(async () => runNode([stockScript, JSON.stringify(parameters)]));
		await signOut(account, device.accessToken);
		return time;
	};
	/** Once without counting: files are cached, the Megolm session is made. In turns, so that noise meets all alike. */
	const measure = async (kinds: Readonly<Record<string, () => Promise<number>>>): Promise<Record<string, number>> => {
		const times = new Map<string, number[]>(Object.keys(kinds).map(kind => [kind, []]));
		for (let index = -1; index < repetitions; index++) {
			for (const [kind, send] of Object.entries(kinds)) {
				const time = await send();
				if (index >= 0) times.get(kind)?.push(time);
			}
		}
		return Object.fromEntries([...times].map(([kind, values]) => [kind, median(values)]));
	};

	const cold = await measure({
		plain: async () => sendByMx(rooms.plain),
		encrypted: async () => sendByMx(rooms.encrypted),
		stockPlain: async () => sendByStock(rooms.plain),
		stockEncrypted: async () => sendByStock(rooms.encrypted),
	});
	const owner = spawnMxInTerminal(atExit, [], {home, columns: 120, rows: 40});
	await owner.waitFor(/Room number/);
	const running = await measure({
		bare: async () => timed(async () => runNode(['-e', '0'])),
		plain: async () => sendByMx(rooms.plain),
		encrypted: async () => sendByMx(rooms.encrypted),
	});
	await owner.kill('SIGTERM');

	const of = (times: Record<string, number>, kind: string): number => times[kind] ?? Number.NaN;
	return {
		send_running_plain_ratio: of(running, 'plain') / of(cold, 'stockPlain'),
		send_running_encrypted_ratio: of(running, 'encrypted') / of(cold, 'stockEncrypted'),
		send_cold_plain_ratio: of(cold, 'plain') / of(cold, 'stockPlain'),
		send_cold_encrypted_ratio: of(cold, 'encrypted') / of(cold, 'stockEncrypted'),
		mx_running_plain_ms: of(running, 'plain'),
		mx_running_encrypted_ms: of(running, 'encrypted'),
		mx_cold_plain_ms: of(cold, 'plain'),
		mx_cold_encrypted_ms: of(cold, 'encrypted'),
		stock_plain_ms: of(cold, 'stockPlain'),
		stock_encrypted_ms: of(cold, 'stockEncrypted'),
		bare_node_ms: of(running, 'bare'),
	};
};
