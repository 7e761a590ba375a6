/** Why a message cannot be read, and what looks wrong with one that can: in words, with the next action. */
import type {Message, Shield} from '../domain/message.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';

/** By the SDK's DecryptionFailureCode (crypto-api). */
const failures: ReadonlyMap<string, SafeText> = new Map([
	['MEGOLM_UNKNOWN_INBOUND_SESSION_ID', literal`its key has not arrived yet: it appears here when the key comes`],
	['MEGOLM_KEY_WITHHELD', literal`the sender withholds the key from this device: ask them to send it again`],
	[
		'MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE',
		literal`the sender gives keys to verified devices only: verify this device`,
	],
	[
		'OLM_UNKNOWN_MESSAGE_INDEX',
		literal`the key that came begins with a later message: ask the sender to send it again`,
	],
	[
		'HISTORICAL_MESSAGE_NO_KEY_BACKUP',
		literal`older than this device, and there is no key backup: ask the sender to send it again`,
	],
	['HISTORICAL_MESSAGE_BACKUP_UNCONFIGURED', literal`older than this device: /recovery takes the recovery key`],
	[
		'HISTORICAL_MESSAGE_WORKING_BACKUP',
		literal`older than this device, and its key is not in the backup: ask the sender to send it again`,
	],
	['HISTORICAL_MESSAGE_USER_NOT_JOINED', literal`sent while you were not in the room: ask somebody who was`],
	[
		'SENDER_IDENTITY_PREVIOUSLY_VERIFIED',
		literal`the sender's identity was verified and has changed: verify them again`,
	],
	['UNSIGNED_SENDER_DEVICE', literal`the sender has not verified the device it came from: ask them to verify it`],
	['UNKNOWN_SENDER_DEVICE', literal`it came from a device that cannot be found: ask the sender to send it again`],
	['UNKNOWN_ERROR', literal`it is damaged, or encrypted in an unknown way: ask the sender to send it again`],
]);

/** @returns the quiet line for a message that is not decrypted; without a reason it was not tried yet. */
export const undecryptedText = ({undecryptableReason: reason}: Message): SafeText => {
	if (reason === undefined) return literal`decrypting…`;
	const words =
		failures.get(reason) ??
		literal`its decryption failed (${safeText(reason, 'name', 'no reason given')}): ask the sender to send it again`;
	return literal`cannot be read: ${words}`;
};

/** Short, so that they fit behind or below a message in a conversation of 50 columns. */
const shields: Readonly<Record<Shield['reason'], SafeText>> = {
	unknown: literal`sender could not be checked`,
	'unverified-identity': literal`sender not verified by you`,
	'unsigned-device': literal`from an unverified device`,
	'unknown-device': literal`from an unknown device`,
	'authenticity-not-guaranteed': literal`sender cannot be proven here`,
	'mismatched-sender-key': literal`key is not the sender's`,
	'mismatched-sender': literal`device is not the sender's`,
	'verification-violation': literal`sender's identity has changed`,
	'sent-in-clear': literal`not encrypted`,
	'via-bridge': literal`encrypted to the bridge`,
};

/** @returns what is wrong with the authenticity of a message. */
export const shieldText = (shield: Shield): SafeText => shields[shield.reason] ?? shields.unknown;
