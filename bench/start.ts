/** How long until the room list is painted, and until a hand-over of `mx send` is done, against starting Node alone. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {runMx, spawnMxInTerminal} from '../test/helpers/program.ts';
import {atExit, openBenchAccount} from './account.ts';
import {median, round} from './figures.ts';
import type {Figures} from './run.ts';

const repetitions = 11;
const roomCount = 40;
const node = join(import.meta.dirname, '../node_modules/.bin/node');

const timed = async (action: () => Promise<void>): Promise<number> => {
	const started = performance.now();
	await action();
	return performance.now() - started;
};

const startNode = async (): Promise<void> => {
	await once(spawn(node, ['-e', '0'], {stdio: 'ignore'}), 'exit');
};

/** `first_list_ratio`, `send_handover_ratio` and the milliseconds behind them. */
export const benchStart = async (): Promise<Figures> => {
	const {home, roomIds} = await openBenchAccount(roomCount);
	const bare: number[] = [];
	const list: number[] = [];
	const handover: number[] = [];
	const screen = () => spawnMxInTerminal(atExit, [], {home, columns: 120, rows: 40});

	// Once without counting: the compile cache is written at the first start.
	const first = screen();
	await first.waitFor(/Room number/);
	await first.kill('SIGTERM');
	for (let index = 0; index < repetitions; index++) {
		bare.push(await timed(startNode));
		const started = performance.now();
		const program = screen();
		await program.waitFor(/Room number/);
		list.push(performance.now() - started);
		await program.kill('SIGTERM');
	}

	const owner = screen();
	await owner.waitFor(/Room number/);
	const send = async (text: string): Promise<void> => {
		const {code, stderr} = await runMx(['send', roomIds[0] ?? '', text], {home});
		if (code !== 0) throw new Error(`mx send failed with ${code}: ${stderr}`);
	};
	await send('not counted');
	for (let index = 0; index < repetitions; index++) {
		bare.push(await timed(startNode));
		handover.push(await timed(async () => send(`message ${index}`)));
	}
	await owner.kill('SIGTERM');

	return {
		first_list_ratio: round(median(list) / median(bare)),
		send_handover_ratio: round(median(handover) / median(bare)),
		bare_node_ms: round(median(bare)),
		first_list_ms: round(median(list)),
		send_handover_ms: round(median(handover)),
	};
};
