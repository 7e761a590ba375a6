/** The keys of end-to-end encryption and the messages to single devices (client-server API §End-to-End Encryption, §Send-to-Device messaging). */
import {isDeepStrictEqual} from 'node:util';
import {asArray, asObject, asString, isObject, type JsonObject, type JsonValue} from '../../domain/json.ts';
import type {Call, Routes} from './http.ts';
import {once} from './rooms.ts';
import {requireAuth} from './sessions.ts';
import {MatrixError} from './matrix-error.ts';
import {
	membersOf,
	membershipOf,
	nextPosition,
	stateAt,
	stateEvent,
	tell,
	type Device,
	type Room,
	type User,
	type World,
} from './world.ts';

/** What a request about keys is made of; people of the demo make theirs without HTTP. */
type KeyCall = Pick<Call, 'world' | 'user' | 'device' | 'body'>;

const algorithm = 'signed_curve25519';

/** Tells everybody who shares a room that devices or identity of a person are others now. */
const noteChange = (world: World, user: User): void => {
	world.keyChanges.push({position: nextPosition(world), userId: user.id});
	tell(world, {kind: 'keys', user});
};

const sharesRoom = (user: User, other: User): boolean =>
	user === other ||
	[...other.rooms].some(room => membershipOf(room, other.id) === 'join' && membershipOf(room, user.id) === 'join');

const wasJoined = (room: Room, userId: string, position: number): boolean => {
	const current = stateEvent(room, 'm.room.member', userId);
	return (current && stateAt(current, position))?.content['membership'] === 'join';
};

/** @returns whose keys are to be asked for anew, and whose no longer matter (§Tracking the device list for a user). */
export const deviceChanges = (
	world: World,
	user: User,
	since: number,
): {readonly changed: readonly string[]; readonly left: readonly string[]} => {
	if (since === 0) return {changed: [], left: []};
	const [met, parted] = [new Set<string>(), new Set<string>()];
	for (const room of user.rooms) {
		if (room.membersPosition <= since) continue;
		const [wasHere, isHere] = [wasJoined(room, user.id, since), membershipOf(room, user.id) === 'join'];
		for (const {stateKey = ''} of membersOf(room, 'join', 'leave', 'ban')) {
			if (stateKey === user.id) continue;
			const together = isHere && membershipOf(room, stateKey) === 'join';
			const wereTogether = wasHere && wasJoined(room, stateKey, since);
			if (together && !wereTogether) met.add(stateKey);
			if (wereTogether && !together) parted.add(stateKey);
		}
	}
	for (const {userId} of world.keyChanges.slice(world.keyChanges.findLastIndex(({position}) => position <= since) + 1))
		met.add(userId);
	const isShared = (id: string): boolean => {
		const other = world.users.get(id);
		return other !== undefined && sharesRoom(user, other);
	};
	return {changed: [...met].filter(isShared), left: [...parted].filter(id => !isShared(id))};
};

/** @returns the counts that stand in each sync answer. */
export const keyCounts = ({
	oneTimeKeys,
	fallbackKeys,
}: Device): {
	readonly device_one_time_keys_count: Readonly<Record<string, number>>;
	readonly device_unused_fallback_key_types: readonly string[];
} => ({
	device_one_time_keys_count: {[algorithm]: oneTimeKeys.size},
	device_unused_fallback_key_types: [...fallbackKeys].flatMap(([type, {isUsed}]) => (isUsed ? [] : [type])),
});

/** @returns messages to this device; those up to `since` have arrived and are forgotten. */
export const takeInbox = (device: Device, since: number): readonly JsonObject[] => {
	while ((device.inbox[0]?.position ?? Number.POSITIVE_INFINITY) <= since) device.inbox.shift();
	return device.inbox.map(({event}) => event);
};

export const sendToDevice = (
	world: World,
	device: Device,
	event: {readonly type: string; readonly sender: string; readonly content: JsonObject},
): void => void device.inbox.push({position: nextPosition(world), event});

const withName = ({keys = {}, name}: Device): JsonObject => ({
	...keys,
	unsigned: name === undefined ? {} : {device_display_name: name},
});

export const uploadKeys = ({world, user, device, body}: KeyCall): JsonObject => {
	const keys = body['device_keys'];
	for (const [id, key] of Object.entries(asObject(body['one_time_keys'])))
		if (device.oneTimeKeys.has(id) && !isDeepStrictEqual(device.oneTimeKeys.get(id), key))
			throw new MatrixError(400, 'M_UNKNOWN', `One time key ${id} already exists`);
	if (isObject(keys)) {
		if (keys['user_id'] !== user.id || keys['device_id'] !== device.id)
			throw new MatrixError(400, 'M_BAD_JSON', 'These are the keys of another device');
		device.keys = keys;
		noteChange(world, user);
	}
	for (const [id, key] of Object.entries(asObject(body['one_time_keys'])))
		if (key !== undefined) device.oneTimeKeys.set(id, key);
	for (const [id, key] of Object.entries(asObject(body['fallback_keys'])))
		if (key !== undefined) device.fallbackKeys.set(id.split(':')[0] ?? '', {key: {[id]: key}, isUsed: false});
	return {one_time_key_counts: {[algorithm]: device.oneTimeKeys.size}};
};

export const queryKeys = ({world, user, body}: KeyCall): JsonObject => {
	const answer: Record<
		'device_keys' | 'master_keys' | 'self_signing_keys' | 'user_signing_keys',
		Record<string, JsonObject>
	> = {
		device_keys: {},
		master_keys: {},
		self_signing_keys: {},
		user_signing_keys: {},
	};
	if (!isObject(body['device_keys'])) throw new MatrixError(400, 'M_BAD_JSON', 'device_keys is no object');
	for (const [id, wanted] of Object.entries(body['device_keys'])) {
		const other = world.users.get(id);
		answer.device_keys[id] = {};
		if (other === undefined) continue;
		const ids = asArray(wanted);
		const devices = [...other.devices.values()].filter(
			({id: each, keys}) => keys !== undefined && (ids.length === 0 || ids.includes(each)),
		);
		answer.device_keys[id] = Object.fromEntries(devices.map(device => [device.id, withName(device)]));
		for (const [name, key] of other.crossSigning)
			if (name !== 'user_signing' || other === user) answer[`${name}_keys` as keyof typeof answer][id] = key;
	}
	return {...answer, failures: {}};
};

/** A one-time key, which is given away once, or else the fallback key. */
const claimKey = (device: Device | undefined): JsonValue | undefined => {
	const [first] = device?.oneTimeKeys ?? [];
	if (device !== undefined && first !== undefined) {
		device.oneTimeKeys.delete(first[0]);
		return {[first[0]]: first[1]};
	}
	const fallback = device?.fallbackKeys.get(algorithm);
	if (fallback === undefined) return undefined;
	fallback.isUsed = true;
	return fallback.key;
};

export const claimKeys = ({world, body}: KeyCall): JsonObject => {
	const claimed: Record<string, Record<string, JsonValue>> = {};
	for (const [userId, devices] of Object.entries(asObject(body['one_time_keys'])))
		for (const deviceId of Object.keys(asObject(devices))) {
			const key = claimKey(world.users.get(userId)?.devices.get(deviceId));
			if (key !== undefined) (claimed[userId] ??= {})[deviceId] = key;
		}
	return {one_time_keys: claimed, failures: {}};
};

const keyNames = ['master', 'self_signing', 'user_signing'] as const;

/** §Cross-signing: the first identity needs no password, another one does (MSC3967). */
export const uploadIdentity = (call: KeyCall): JsonObject => {
	const {world, user, body} = call;
	const given = keyNames.flatMap(name =>
		isObject(body[`${name}_key`]) ? [[name, asObject(body[`${name}_key`])] as const] : [],
	);
	const isSame = given.every(
		([name, key]) => JSON.stringify(user.crossSigning.get(name)?.['keys']) === JSON.stringify(key['keys']),
	);
	if (user.crossSigning.has('master') && !isSame) requireAuth(call, 'm.login.password');
	for (const [name, key] of given) user.crossSigning.set(name, key);
	noteChange(world, user);
	return {};
};

const withSignatures = (signed: JsonObject, added: JsonObject): JsonObject => {
	const signatures: Record<string, JsonObject> = {...(asObject(signed['signatures']) as Record<string, JsonObject>)};
	for (const [userId, ofUser] of Object.entries(asObject(added['signatures'])))
		signatures[userId] = {...asObject(signatures[userId]), ...asObject(ofUser)};
	return {...signed, signatures};
};

const hasKey = (key: JsonObject, id: string): boolean => Object.values(asObject(key['keys'])).includes(id);

/** Signatures of one's own devices and identity, and of the identity of others. */
export const uploadSignatures = ({world, body}: KeyCall): JsonObject => {
	for (const [userId, objects] of Object.entries(body)) {
		const target = world.users.get(userId);
		if (target === undefined) continue;
		for (const [id, signed] of Object.entries(asObject(objects))) {
			const device = target.devices.get(id);
			if (device?.keys !== undefined) device.keys = withSignatures(device.keys, asObject(signed));
			for (const [name, key] of target.crossSigning)
				if (hasKey(key, id)) target.crossSigning.set(name, withSignatures(key, asObject(signed)));
		}
		noteChange(world, target);
	}
	return {failures: {}};
};

/** §Send-to-Device messaging. @param call its body has `messages` by user and device; `*` is each device of a user */
export const sendMessages = ({world, user, body}: KeyCall, type: string): JsonObject => {
	for (const [userId, devices] of Object.entries(asObject(body['messages']))) {
		const known = world.users.get(userId)?.devices;
		for (const [deviceId, content] of Object.entries(asObject(devices))) {
			const targets = deviceId === '*' ? [...(known?.values() ?? [])] : [known?.get(deviceId)];
			for (const target of targets)
				if (target !== undefined) sendToDevice(world, target, {type, sender: user.id, content: asObject(content)});
		}
	}
	return {};
};

const putToDevice = (call: Call): JsonObject => {
	if (!isObject(call.body['messages'])) throw new MatrixError(400, 'M_MISSING_PARAM', 'messages is missing');
	const {type = '', txnId} = call.params;
	return once(call.device, `to-device ${type} ${txnId}`, () => sendMessages(call, type));
};

export const keyRoutes: Routes = {
	'POST keys/upload': uploadKeys,
	'POST keys/query': queryKeys,
	'POST keys/claim': claimKeys,
	'GET keys/changes': ({world, user, query}) =>
		deviceChanges(world, user, Number(asString(query.get('from'))?.slice(1) ?? 0)),
	'POST keys/device_signing/upload': uploadIdentity,
	'POST keys/signatures/upload': uploadSignatures,
	'PUT sendToDevice/{type}/{txnId}': putToDevice,
};
