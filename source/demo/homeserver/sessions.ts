/** Who is signed in: versions, discovery, login, registration, devices (client-server API §Server Discovery, §Client Authentication). */
import {asObject, asString, type JsonObject} from '../../domain/json.ts';
import type {Call, Routes} from './http.ts';
import {demand, found, MatrixError} from './matrix-error.ts';
import {setDefaultRules} from './push.ts';
import {addUser, ensure, newId, nextPosition, type Device, type User, type World} from './world.ts';

const versions = ['v1.1', 'v1.2', 'v1.3', 'v1.4', 'v1.5', 'v1.6', 'v1.7', 'v1.8', 'v1.9', 'v1.10', 'v1.11', 'v1.12'];
const roomVersions = {default: '11', available: {11: 'stable'}};

/** @returns the full id of a localpart or id. */
export const fullUserId = (world: World, user: string): string =>
	user.startsWith('@') ? user : `@${user.toLowerCase()}:${world.serverName}`;

/** @returns the id of somebody who can register. @throws MatrixError 400 */
const freeUserId = (world: World, localpart: string): string => {
	const id = fullUserId(world, localpart);
	const user = world.users.get(id);
	demand(/^@[a-z0-9._=/+-]+:/.test(id), 400, 'M_INVALID_USERNAME', `${localpart} cannot be a user name`);
	// Nobody signs in as those whom a bridge has made.
	demand(user === undefined, 400, user?.password === undefined ? 'M_EXCLUSIVE' : 'M_USER_IN_USE', `${id} is taken`);
	return id;
};

/** Makes a person who can sign in. */
export const register = (world: World, localpart: string, password: string, profile: JsonObject = {}): User => {
	const user = addUser(world, freeUserId(world, localpart), {password, profile: {displayname: localpart, ...profile}});
	setDefaultRules(world, user);
	return user;
};

const endSessions = (world: World, device: Device): void => {
	for (const [token, each] of world.sessions) if (each === device) world.sessions.delete(token);
};

type NewDevice = {readonly deviceId?: string | undefined; readonly name?: string | undefined};

/** Makes a device, or signs in again on one that is there: older tokens of it end. @returns its access token */
export const signIn = (world: World, user: User, {deviceId = newId(10), name}: NewDevice = {}) => {
	const keys = {keys: undefined, oneTimeKeys: new Map(), fallbackKeys: new Map()};
	const made = {user, id: deviceId, name, lastSeen: world.now(), ...keys, inbox: [], answers: new Map()};
	const device: Device = ensure(user.devices, deviceId, () => made);
	endSessions(world, device);
	const token = `demo_${newId()}`;
	world.sessions.set(token, device);
	return {device, token};
};

/** Forgets the device and whatever could sign in as it. */
const removeDevice = (world: World, device: Device): void => {
	endSessions(world, device);
	device.user.devices.delete(device.id);
	if (device.keys !== undefined) world.keyChanges.push({position: nextPosition(world), userId: device.user.id});
};

const passwordOf = (world: World, body: JsonObject): User | undefined => {
	const user = world.users.get(fullUserId(world, asString(asObject(body['identifier'])['user']) ?? ''));
	return user?.password !== undefined && user.password === asString(body['password']) ? user : undefined;
};

/**
 * §User-Interactive Authentication API: the password of the account, or nothing where `stage` is `m.login.dummy`.
 * @throws MatrixError 401 with what is to be done
 */
export const requireAuth = (call: Pick<Call, 'world' | 'user' | 'body'>, stage = 'm.login.password'): void => {
	const {world, user, body} = call;
	const auth = asObject(body['auth']);
	const challenge = {flows: [{stages: [stage]}], params: {}, session: newId()};
	if (auth['type'] !== stage) throw new MatrixError(401, undefined, 'More is needed', challenge);
	if (stage === 'm.login.dummy') return;
	const owner = passwordOf(world, auth);
	if (owner === undefined)
		throw new MatrixError(401, 'M_FORBIDDEN', 'The password is wrong', {...challenge, completed: []});
	demand(owner === user, 403, 'M_FORBIDDEN', 'This is the password of somebody else');
};

const newSession = ({world, body}: Call, user: User): JsonObject => {
	const [deviceId, name] = [asString(body['device_id']), asString(body['initial_device_display_name'])];
	const {device, token} = signIn(world, user, {deviceId, name});
	return {user_id: user.id, access_token: token, device_id: device.id, home_server: world.serverName};
};

const wellKnown = ({url}: World): JsonObject => ({'m.homeserver': {base_url: `${url}/`}});

const describe = ({id, name, lastSeen}: Device): JsonObject => {
	return {device_id: id, display_name: name, last_seen_ts: lastSeen, last_seen_ip: '127.0.0.1'};
};

const ownDevice = ({user, part}: Call): Device => found(user.devices.get(part('deviceId')), 'There is no such device');

export const sessionRoutes: Routes = {
	'open GET versions': () => ({versions, unstable_features: {'org.matrix.simplified_msc3575': true}}),
	'open GET .well-known/matrix/client': ({world}) => wellKnown(world),
	'open GET login': () => ({flows: [{type: 'm.login.password'}]}),
	'open POST login': call => {
		const user = passwordOf(call.world, call.body);
		demand(call.body['type'] === 'm.login.password', 400, 'M_UNKNOWN', 'Only m.login.password is known here');
		demand(user, 403, 'M_FORBIDDEN', 'Invalid username or password');
		return {...newSession(call, user), well_known: wellKnown(call.world)};
	},
	'open GET register/available': ({world, query}) => {
		freeUserId(world, query.get('username') ?? '');
		return {available: true};
	},
	'open POST register': call => {
		const {world, body} = call;
		requireAuth(call, 'm.login.dummy');
		const user = register(world, asString(body['username']) ?? newId(8), asString(body['password']) ?? '');
		return body['inhibit_login'] === true ? {user_id: user.id} : newSession(call, user);
	},
	'POST logout': ({world, device}) => removeDevice(world, device),
	'GET account/whoami': ({user, device}) => ({user_id: user.id, device_id: device.id, is_guest: false}),
	'GET capabilities': () => ({capabilities: {'m.room_versions': roomVersions}}),
	'GET devices': ({user}) => ({devices: [...user.devices.values()].map(describe)}),
	'GET devices/{deviceId}': call => describe(ownDevice(call)),
	'PUT devices/{deviceId}': call => {
		ownDevice(call).name = asString(call.body['display_name']);
	},
	'DELETE devices/{deviceId}': call => {
		requireAuth(call);
		const device = call.user.devices.get(call.part('deviceId'));
		if (device !== undefined) removeDevice(call.world, device);
	},
};
