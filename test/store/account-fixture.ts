/** A real account.db in a temporary directory, and builders of the events that go into it. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {JsonObject} from '../../source/domain/json.ts';
import {parseSyncRoom, type RoomCategory, type SyncRoom} from '../../source/domain/sync-response.ts';
import {openAccountDatabase, type AccountDatabase, type AccountFile} from '../../source/store/account-database.ts';
import {createAccountReader, type AccountReader} from '../../source/store/account-reader.ts';
import {createOutboxStore} from '../../source/store/outbox-store.ts';
import {createRoomWriter, type RoomChange} from '../../source/store/room-writer.ts';

export const ownUser = '@me:example.org';
export const roomId = '!room:example.org';

/** The account, its parts, and `apply` to write rooms as a sync response would. */
export type AccountFixture = {
	readonly file: AccountFile;
	readonly account: AccountDatabase;
	readonly reader: AccountReader;
	readonly rooms: ReturnType<typeof createRoomWriter>;
	readonly outbox: ReturnType<typeof createOutboxStore>;
	readonly apply: (...rooms: readonly SyncRoom[]) => readonly RoomChange[];
};

/** @param owner the test; the directory goes when it ends */
export const openAccountFixture = (owner: {readonly after: (cleanUp: () => void) => void}): AccountFixture => {
	const directory = mkdtempSync(join(tmpdir(), 'mx-store-'));
	const file: AccountFile = {file: join(directory, 'account.db'), key: new Uint8Array(32).fill(7), cipher: 'aegis'};
	const account = openAccountDatabase(file);
	owner.after(() => {
		account.close();
		rmSync(directory, {recursive: true, force: true});
	});
	const rooms = createRoomWriter(account, ownUser);
	return {
		file,
		account,
		rooms,
		reader: createAccountReader(account.database, ownUser),
		outbox: createOutboxStore(account),
		apply: (...given) => account.write(() => given.map(room => rooms.applyRoom(room))),
	};
};

let count = 0;

/** A message event; everything can be replaced. */
export const message = (body: string, changes: JsonObject = {}): JsonObject => {
	count += 1;
	return {
		type: 'm.room.message',
		event_id: `$event${count}`,
		sender: '@anna:example.org',
		origin_server_ts: 1_700_000_000_000 + count,
		content: {msgtype: 'm.text', body},
		...changes,
	};
};

/** A state event. */
export const state = (type: string, content: JsonObject, changes: JsonObject = {}): JsonObject =>
	message('', {type, state_key: '', content, ...changes});

/** A membership event. */
export const member = (userId: string, membership: string, content: JsonObject = {}): JsonObject =>
	state('m.room.member', {membership, ...content}, {state_key: userId, sender: userId});

/** An edit of `target` by the same sender. */
export const edit = (target: JsonObject, body: string, changes: JsonObject = {}): JsonObject =>
	message(`* ${body}`, {
		sender: target['sender'],
		content: {
			msgtype: 'm.text',
			body: `* ${body}`,
			'm.new_content': {msgtype: 'm.text', body},
			'm.relates_to': {rel_type: 'm.replace', event_id: target['event_id']},
		},
		...changes,
	});

/** A redaction of `target`. */
export const redaction = (target: JsonObject, changes: JsonObject = {}): JsonObject =>
	message('', {
		type: 'm.room.redaction',
		redacts: target['event_id'],
		content: {redacts: target['event_id']},
		...changes,
	});

/** A reaction to `target`. */
export const reaction = (target: JsonObject, key: string, sender: string): JsonObject =>
	message('', {
		type: 'm.reaction',
		sender,
		content: {'m.relates_to': {rel_type: 'm.annotation', event_id: target['event_id'], key}},
	});

/** A room of a sync response with these timeline events. */
export const syncRoom = (
	timeline: readonly unknown[],
	changes: JsonObject = {},
	{id = roomId, category = 'join'}: {readonly id?: string; readonly category?: RoomCategory} = {},
): SyncRoom => parseSyncRoom(id, category, {timeline: {events: timeline, prev_batch: 't1'}, ...changes});
