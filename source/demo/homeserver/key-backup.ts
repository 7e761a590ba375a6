/** The backup of message keys (client-server API §Server-side key backups). */
import {asInteger, asObject, asString, type JsonObject} from '../../domain/json.ts';
import type {Call, Handler, Routes} from './http.ts';
import {MatrixError, notFound} from './matrix-error.ts';
import type {KeyBackup} from './world.ts';

const count = ({sessions}: KeyBackup): number => [...sessions.values()].reduce((sum, ofRoom) => sum + ofRoom.size, 0);

const state = (backup: KeyBackup): JsonObject => ({count: count(backup), etag: String(backup.etag)});

const describe = (backup: KeyBackup): JsonObject => ({
	version: backup.version,
	algorithm: backup.algorithm,
	auth_data: backup.authData,
	...state(backup),
});

const backupOf = ({user}: Call, version: string | undefined): KeyBackup => {
	const found = version === undefined ? user.backups.at(-1) : user.backups.find(each => each.version === version);
	if (found === undefined) throw notFound('There is no such backup');
	return found;
};

const wantedBackup = (call: Call): KeyBackup => {
	const version = call.query.get('version');
	if (version === null) throw new MatrixError(400, 'M_MISSING_PARAM', 'The version of the backup is missing');
	return backupOf(call, version);
};

/** Keys go into the newest backup alone. */
const currentBackup = (call: Call): KeyBackup => {
	const backup = wantedBackup(call);
	const {version} = backupOf(call, undefined);
	if (backup.version !== version)
		throw new MatrixError(403, 'M_WRONG_ROOM_KEYS_VERSION', 'There is a newer backup', {current_version: version});
	return backup;
};

/** Of two keys of a session the one that opens more is kept. */
const isBetter = (next: JsonObject, kept: JsonObject | undefined): boolean => {
	if (kept === undefined) return true;
	const verified = (key: JsonObject): boolean => key['is_verified'] === true;
	if (verified(next) !== verified(kept)) return verified(next);
	const number = (key: JsonObject, name: string): number => asInteger(key[name]) ?? 0;
	const [index, keptIndex] = [number(next, 'first_message_index'), number(kept, 'first_message_index')];
	return index === keptIndex ? number(next, 'forwarded_count') < number(kept, 'forwarded_count') : index < keptIndex;
};

const store = (backup: KeyBackup, rooms: JsonObject): JsonObject => {
	let hasChanged = false;
	for (const [roomId, room] of Object.entries(rooms)) {
		const sessions = backup.sessions.get(roomId) ?? new Map<string, JsonObject>();
		backup.sessions.set(roomId, sessions);
		for (const [sessionId, key] of Object.entries(asObject(asObject(room)['sessions']))) {
			if (!isBetter(asObject(key), sessions.get(sessionId))) continue;
			sessions.set(sessionId, asObject(key));
			hasChanged = true;
		}
	}
	if (hasChanged) backup.etag += 1;
	return state(backup);
};

const sessionsOf = (backup: KeyBackup, roomId: string): JsonObject => ({
	sessions: Object.fromEntries(backup.sessions.get(roomId) ?? []),
});

const remove: Handler = call => {
	const {roomId, sessionId} = call.params;
	const backup = currentBackup(call);
	if (roomId === undefined) backup.sessions.clear();
	else if (sessionId === undefined) backup.sessions.delete(roomId);
	else backup.sessions.get(roomId)?.delete(sessionId);
	backup.etag += 1;
	return state(backup);
};

export const keyBackupRoutes: Routes = {
	'POST room_keys/version': ({user, body}) => {
		const version = String((user.backupCount += 1));
		user.backups.push({
			version,
			algorithm: asString(body['algorithm']) ?? '',
			authData: asObject(body['auth_data']),
			sessions: new Map(),
			etag: 0,
		});
		return {version};
	},
	'GET room_keys/version': call => describe(backupOf(call, undefined)),
	'GET room_keys/version/{version}': call => describe(backupOf(call, call.params['version'])),
	'PUT room_keys/version/{version}': call => {
		const backup = backupOf(call, call.params['version']);
		if (call.body['algorithm'] !== backup.algorithm)
			throw new MatrixError(400, 'M_INVALID_PARAM', 'The algorithm of a backup stays');
		backup.authData = asObject(call.body['auth_data']);
		return {};
	},
	'DELETE room_keys/version/{version}': call => {
		const {user, params} = call;
		// One that was deleted before is gone, as is wished.
		if (Number(params['version']) <= user.backupCount && !user.backups.some(each => each.version === params['version']))
			return {};
		user.backups.splice(user.backups.indexOf(backupOf(call, params['version'])), 1);
		return {};
	},
	'PUT room_keys/keys': call => store(currentBackup(call), asObject(call.body['rooms'])),
	'PUT room_keys/keys/{roomId}': call => store(currentBackup(call), {[call.params['roomId'] ?? '']: call.body}),
	'PUT room_keys/keys/{roomId}/{sessionId}': call =>
		store(currentBackup(call), {
			[call.params['roomId'] ?? '']: {sessions: {[call.params['sessionId'] ?? '']: call.body}},
		}),
	'GET room_keys/keys': call => {
		const backup = wantedBackup(call);
		return {rooms: Object.fromEntries([...backup.sessions.keys()].map(roomId => [roomId, sessionsOf(backup, roomId)]))};
	},
	'GET room_keys/keys/{roomId}': call => sessionsOf(wantedBackup(call), call.params['roomId'] ?? ''),
	'GET room_keys/keys/{roomId}/{sessionId}': call => {
		const backup = wantedBackup(call);
		const key = backup.sessions.get(call.params['roomId'] ?? '')?.get(call.params['sessionId'] ?? '');
		if (key === undefined) throw notFound('The backup has no such key');
		return key;
	},
	'DELETE room_keys/keys': remove,
	'DELETE room_keys/keys/{roomId}': remove,
	'DELETE room_keys/keys/{roomId}/{sessionId}': remove,
};
