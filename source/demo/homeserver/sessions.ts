/** Who is signed in: versions, discovery, login, registration, logout (client-server API §Server Discovery, §Client Authentication). */
import {asObject, asString, type JsonObject} from '../../domain/json.ts';
import type {Call, Routes} from './http.ts';
import {forbidden, MatrixError} from './matrix-error.ts';
import {setDefaultRules} from './push.ts';
import {addUser, newId, nextPosition, type Device, type User, type World} from './world.ts';

const featureFlags = {
	'org.matrix.simplified_msc3575': true,
	'org.matrix.msc3440.stable': true,
	'org.matrix.msc3771': true,
	'org.matrix.msc3773': true,
};

/** @returns the full id of a localpart or id. */
export const fullUserId = (world: World, user: string): string =>
	user.startsWith('@') ? user : `@${user.toLowerCase()}:${world.serverName}`;

/** @throws MatrixError 400 */
const validUserId = (world: World, localpart: string): string => {
	const id = fullUserId(world, localpart);
	if (!/^@[a-z0-9._=/+-]+:/.test(id))
		throw new MatrixError(400, 'M_INVALID_USERNAME', `${localpart} cannot be a user name`);
	return id;
};

/** Makes a person who can sign in. */
export const register = (world: World, localpart: string, password: string, profile: JsonObject = {}): User => {
	const id = validUserId(world, localpart);
	if (world.users.has(id)) throw new MatrixError(400, 'M_USER_IN_USE', `${id} is taken`);
	const user = addUser(world, id, {password, profile: {displayname: localpart, ...profile}});
	setDefaultRules(world, user);
	return user;
};

/** Makes a device, or signs in again on one that is there: older tokens of it end. @returns its access token */
export const signIn = (
	world: World,
	user: User,
	{deviceId = newId(8), name}: {deviceId?: string | undefined; name?: string | undefined} = {},
): {readonly device: Device; readonly token: string} => {
	const device: Device = user.devices.get(deviceId) ?? {
		user,
		id: deviceId,
		name,
		lastSeen: world.now(),
		keys: undefined,
		oneTimeKeys: new Map(),
		fallbackKeys: new Map(),
		inbox: [],
		answers: new Map(),
	};
	user.devices.set(deviceId, device);
	endSessions(world, device);
	const token = `demo_${newId()}`;
	world.sessions.set(token, device);
	return {device, token};
};

const endSessions = (world: World, device: Device): void => {
	for (const [token, each] of world.sessions) if (each === device) world.sessions.delete(token);
};

/** Forgets the device and whatever could sign in as it. */
export const removeDevice = (world: World, device: Device): void => {
	endSessions(world, device);
	device.user.devices.delete(device.id);
	if (device.keys !== undefined) world.keyChanges.push({position: nextPosition(world), userId: device.user.id});
};

const passwordOf = (world: World, body: JsonObject): User | undefined => {
	const identifier = asObject(body['identifier']);
	const user = world.users.get(fullUserId(world, asString(identifier['user']) ?? asString(body['user']) ?? ''));
	return user?.password !== undefined && user.password === asString(body['password']) ? user : undefined;
};

/**
 * §User-Interactive Authentication API: the password of the account, or nothing where `stage` is `m.login.dummy`.
 * @throws MatrixError 401 with what is to be done
 */
export const requireAuth = (
	{world, user, body}: Pick<Call, 'world' | 'body'> & {readonly user?: User},
	stage: 'm.login.password' | 'm.login.dummy',
): void => {
	const auth = asObject(body['auth']);
	const challenge = {flows: [{stages: [stage]}], params: {}, session: newId(12)};
	if (auth['type'] !== stage) throw new MatrixError(401, undefined, 'More is needed', challenge);
	if (stage === 'm.login.dummy') return;
	const owner = passwordOf(world, auth);
	if (owner === undefined)
		throw new MatrixError(401, 'M_FORBIDDEN', 'The password is wrong', {...challenge, completed: []});
	if (owner !== user) throw forbidden('This is the password of somebody else');
};

const newSession = ({world, body}: Call, user: User): JsonObject => {
	const {device, token} = signIn(world, user, {
		deviceId: asString(body['device_id']),
		name: asString(body['initial_device_display_name']),
	});
	return {user_id: user.id, access_token: token, device_id: device.id, home_server: world.serverName};
};

const wellKnown = ({url}: World): JsonObject => ({'m.homeserver': {base_url: `${url}/`}});

export const openSessionRoutes: Routes = {
	'GET versions': () => ({
		versions: ['v1.1', 'v1.2', 'v1.3', 'v1.4', 'v1.5', 'v1.6', 'v1.7', 'v1.8', 'v1.9', 'v1.10', 'v1.11', 'v1.12'],
		unstable_features: featureFlags,
	}),
	'GET .well-known/matrix/client': ({world}) => wellKnown(world),
	'GET login': () => ({flows: [{type: 'm.login.password'}]}),
	'POST login': call => {
		const user = passwordOf(call.world, call.body);
		if (call.body['type'] !== 'm.login.password')
			throw new MatrixError(400, 'M_UNKNOWN', 'Only m.login.password is known here');
		if (user === undefined) throw forbidden('Invalid username or password');
		return {...newSession(call, user), well_known: wellKnown(call.world)};
	},
	'GET register': () => ({flows: [{stages: ['m.login.dummy']}]}),
	'GET register/available': ({world, query}) => {
		const id = validUserId(world, query.get('username') ?? '');
		const user = world.users.get(id);
		if (user !== undefined && user.password === undefined)
			throw new MatrixError(400, 'M_EXCLUSIVE', `${id} belongs to a bridge`);
		if (user !== undefined) throw new MatrixError(400, 'M_USER_IN_USE', `${id} is taken`);
		return {available: true};
	},
	'POST register': call => {
		const {world, body} = call;
		requireAuth(call, 'm.login.dummy');
		const user = register(
			world,
			asString(body['username']) ?? newId(6).toLowerCase(),
			asString(body['password']) ?? '',
		);
		return body['inhibit_login'] === true ? {user_id: user.id} : newSession(call, user);
	},
};

const deviceAnswer = ({id, name, lastSeen}: Device): JsonObject => ({
	device_id: id,
	...(name === undefined ? {} : {display_name: name}),
	last_seen_ts: lastSeen,
	last_seen_ip: '127.0.0.1',
});

const ownDevice = ({user}: Call, id = ''): Device => {
	const device = user.devices.get(id);
	if (device === undefined) throw new MatrixError(404, 'M_NOT_FOUND', `There is no device ${id}`);
	return device;
};

export const sessionRoutes: Routes = {
	'GET account/whoami': ({user, device}) => ({user_id: user.id, device_id: device.id, is_guest: false}),
	'POST logout': ({world, device}) => {
		removeDevice(world, device);
		return {};
	},
	'POST logout/all': ({world, user}) => {
		for (const device of user.devices.values()) removeDevice(world, device);
		return {};
	},
	'POST account/password': call => {
		requireAuth(call, 'm.login.password');
		call.user.password = asString(call.body['new_password']) ?? '';
		return {};
	},
	'GET capabilities': () => ({
		capabilities: {
			'm.change_password': {enabled: true},
			'm.room_versions': {default: '11', available: {11: 'stable'}},
			'm.set_displayname': {enabled: true},
			'm.set_avatar_url': {enabled: true},
			'm.3pid_changes': {enabled: false},
		},
	}),
	'GET voip/turnServer': () => ({}),
	'GET account/3pid': () => ({threepids: []}),
	'GET devices': ({user}) => ({devices: [...user.devices.values()].map(deviceAnswer)}),
	'GET devices/{deviceId}': call => deviceAnswer(ownDevice(call, call.params['deviceId'])),
	'PUT devices/{deviceId}': call => {
		ownDevice(call, call.params['deviceId']).name = asString(call.body['display_name']);
		return {};
	},
	'DELETE devices/{deviceId}': call => {
		requireAuth(call, 'm.login.password');
		const device = call.user.devices.get(call.params['deviceId'] ?? '');
		if (device !== undefined) removeDevice(call.world, device);
		return {};
	},
	'POST delete_devices': call => {
		requireAuth(call, 'm.login.password');
		const ids = Array.isArray(call.body['devices']) ? call.body['devices'] : [];
		for (const id of ids) {
			const device = call.user.devices.get(String(id));
			if (device !== undefined) removeDevice(call.world, device);
		}
		return {};
	},
};
