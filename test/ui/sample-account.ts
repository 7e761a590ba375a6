/** Small real accounts for tests of the screen: a database in a temporary directory, filled as a sync would. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {JsonObject} from '../../source/domain/json.ts';
import {parseSyncRoom, type RoomCategory} from '../../source/domain/sync-response.ts';
import {openAccountDatabase} from '../../source/store/account-database.ts';
import {createAccountReader} from '../../source/store/account-reader.ts';
import {createDraftStore} from '../../source/store/draft-store.ts';
import {createOutboxStore} from '../../source/store/outbox-store.ts';
import type {Portal} from '../../source/domain/portal.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {createRoomWriter} from '../../source/store/room-writer.ts';
import {createSdkStore} from '../../source/store/sdk-store.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

export const me = '@alice:one.test';

/** A local time of today or some days before, as milliseconds since the Unix epoch. */
export const at = (clock: string, daysAgo = 0): number => {
	const [hours = 0, minutes = 0] = clock.split(':').map(Number);
	const time = new Date(2026, 10, 25, hours, minutes);
	time.setDate(time.getDate() - daysAgo);
	return time.getTime();
};

/** The time that the screens of the tests believe in. */
export const now = at('12:45');

let lastEvent = 0;

/** An event as a server sends it. */
export type SampleEvent = JsonObject & {readonly event_id: string};

/** An event with an id of its own; what is given overrides the rest. */
export const event = (sender: string, content: JsonObject, more: JsonObject = {}): SampleEvent => {
	lastEvent += 1;
	return {
		event_id: `$event${lastEvent}`,
		type: 'm.room.message',
		sender,
		origin_server_ts: now - 1000 + lastEvent,
		content,
		...more,
	};
};

export const text = (sender: string, body: string, more: JsonObject = {}): SampleEvent =>
	event(sender, {msgtype: 'm.text', body}, more);

export const state = (type: string, stateKey: string, content: JsonObject, more: JsonObject = {}): JsonObject =>
	event(stateKey.startsWith('@') ? stateKey : '@anna:one.test', content, {type, state_key: stateKey, ...more});

export const member = (userId: string, name: string, membership = 'join'): JsonObject =>
	state('m.room.member', userId, {membership, displayname: name});

/** What a room of a sync response is made of. */
export type SampleRoom = {
	readonly id: string;
	readonly category?: RoomCategory;
	readonly state?: readonly JsonObject[];
	readonly timeline?: readonly unknown[];
	readonly isLimited?: boolean;
	readonly previousToken?: string;
	readonly unread?: number;
	readonly highlights?: number;
	readonly fullyRead?: string;
	/** Account data of the room. */
	readonly accountData?: readonly JsonObject[];
	/** Content of m.receipt. */
	readonly receipts?: JsonObject;
	/** What is not read of threads, by their roots. */
	readonly threads?: Readonly<Record<string, {readonly unread: number; readonly highlights?: number}>>;
};

const threadCounts = (threads: NonNullable<SampleRoom['threads']>): JsonObject =>
	Object.fromEntries(
		Object.entries(threads).map(([root, {unread, highlights = 0}]) => [
			root,
			{notification_count: unread, highlight_count: highlights},
		]),
	);

const syncRoom = (room: SampleRoom) => {
	const {
		id,
		category = 'join',
		state = [],
		timeline = [],
		isLimited = false,
		previousToken,
		unread,
		highlights,
		fullyRead,
		accountData = [],
		receipts,
		threads,
	} = room;
	return parseSyncRoom(id, category, {
		[category === 'invite' ? 'invite_state' : 'state']: {events: state},
		timeline: {events: timeline, limited: isLimited, prev_batch: previousToken},
		unread_notifications: {notification_count: unread, highlight_count: highlights},
		ephemeral: {events: receipts === undefined ? [] : [{type: 'm.receipt', content: receipts}]},
		...(threads === undefined ? {} : {unread_thread_notifications: threadCounts(threads)}),
		account_data: {
			events: [
				...accountData,
				...(fullyRead === undefined ? [] : [{type: 'm.fully_read', content: {event_id: fullyRead}}]),
			],
		},
	});
};

/** Opens an empty account in a directory of its own. */
export const openSampleAccount = () => {
	const directory = mkdtempSync(path.join(tmpdir(), 'mx-screen-'));
	const file = {file: path.join(directory, 'account.db'), key: new Uint8Array(32).fill(7), cipher: 'chacha20'} as const;
	const account = openAccountDatabase(file);
	const writer = createRoomWriter(account, me, () => now);
	const outbox = createOutboxStore(account);
	return {
		account,
		writer,
		outbox,
		drafts: createDraftStore(account),
		reader: createAccountReader(account.database, me),

		/** Writes rooms as one sync response. @returns their numbers */
		sync(...rooms: readonly SampleRoom[]): readonly number[] {
			return account.write(() => rooms.map(room => writer.applyRoom(syncRoom(room)).rid));
		},

		/** Ignores these people, and nobody else. */
		ignore(...people: readonly string[]): void {
			const content = {ignored_users: Object.fromEntries(people.map(userId => [userId, {}]))};
			createSdkStore(account, writer, me).commitSync('s1', [{type: 'm.ignored_user_list', content}]);
		},

		/** Writes that a room was found to be bridged; what is given overrides a chat with a person on Signal. */
		bridge(rid: number, portal: Partial<Portal> = {}): void {
			const found: Portal = samplePortal({bot: '@signalbot:one.test', ...portal});
			account.write(() => createPortalStore(account, me).write(rid, found));
		},

		/** Writes account data, as the sync brings them. */
		tell(type: string, content: JsonObject): void {
			account.write(() => createSdkStore(account, writer, me).setAccountData(type, content));
		},

		/** Runs an SQL statement, for what only other parts of mx write. */
		execute(sql: string, ...values: readonly (string | number)[]): void {
			account.database.prepare(sql).run(...values.map(value => (typeof value === 'number' ? BigInt(value) : value)));
		},

		pkOf: (eventId: string): number =>
			Number(
				(account.database.prepare('SELECT pk FROM event WHERE event_id = ?').get(eventId) as {pk: bigint | number}).pk,
			),

		close(): void {
			account.close();
			rmSync(directory, {recursive: true, force: true});
		},
	};
};

export type SampleAccount = ReturnType<typeof openSampleAccount>;
