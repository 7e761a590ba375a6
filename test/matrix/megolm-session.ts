/**
 * A Megolm session of a sender who encrypts what he likes: real clients encrypt only a well-formed type and content
 * (the Megolm specification, gitlab.matrix.org/matrix-org/olm/-/blob/master/docs/megolm.md).
 */
import {createCipheriv, createHmac, generateKeyPairSync, hkdfSync, randomBytes, sign} from 'node:crypto';
import type {JsonObject} from '../../source/domain/json.ts';

export type MegolmSession = {
	/** What another device imports (§Key exports). */
	readonly exported: JsonObject;
	/** The content of an `m.room.encrypted` event with this cleartext, each a first message of the session. */
	readonly encrypt: (cleartext: string) => JsonObject;
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '');

const algorithm = 'm.megolm.v1.aes-sha2';
const macLength = 8;

/** Length-prefixed bytes of a protocol buffer. */
const varint = (value: number): readonly number[] =>
	value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];

/** Makes a session for a room; its owner is a device that nobody knows. */
export const createMegolmSession = (roomId: string): MegolmSession => {
	const ratchet = randomBytes(128);
	const {publicKey, privateKey} = generateKeyPairSync('ed25519');
	const signingKey = Buffer.from(publicKey.export({format: 'jwk'}).x ?? '', 'base64url');
	const sessionId = base64(signingKey);
	const senderKey = base64(randomBytes(32));
	const derived = Buffer.from(hkdfSync('sha256', ratchet, '', 'MEGOLM_KEYS', 80));
	const [aesKey, macKey, iv] = [derived.subarray(0, 32), derived.subarray(32, 64), derived.subarray(64)];
	return {
		exported: {
			algorithm,
			room_id: roomId,
			sender_key: senderKey,
			session_id: sessionId,
			session_key: base64(Buffer.concat([Uint8Array.of(1, 0, 0, 0, 0), ratchet, signingKey])),
			sender_claimed_keys: {ed25519: sessionId},
			forwarding_curve25519_key_chain: [],
		},
		encrypt(cleartext) {
			const cipher = createCipheriv('aes-256-cbc', aesKey, iv);
			const text = Buffer.concat([cipher.update(cleartext, 'utf8'), cipher.final()]);
			const payload = Buffer.concat([Uint8Array.of(3, 0x08, 0, 0x12, ...varint(text.length)), text]);
			const mac = createHmac('sha256', macKey).update(payload).digest().subarray(0, macLength);
			const message = Buffer.concat([payload, mac]);
			const ciphertext = base64(Buffer.concat([message, sign(null, message, privateKey)]));
			return {algorithm, sender_key: senderKey, session_id: sessionId, device_id: 'X', ciphertext};
		},
	};
};
