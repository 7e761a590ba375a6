/** Keys of devices, cross-signing, messages to devices, and the backup of keys. */
import {createPrivateKey, createPublicKey, sign} from 'node:crypto';
import {isObject, type JsonObject, type JsonValue} from '../../../source/domain/json.ts';
import {by, password, passwordOf, type Conversation, type Names} from '../requests.ts';

const anna = by('anna');
const bob = by('bob');
const phone = by('phone');

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '');

/** An Ed25519 key whose secret is this byte, 32 times. */
const keyOf = (secret: number) => {
	const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, secret)]);
	const key = createPrivateKey({key: der, format: 'der', type: 'pkcs8'});
	return {key, name: base64(createPublicKey(key).export({format: 'der', type: 'spki'}).subarray(-32))};
};

/** Appendices §Canonical JSON, for values without surprises. */
const canonical = (value: JsonValue | undefined): string => {
	if (Array.isArray(value)) return `[${value.map(each => canonical(each as JsonValue)).join(',')}]`;
	if (!isObject(value)) return JSON.stringify(value);
	const members = Object.keys(value).toSorted();
	return `{${members.map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
};

const signed = (object: JsonObject, user: string, secret: number): JsonObject => {
	const {key, name} = keyOf(secret);
	const signature = base64(sign(null, Buffer.from(canonical(object)), key));
	return {...object, signatures: {[user]: {[`ed25519:${name}`]: signature}}};
};

const identityKey = (names: Names, person: string, usage: string, secret: number): JsonObject => {
	const {name} = keyOf(secret);
	return {user_id: names.get(person) ?? '', usage: [usage], keys: {[`ed25519:${name}`]: name}};
};

/** All three keys of an identity; the master key has this secret. */
const identity =
	(secret: number, auth?: JsonObject) =>
	(names: Names): JsonObject => ({
		master_key: identityKey(names, 'anna', 'master', secret),
		self_signing_key: signed(identityKey(names, 'anna', 'self_signing', secret + 1), names.get('anna') ?? '', secret),
		user_signing_key: signed(identityKey(names, 'anna', 'user_signing', secret + 2), names.get('anna') ?? '', secret),
		...(auth === undefined ? {} : {auth}),
	});

const deviceKeys = (names: Names, person: string): JsonObject => ({
	user_id: names.get(person) ?? '',
	device_id: names.get(`${person}.device`) ?? '',
	algorithms: ['m.olm.v1.curve25519-aes-sha2', 'm.megolm.v1.aes-sha2'],
	keys: {[`curve25519:${names.get(`${person}.device`)}`]: 'curve', [`ed25519:${names.get(`${person}.device`)}`]: 'ed'},
	signatures: {},
});

const oneTime = (text: string): JsonObject => ({key: text, signatures: {}});

export const keys: Conversation = {
	title: 'keys and messages to devices',
	people: ['anna', 'bob'],
	asks: [
		anna('POST createRoom', {preset: 'private_chat', invite: ['{bob}']}, {keep: {room: 'room_id'}}),
		bob('POST join/{room}', {}),
		bob('GET sync', undefined, {keep: {since: 'next_batch'}}),
		anna('POST keys/upload', {}),
		anna('POST keys/upload', names => ({
			device_keys: deviceKeys(names, 'anna'),
			one_time_keys: {'signed_curve25519:AAAA': oneTime('one'), 'signed_curve25519:AAAB': oneTime('two')},
			fallback_keys: {'signed_curve25519:FFFF': {...oneTime('fallback'), fallback: true}},
		})),
		anna('POST keys/upload', {one_time_keys: {'signed_curve25519:AAAA': oneTime('one')}}),
		anna('POST keys/upload', {one_time_keys: {'signed_curve25519:AAAA': oneTime('another')}}),
		bob('GET sync?since={since}&timeout=5000', undefined, {keep: {since: 'next_batch'}}),
		bob('POST keys/query', {device_keys: {'{anna}': []}}),
		bob('POST keys/query', {device_keys: {'{anna}': ['NONE'], '@none:{server}': [], '{bob}': []}}),
		bob('POST keys/query', {device_keys: ['{anna}']}),
		...[0, 1, 2, 3].map(() =>
			bob('POST keys/claim', {
				one_time_keys: {'{anna}': {'{anna.device}': 'signed_curve25519', NONE: 'signed_curve25519'}},
			}),
		),
		bob('POST keys/claim', {one_time_keys: {'@none:{server}': {NONE: 'signed_curve25519'}}}),
		anna('GET sync'),
		anna('POST keys/upload', {fallback_keys: {'signed_curve25519:GGGG': {...oneTime('next'), fallback: true}}}),
		anna('GET sync', undefined, {keep: {'anna.since': 'next_batch'}}),
		anna('POST keys/device_signing/upload', identity(1)),
		anna('POST keys/device_signing/upload', identity(1)),
		anna('POST keys/device_signing/upload', identity(11)),
		anna('POST keys/device_signing/upload', identity(11, {...passwordOf('anna'), password: 'another'})),
		anna('POST keys/device_signing/upload', identity(11, passwordOf('anna'))),
		bob('POST keys/query', {device_keys: {'{anna}': []}}),
		anna('POST keys/query', {device_keys: {'{anna}': []}}),
		anna('POST keys/signatures/upload', names => ({
			[names.get('anna') ?? '']: {
				[names.get('anna.device') ?? '']: signed(deviceKeysWithout(names, 'anna'), names.get('anna') ?? '', 12),
			},
		})),
		bob('POST keys/query', {device_keys: {'{anna}': []}}),
		bob('GET sync?since={since}&timeout=5000', undefined, {keep: {since: 'next_batch'}}),
		bob('PUT sendToDevice/m.test/1', {messages: {'{anna}': {'{anna.device}': {text: 'hello'}, NONE: {text: 'no'}}}}),
		bob('PUT sendToDevice/m.test/1', {messages: {'{anna}': {'{anna.device}': {text: 'hello'}}}}),
		bob('PUT sendToDevice/m.test/2', {messages: {'{anna}': {'*': {text: 'to all'}}, '@none:{server}': {'*': {}}}}),
		bob('PUT sendToDevice/m.test/3', {}),
		anna('GET sync?since={anna.since}', undefined, {keep: {'anna.next': 'next_batch'}}),
		anna('GET sync?since={anna.since}'),
		anna('GET sync?since={anna.next}', undefined, {keep: {'anna.since': 'next_batch'}}),
		by(undefined)(
			'POST login',
			{
				type: 'm.login.password',
				identifier: {type: 'm.id.user', user: '{anna}'},
				password,
				device_id: 'PHONE',
			},
			{keep: {'phone.token': 'access_token'}},
		),
		phone('POST keys/upload', names => ({
			device_keys: {...deviceKeys(names, 'anna'), device_id: 'OTHER'},
		})),
		phone('POST logout', {}),
		bob('POST keys/query', {device_keys: {'{anna}': []}}),
		bob('GET sync?since={since}', undefined, {keep: {since: 'next_batch'}}),
		anna('POST rooms/{room}/leave', {}),
		bob('GET sync?since={since}&timeout=5000'),
	],
};

const deviceKeysWithout = (names: Names, person: string): JsonObject => {
	const {signatures: _, ...others} = deviceKeys(names, person);
	return others;
};

const session = (more: JsonObject = {}): JsonObject => ({
	first_message_index: 5,
	forwarded_count: 1,
	is_verified: false,
	session_data: {ciphertext: 'c', mac: 'm', ephemeral: 'e'},
	...more,
});

const algorithm = 'm.megolm_backup.v1.curve25519-aes-sha2';
const path = 'room_keys/keys/!a:x/s1';

export const backup: Conversation = {
	title: 'the backup of keys',
	people: ['anna'],
	asks: [
		anna('GET room_keys/version'),
		anna('GET room_keys/keys?version=1'),
		anna('POST room_keys/version', {algorithm, auth_data: {public_key: 'p'}}, {keep: {old: 'version'}}),
		anna('GET room_keys/version'),
		anna('POST room_keys/version', {algorithm, auth_data: {public_key: 'q'}}, {keep: {version: 'version'}}),
		anna('GET room_keys/version'),
		anna('GET room_keys/version/{old}'),
		anna('GET room_keys/version/99'),
		anna('PUT room_keys/version/{version}', {algorithm, auth_data: {public_key: 'r'}, version: '{version}'}),
		anna('PUT room_keys/version/{version}', {algorithm: 'another', auth_data: {public_key: 'r'}}),
		anna('PUT room_keys/version/99', {algorithm, auth_data: {}}),
		anna('GET room_keys/version/{version}'),
		anna(`PUT ${path}?version={old}`, session(), {
			differs: {'/current_version': 'Synapse tells the version that was asked for'},
		}),
		anna(`PUT ${path}?version=99`, session()),
		anna(`PUT ${path}`, session()),
		anna(`GET ${path}?version={version}`),
		anna(`PUT ${path}?version={version}`, session()),
		anna(`GET ${path}?version={version}`),
		// Which of two keys is kept: verified before unverified, then the lower index, then the fewer hops.
		anna(`PUT ${path}?version={version}`, session({first_message_index: 6})),
		anna(`GET ${path}?version={version}`),
		anna(`PUT ${path}?version={version}`, session({forwarded_count: 0})),
		anna(`GET ${path}?version={version}`),
		anna(`PUT ${path}?version={version}`, session({first_message_index: 3, forwarded_count: 9})),
		anna(`GET ${path}?version={version}`),
		anna(`PUT ${path}?version={version}`, session({first_message_index: 9, is_verified: true})),
		anna(`GET ${path}?version={version}`),
		anna('PUT room_keys/keys?version={version}', {
			rooms: {'!a:x': {sessions: {s2: session(), s3: session()}}, '!b:x': {sessions: {s4: session()}}},
		}),
		anna('PUT room_keys/keys/!b:x?version={version}', {sessions: {s5: session()}}),
		anna('GET room_keys/keys?version={version}'),
		anna('GET room_keys/keys/!b:x?version={version}'),
		anna('GET room_keys/keys/!none:x?version={version}'),
		anna('GET room_keys/keys/!a:x/none?version={version}'),
		anna('GET room_keys/keys?version=99'),
		anna('GET room_keys/keys'),
		anna('GET room_keys/keys?version={version}'),
		anna('GET room_keys/version'),
		anna('DELETE room_keys/version/{version}'),
		anna('DELETE room_keys/version/{version}'),
		anna('GET room_keys/version'),
		anna('GET room_keys/version/{version}'),
	],
};
