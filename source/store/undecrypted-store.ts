/** The rows of encrypted events that are to be decrypted, or checked anew, and writing what came of it. */
import {asObject, parseJson, type JsonObject} from '../domain/json.ts';
import type {Shield} from '../domain/message.ts';
import type {AccountDatabase} from './account-database.ts';
import {prepare} from './bind.ts';
import {integer, optionalText, text} from './columns.ts';
import type {RoomWriter} from './room-writer.ts';
import {createSavepoint} from './savepoint.ts';
import {isStorageFailure} from './storage-failure.ts';

/** What decryption needs of a row. */
export type UndecryptedEvent = {
	readonly pk: number;
	readonly rid: number;
	readonly roomId: string;
	readonly raw: JsonObject;
	/** The Megolm session of a row that could not be decrypted before. */
	readonly failedSession: string | undefined;
};

/** What decryption said of a row. */
export type DecryptionResult = {
	readonly pk: number;
	readonly decryption:
		| {readonly kind: 'clear'; readonly type: string; readonly content: JsonObject; readonly shield: Shield | undefined}
		| {readonly kind: 'failed'; readonly reason: string};
};

export type UndecryptedStore = ReturnType<typeof createUndecryptedStore>;

/** @param rooms writers of the same connection */
export const createUndecryptedStore = (
	account: AccountDatabase,
	{events, attention}: Pick<RoomWriter, 'events' | 'attention'>,
) => {
	const {database} = account;
	const byPk = prepare(
		database,
		`SELECT pk, event.rid, room_id, raw, iif(failure IS NULL, NULL, session) AS failed_session FROM event JOIN room ON room.rid = event.rid WHERE pk = ? AND encryption <> 0 AND raw IS NOT NULL`,
	);
	const shielded = prepare(
		database,
		'SELECT pk FROM event WHERE sender = ? AND shield IS NOT NULL ORDER BY pk DESC LIMIT 500',
	);
	const mismatched = prepare(
		database,
		`SELECT pk FROM event INDEXED BY event_mismatched WHERE rid = ? AND instr(shield, '"mismatched-sender"') > 0 ORDER BY pk DESC LIMIT 500`,
	);
	// Ghosts are many: they are found by their rooms. What is known to be of the bridge is looked at no more.
	const unexplained = prepare(
		database,
		`SELECT pk FROM portal CROSS JOIN event INDEXED BY event_mismatched ON event.rid = portal.rid
		WHERE bot = ? AND trust = 'attested' AND instr(shield, '"mismatched-sender"') > 0 AND instr(shield, '"bridge":') = 0
		ORDER BY pk DESC LIMIT 2000`,
	);
	const bySession = prepare(database, 'SELECT pk FROM event WHERE session = ? AND encryption = 1');
	const untried = prepare(database, 'SELECT pk FROM event WHERE encryption = 1 AND failure IS NULL ORDER BY pk');
	const failedSessions = prepare(
		database,
		`SELECT max(pk) AS pk FROM event WHERE encryption = 1 AND failure IS NOT NULL GROUP BY session ORDER BY max(pk) DESC LIMIT 1000`,
	);
	const all = prepare(database, 'SELECT pk FROM event WHERE encryption = 1 ORDER BY pk');
	const ridOf = prepare(database, 'SELECT rid FROM event WHERE pk = ?');
	const alone = createSavepoint(database);

	const writeOne = ({pk, decryption}: DecryptionResult): void => {
		if (decryption.kind === 'failed') return events.undecryptable(pk, decryption.reason);
		const {type, content, shield} = decryption;
		events.decrypted(pk, {type, content, shield: shield === undefined ? undefined : JSON.stringify(shield)});
	};

	/** The newest messages of rooms whose sender does not go with the device. */
	const mismatchedIn = (rids: readonly number[]): readonly number[] =>
		rids.flatMap(rid => mismatched.all(rid).map(row => integer(row, 'pk')));

	return {
		event(pk: number): UndecryptedEvent | undefined {
			const row = byPk.get(pk);
			if (row === undefined) return undefined;
			const raw = asObject(parseJson(text(row, 'raw')));
			const failedSession = optionalText(row, 'failed_session');
			return {pk, rid: integer(row, 'rid'), roomId: text(row, 'room_id'), raw, failedSession};
		},
		bySessions: (sessionIds: readonly string[]): readonly number[] =>
			sessionIds.flatMap(session => bySession.all(session).map(row => integer(row, 'pk'))),
		/** The newest messages of these people that carry a warning. */
		shieldedBy: (userIds: readonly string[]): readonly number[] =>
			userIds.flatMap(user => [
				...shielded.all(user).map(row => integer(row, 'pk')),
				...unexplained.all(user).map(row => integer(row, 'pk')),
			]),
		mismatchedIn,
		/** Oldest first. */
		untried: (): readonly number[] => untried.all().map(row => integer(row, 'pk')),
		/** One row of each session that failed: its key may have come just before the program was killed. */
		oneOfFailedSessions: (): readonly number[] =>
			failedSessions
				.all()
				.map(row => integer(row, 'pk'))
				.toReversed(),
		all: (): readonly number[] => all.all().map(row => integer(row, 'pk')),

		/**
		 * Writes results in one transaction. What cannot be stored, a bug then, makes its own row undecryptable.
		 * @param onError told of that
		 * @throws the store's error when the disk is the reason
		 */
		write(results: readonly DecryptionResult[], onError: (error: unknown) => void): void {
			account.write(() => {
				for (const result of results) {
					try {
						alone(() => writeOne(result));
					} catch (error) {
						if (isStorageFailure(error)) throw error;
						onError(error);
						events.undecryptable(result.pk, 'UNKNOWN_ERROR');
					}
				}
				// What was said may be to the person.
				const rids = new Set(results.map(({pk}) => integer(ridOf.get(pk), 'rid')));
				for (const rid of rids) attention.settle(rid);
			});
		},
	};
};
