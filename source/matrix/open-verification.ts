/** Joins what verification is made of: its events, its states, and what follows once a device is verified. */
import {randomUUID} from 'node:crypto';
import type {MatrixClient} from 'matrix-js-sdk';
import {CryptoEvent, type CryptoApi} from 'matrix-js-sdk/lib/crypto-api/index.js';
import type {Verification} from '../domain/verification-requests.ts';
import {asArray, asObject, asString, isObject} from '../domain/json.ts';
import type {Logger} from '../store/log-file.ts';
import {readPersonDevices} from './device-trust.ts';
import {isUserId} from './sdk-event-input.ts';
import type {OutgoingEvent} from './guarded-send.ts';
import {createVerifications} from './verifications.ts';
import {routeVerificationEvents, type VerifyingCrypto} from './verification-events.ts';

/** What it tells and needs. */
export type VerificationHandlers = {
	/** A verification has come, or has changed. */
	readonly onVerification: (verification: Verification) => void;
	/** After another device has verified this one: the room keys of the backup are here. */
	readonly onBackupRestored: () => void;
	/** Something about devices, identity or backup changed. */
	readonly onEncryptionChanged: () => void;
	/** Sends an event of a verification into a room. @returns its id */
	readonly sendNow: (event: OutgoingEvent) => Promise<string>;
};

export type VerificationParts = {
	readonly client: MatrixClient;
	readonly events: VerificationHandlers;
	readonly log: Pick<Logger, 'info' | 'warn'>;
	/** Resolves when everything that the crypto has written so far is on disk. */
	readonly flush: () => Promise<void>;
};

/** Private parts of RustCrypto (contract: test/engine/verification.test.ts). */
type ReceivingCrypto = {
	processSyncChanges(changes: {readonly toDeviceEvents?: readonly unknown[]}): Promise<unknown>;
};

export const openVerification = ({client, events, log, flush}: VerificationParts) => {
	const crypto = client.getCrypto() as CryptoApi;
	const onFailure = (error: unknown): void => log.warn('crypto', 'A verification met a failure', {error});

	const receiving = crypto as unknown as ReceivingCrypto;
	const takeChanges = receiving.processSyncChanges.bind(receiving);
	// The crypto leaves requests of devices out that it does not know yet: a new one asks at once.
	receiving.processSyncChanges = async changes => {
		for (const event of asArray(changes.toDeviceEvents).filter(isObject)) {
			if (event['type'] !== 'm.key.verification.request') continue;
			const sender = event['sender'];
			const deviceId = asString(asObject(event['content'])['from_device']);
			if (!isUserId(sender) || deviceId === undefined) continue;
			const known = await crypto.getUserDeviceInfo([sender]);
			if (known.get(sender)?.has(deviceId) !== true) await readPersonDevices(client, sender).catch(onFailure);
		}
		return takeChanges(changes);
	};

	const verificationEvents = routeVerificationEvents(crypto as unknown as VerifyingCrypto, {
		send: events.sendNow,
		newTransactionId: () => `mx-${randomUUID()}`,
		userId: client.getSafeUserId(),
		onAnsweredElsewhere: id => verifications.noteAnsweredElsewhere(id),
		onFailure,
	});

	let mayRestore = false;
	/** What a device that was just verified has missed lies in the backup, whose key another device sends. */
	const restore = async (): Promise<void> => {
		if (!mayRestore || (await crypto.getSessionBackupPrivateKey()) === null) return;
		mayRestore = false;
		await crypto.checkKeyBackupAndEnable();
		await crypto.restoreKeyBackup();
		await flush();
		events.onBackupRestored();
	};
	client.on(CryptoEvent.KeyBackupDecryptionKeyCached, () => void restore().catch(onFailure));

	const verifications = createVerifications({
		client,
		events: verificationEvents,
		onChange: events.onVerification,
		onVerifiedHere() {
			mayRestore = true;
			restore().catch(onFailure);
			events.onEncryptionChanged();
		},
		onFailure,
	});
	return {verifications, verificationEvents};
};
