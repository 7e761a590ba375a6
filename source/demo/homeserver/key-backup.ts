/** The backup of message keys (client-server API §Server-side key backups). */
import {asInteger, asObject, asString, type JsonObject} from '../../domain/json.ts';
import type {Call, Handler, Routes} from './http.ts';
import {badParameter, MatrixError, notFound} from './matrix-error.ts';
import {ensure, type KeyBackup, type User} from './world.ts';

const state = ({sessions, etag}: KeyBackup): JsonObject => {
	const count = [...sessions.values()].reduce((sum, ofRoom) => sum + ofRoom.size, 0);
	return {count, etag: String(etag)};
};

/** @param version '' for the newest */
const findBackup = ({backups}: User, version: string): KeyBackup => {
	const found = version === '' ? backups.at(-1) : backups.find(each => each.version === version);
	if (found === undefined) throw notFound('There is no such backup');
	return found;
};

const wantedBackup = ({user, query}: Call): KeyBackup => {
	const version = query.get('version');
	if (version === null) throw new MatrixError(400, 'M_MISSING_PARAM', 'The version of the backup is missing');
	return findBackup(user, version);
};

/** Keys go into the newest backup alone. */
const currentBackup = (call: Call): KeyBackup => {
	const [wanted, newest] = [wantedBackup(call), findBackup(call.user, '')];
	if (wanted === newest) return newest;
	const more = {current_version: newest.version};
	throw new MatrixError(403, 'M_WRONG_ROOM_KEYS_VERSION', 'There is a newer backup', more);
};

/** Of two keys of a session the one that opens more is kept. */
const isBetter = (next: JsonObject, kept: JsonObject): boolean => {
	const [isVerified, wasVerified] = [next['is_verified'] === true, kept['is_verified'] === true];
	if (isVerified !== wasVerified) return isVerified;
	const difference = (name: string): number => (asInteger(next[name]) ?? 0) - (asInteger(kept[name]) ?? 0);
	return (difference('first_message_index') || difference('forwarded_count')) < 0;
};

const keep = (backup: KeyBackup, roomId: string, sessions: JsonObject): boolean => {
	const ofRoom = ensure(backup.sessions, roomId, () => new Map<string, JsonObject>());
	const better = Object.entries(sessions).filter(([sessionId, key]) => {
		const kept = ofRoom.get(sessionId);
		return kept === undefined || isBetter(asObject(key), kept);
	});
	for (const [sessionId, key] of better) ofRoom.set(sessionId, asObject(key));
	return better.length > 0;
};

/** The keys of all rooms, of one, or of one session. */
const putKeys: Handler = call => {
	const [roomId, sessionId] = [call.part('roomId'), call.part('sessionId')];
	const ofRoom = sessionId === '' ? call.body : {sessions: {[sessionId]: call.body}};
	const rooms = roomId === '' ? asObject(call.body['rooms']) : {[roomId]: ofRoom};
	const backup = currentBackup(call);
	const changes = Object.entries(rooms).filter(([id, room]) => keep(backup, id, asObject(asObject(room)['sessions'])));
	if (changes.length > 0) backup.etag += 1;
	return state(backup);
};

const getKeys: Handler = call => {
	const [roomId, sessionId] = [call.part('roomId'), call.part('sessionId')];
	const {sessions} = wantedBackup(call);
	const ofRoom = (id: string): JsonObject => ({sessions: Object.fromEntries(sessions.get(id) ?? [])});
	if (roomId === '') return {rooms: Object.fromEntries([...sessions.keys()].map(id => [id, ofRoom(id)]))};
	if (sessionId === '') return ofRoom(roomId);
	const key = sessions.get(roomId)?.get(sessionId);
	if (key === undefined) throw notFound('The backup has no such key');
	return key;
};

const deleteKeys: Handler = call => {
	const [roomId, sessionId] = [call.part('roomId'), call.part('sessionId')];
	const backup = currentBackup(call);
	if (roomId === '') backup.sessions.clear();
	else if (sessionId === '') backup.sessions.delete(roomId);
	else backup.sessions.get(roomId)?.delete(sessionId);
	backup.etag += 1;
	return state(backup);
};

export const keyBackupRoutes: Routes = {
	'POST room_keys/version': ({user, body}) => {
		const version = String((user.backupCount += 1));
		const [algorithm, authData] = [asString(body['algorithm']) ?? '', asObject(body['auth_data'])];
		user.backups.push({version, algorithm, authData, sessions: new Map(), etag: 0});
		return {version};
	},
	'GET room_keys/version/{version?}': ({user, part}) => {
		const backup = findBackup(user, part('version'));
		const {version, algorithm, authData} = backup;
		return {version, algorithm, auth_data: authData, ...state(backup)};
	},
	'PUT room_keys/version/{version}': ({user, part, body}) => {
		const backup = findBackup(user, part('version'));
		if (body['algorithm'] !== backup.algorithm) throw badParameter('The algorithm of a backup stays');
		backup.authData = asObject(body['auth_data']);
	},
	'DELETE room_keys/version/{version}': ({user, part}) => {
		const index = user.backups.findIndex(({version}) => version === part('version'));
		// One that was deleted before is gone, as is wished.
		if (index === -1 && !(Number(part('version')) <= user.backupCount)) throw notFound('There is no such backup');
		if (index !== -1) user.backups.splice(index, 1);
	},
	'PUT room_keys/keys/{roomId?}/{sessionId?}': putKeys,
	'GET room_keys/keys/{roomId?}/{sessionId?}': getKeys,
	'DELETE room_keys/keys/{roomId?}/{sessionId?}': deleteKeys,
};
