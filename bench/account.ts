/** A signed-in account on a Synapse of its own, with rooms and messages, for benchmarks of the built program. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {asString} from '../source/domain/json.ts';
import {matrixRequest, type Access} from '../test/helpers/matrix-request.ts';
import {runMx} from '../test/helpers/program.ts';
import {startSynapse, type Account, type Synapse} from '../test/helpers/synapse.ts';

export type BenchAccount = {
	readonly home: string;
	readonly synapse: Synapse;
	/** The account that mx is signed in to, and a token of another device. */
	readonly me: Access & Account;
	/** The other person in every room. */
	readonly other: Access & {readonly userId: string};
	readonly roomIds: readonly string[];
};

/** Cleans up when the process ends. */
export const atExit = {
	after: (cleanUp: () => Promise<void>): void => void process.once('beforeExit', () => void cleanUp()),
};

const prefix = '/_matrix/client/v3';

const encryption = {type: 'm.room.encryption', state_key: '', content: {algorithm: 'm.megolm.v1.aes-sha2'}};

/**
 * @param roomCount rooms that both are in, each with a few messages
 * @param encryptedCount how many of them, from the first, are encrypted; the messages in them are not
 */
export const openBenchAccount = async (roomCount: number, encryptedCount = 0): Promise<BenchAccount> => {
	const synapse = await startSynapse(atExit);
	const password = 'only for the benchmark';
	const me = await synapse.registerUser('me', password);
	const account = await synapse.registerUser('other', password);
	const other = {url: synapse.url, ...account};
	const roomIds: string[] = [];
	for (let index = 0; index < roomCount; index++) {
		const room = await matrixRequest(other, 'POST', `${prefix}/createRoom`, {
			name: `Room number ${index}`,
			invite: [me.userId],
			initial_state: index < encryptedCount ? [encryption] : [],
		});
		const roomId = asString(room['room_id']) ?? '';
		await matrixRequest({url: synapse.url, ...me}, 'POST', `${prefix}/join/${encodeURIComponent(roomId)}`, {});
		await sendText(other, roomId, `Hello in room ${index}, this is a message of ordinary length.`);
		roomIds.push(roomId);
	}
	const home = mkdtempSync(join(tmpdir(), 'mx-bench-'));
	process.once('exit', () => rmSync(home, {recursive: true, force: true}));
	const login = await runMx(
		['login', me.userId, '--password-stdin', '--recovery-key-file', join(home, 'recovery-key'), '--secrets', 'file'],
		{home, stdin: `${password}\n`, timeout: 120_000},
	);
	if (login.code !== 0) throw new Error(`mx login failed with ${login.code}: ${login.stderr}`);
	return {home, synapse, me: {url: synapse.url, ...me}, other, roomIds};
};

let count = 0;

/** Sends a text as the other person. */
export const sendText = async (sender: Access, roomId: string, body: string): Promise<void> => {
	count += 1;
	const path = `${prefix}/rooms/${encodeURIComponent(roomId)}/send/m.room.message/bench-${count}`;
	await matrixRequest(sender, 'PUT', path, {msgtype: 'm.text', body});
};
