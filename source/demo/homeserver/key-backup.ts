/** The backup of message keys (client-server API §Server-side key backups). */
import {asInteger, asObject, asString, type JsonObject} from '../../domain/json.ts';
import type {Call, Handler, Routes} from './http.ts';
import {demand, found, MatrixError} from './matrix-error.ts';
import type {BackedUpKey, KeyBackup, User} from './world.ts';

/** @param version '' for the newest */
const findBackup = ({backups}: User, version: string): KeyBackup =>
	found(version === '' ? backups.at(-1) : backups.find(each => each.version === version), 'There is no such backup');

/** The backup that a request about keys is for. */
const wantedBackup = ({user, query}: Call): KeyBackup => {
	const version = query.get('version') ?? '';
	demand(version, 400, 'M_MISSING_PARAM', 'The version of the backup is missing');
	return findBackup(user, version);
};

const state = ({keys, etag}: KeyBackup): JsonObject => ({count: keys.size, etag: String(etag)});

/** Of two keys of a session the one that opens more is kept. */
const isBetter = (next: JsonObject, kept: JsonObject | undefined): boolean => {
	if (kept === undefined) return true;
	const [isVerified, wasVerified] = [next['is_verified'] === true, kept['is_verified'] === true];
	if (isVerified !== wasVerified) return isVerified;
	const difference = (name: string): number => (asInteger(next[name]) ?? 0) - (asInteger(kept[name]) ?? 0);
	return (difference('first_message_index') || difference('forwarded_count')) < 0;
};

/** Keys go into the newest backup alone. */
const put: Handler = call => {
	const [backup, {version}] = [wantedBackup(call), findBackup(call.user, '')];
	if (backup.version !== version)
		throw new MatrixError(403, 'M_WRONG_ROOM_KEYS_VERSION', 'There is a newer backup', {current_version: version});
	const [room, session] = [call.part('roomId'), call.part('sessionId')];
	const ofRoom = session === '' ? call.body : {sessions: {[session]: call.body}};
	const rooms = room === '' ? asObject(call.body['rooms']) : {[room]: ofRoom};
	const given = Object.entries(rooms).flatMap(([roomId, ofRoom]) =>
		Object.entries(asObject(asObject(ofRoom)['sessions'])).map(([sessionId, key]) => ({
			roomId,
			sessionId,
			key: asObject(key),
		})),
	);
	const nameOf = ({roomId, sessionId}: BackedUpKey): string => `${roomId} ${sessionId}`;
	const better = given.filter(each => isBetter(each.key, backup.keys.get(nameOf(each))?.key));
	for (const each of better) backup.keys.set(nameOf(each), each);
	if (better.length > 0) backup.etag += 1;
	return state(backup);
};

/** All keys, those of a room, or that of a session. */
const get: Handler = call => {
	const [room, session] = [call.part('roomId'), call.part('sessionId')];
	const rooms: Record<string, {readonly sessions: Record<string, JsonObject>}> = {};
	for (const {roomId, sessionId, key} of wantedBackup(call).keys.values())
		(rooms[roomId] ??= {sessions: {}}).sessions[sessionId] = key;
	const ofRoom = rooms[room] ?? {sessions: {}};
	if (room === '') return {rooms};
	return session === '' ? ofRoom : found(ofRoom.sessions[session], 'The backup has no such key');
};

export const keyBackupRoutes: Routes = {
	'POST room_keys/version': ({user, body}) => {
		const version = String((user.backupCount += 1));
		const [algorithm, authData] = [asString(body['algorithm']) ?? '', asObject(body['auth_data'])];
		user.backups.push({version, algorithm, authData, keys: new Map(), etag: 0});
		return {version};
	},
	'GET room_keys/version/{version?}': ({user, part}) => {
		const backup = findBackup(user, part('version'));
		const {version, algorithm, authData} = backup;
		return {version, algorithm, auth_data: authData, ...state(backup)};
	},
	'PUT room_keys/version/{version}': ({user, part, body}) => {
		const backup = findBackup(user, part('version'));
		demand(body['algorithm'] === backup.algorithm, 400, 'M_INVALID_PARAM', 'The algorithm of a backup stays');
		backup.authData = asObject(body['auth_data']);
	},
	'DELETE room_keys/version/{version}': ({user, part}) => {
		// One that was deleted before is gone, as is wished.
		demand(Number(part('version')) <= user.backupCount, 404, 'M_NOT_FOUND', 'There is no such backup');
		user.backups = user.backups.filter(({version}) => version !== part('version'));
	},
	'PUT room_keys/keys/{roomId?}/{sessionId?}': put,
	'GET room_keys/keys/{roomId?}/{sessionId?}': get,
};
