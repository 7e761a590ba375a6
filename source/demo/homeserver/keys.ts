/** The keys of end-to-end encryption and the messages to single devices (client-server API §End-to-End Encryption, §Send-to-Device messaging). */
import {isDeepStrictEqual} from 'node:util';
import {asArray, asObject, isObject, type JsonObject, type JsonValue} from '../../domain/json.ts';
import type {Call, Routes} from './http.ts';
import {requireAuth} from './sessions.ts';
import {demand} from './matrix-error.ts';
import {ensure, membersOf, membershipOf, nextPosition, tell, type Device, type User, type World} from './world.ts';

/** What a request about keys is made of; people of the demo make theirs without HTTP. */
type KeyCall = Pick<Call, 'world' | 'user' | 'device' | 'body'>;

const algorithm = 'signed_curve25519';
const keyNames = ['master', 'self_signing', 'user_signing'] as const;

/** Tells everybody who shares a room that devices or identity of a person are others now. */
const noteChange = (world: World, user: User): void => {
	world.keyChanges.push({position: nextPosition(world), userId: user.id});
	tell(world, {kind: 'keys', user});
};

const sharesRoom = (user: User, other: User | undefined): boolean =>
	[...(other?.rooms ?? [])].some(room => [user, other].every(each => membershipOf(room, each?.id ?? '') === 'join'));

/** @returns whose keys are to be asked for anew, and whose no longer matter (§Tracking the device list for a user). */
export const deviceChanges = (world: World, user: User, since: number) => {
	if (since === 0) return {changed: [], left: []};
	const first = world.keyChanges.findLastIndex(({position}) => position <= since) + 1;
	const changed = new Set(world.keyChanges.slice(first).map(({userId}) => userId));
	const left = new Set<string>();
	for (const room of [...user.rooms].filter(({membersPosition}) => membersPosition > since)) {
		const areTogether = (id: string, position?: number): boolean =>
			[user.id, id].every(each => membershipOf(room, each, position) === 'join');
		for (const {stateKey = ''} of membersOf(room, 'join', 'leave', 'ban')) {
			const [before, now] = [areTogether(stateKey, since), areTogether(stateKey)];
			if (before !== now && stateKey !== user.id) (now ? changed : left).add(stateKey);
		}
	}
	const isShared = (id: string): boolean => id === user.id || sharesRoom(user, world.users.get(id));
	return {changed: [...changed].filter(isShared), left: [...left].filter(id => !isShared(id))};
};

/** @returns the counts that stand in each sync answer. */
export const keyCounts = ({oneTimeKeys, fallbackKeys}: Device) => ({
	device_one_time_keys_count: {[algorithm]: oneTimeKeys.size},
	device_unused_fallback_key_types: [...fallbackKeys].flatMap(([type, {isUsed}]) => (isUsed ? [] : [type])),
});

/** @returns messages to this device; those up to `since` have arrived and are forgotten. */
export const takeInbox = (device: Device, since: number): readonly JsonObject[] => {
	while ((device.inbox[0]?.position ?? Number.POSITIVE_INFINITY) <= since) device.inbox.shift();
	return device.inbox.map(({event}) => event);
};

type ToDevice = {readonly type: string; readonly sender: string; readonly content: JsonObject};

export const sendToDevice = (world: World, {inbox}: Device, event: ToDevice): void =>
	void inbox.push({position: nextPosition(world), event});

export const uploadKeys = ({world, user, device, body}: KeyCall): JsonObject => {
	const [keys, oneTimeKeys] = [body['device_keys'], Object.entries(asObject(body['one_time_keys']))];
	for (const [id, key] of oneTimeKeys)
		if (device.oneTimeKeys.has(id))
			demand(isDeepStrictEqual(device.oneTimeKeys.get(id), key), 400, 'M_UNKNOWN', `There is a key ${id} already`);
	if (isObject(keys)) {
		const isOwn = keys['user_id'] === user.id && keys['device_id'] === device.id;
		demand(isOwn, 400, 'M_BAD_JSON', 'These are the keys of another device');
		device.keys = keys;
		noteChange(world, user);
	}
	for (const [id, key = null] of oneTimeKeys) device.oneTimeKeys.set(id, key);
	for (const [id, key] of Object.entries(asObject(body['fallback_keys'])))
		device.fallbackKeys.set(id.split(':')[0] ?? '', {key: {[id]: key}, isUsed: false});
	return {one_time_key_counts: {[algorithm]: device.oneTimeKeys.size}};
};

export const queryKeys = ({world, user, body}: KeyCall): JsonObject => {
	demand(isObject(body['device_keys']), 400, 'M_BAD_JSON', 'device_keys is no object');
	const wanted = Object.entries(body['device_keys']);
	const devicesOf = (id: string, ids: readonly unknown[]) =>
		[...(world.users.get(id)?.devices.values() ?? [])].flatMap(({id: each, keys, name}) => {
			const isMeant = keys !== undefined && (ids.length === 0 || ids.includes(each));
			return isMeant ? [[each, {...keys, unsigned: {device_display_name: name}}]] : [];
		});
	const identities = (name: string) =>
		wanted.flatMap(([id]) => {
			const key = name === 'user_signing' && id !== user.id ? undefined : world.users.get(id)?.crossSigning.get(name);
			return key === undefined ? [] : [[id, key]];
		});
	return {
		device_keys: Object.fromEntries(wanted.map(([id, ids]) => [id, Object.fromEntries(devicesOf(id, asArray(ids)))])),
		...Object.fromEntries(keyNames.map(name => [`${name}_keys`, Object.fromEntries(identities(name))])),
		failures: {},
	};
};

/** A one-time key, which is given away once, or else the fallback key. */
const claimKey = (device: Device | undefined): JsonValue | undefined => {
	const [id, key] = device?.oneTimeKeys.entries().next().value ?? [];
	if (id !== undefined && device?.oneTimeKeys.delete(id) === true) return {[id]: key};
	const fallback = device?.fallbackKeys.get(algorithm);
	if (fallback !== undefined) fallback.isUsed = true;
	return fallback?.key;
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

/** §Cross-signing: the first identity needs no password, another one does (MSC3967). */
export const uploadIdentity = (call: KeyCall): JsonObject => {
	const {world, user, body} = call;
	const given = keyNames.map(name => [name, asObject(body[`${name}_key`])] as const).filter(([, {keys}]) => keys);
	const isSame = given.every(([name, {keys}]) => isDeepStrictEqual(user.crossSigning.get(name)?.['keys'], keys));
	if (user.crossSigning.has('master') && !isSame) requireAuth(call);
	for (const [name, key] of given) user.crossSigning.set(name, key);
	noteChange(world, user);
	return {};
};

const withSignatures = (signed: JsonObject, added: JsonObject): JsonObject => {
	const signatures = {...asObject(signed['signatures'])} as Record<string, JsonObject>;
	for (const [userId, ofUser] of Object.entries(asObject(added['signatures'])))
		signatures[userId] = {...signatures[userId], ...asObject(ofUser)};
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

export const keyRoutes: Routes = {
	'POST keys/upload': uploadKeys,
	'POST keys/query': queryKeys,
	'POST keys/claim': claimKeys,
	'POST keys/device_signing/upload': uploadIdentity,
	'POST keys/signatures/upload': uploadSignatures,
	'PUT sendToDevice/{type}/{txnId}': call => {
		demand(isObject(call.body['messages']), 400, 'M_MISSING_PARAM', 'messages is missing');
		const [type, txnId] = [call.part('type'), call.part('txnId')];
		return ensure(call.device.answers, `to-device ${type} ${txnId}`, () => sendMessages(call, type));
	},
};
