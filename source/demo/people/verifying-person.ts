/**
 * Answers verifications as somebody would who sits beside you: accepts, and says that the emoji match (client-server API
 * §Key verification framework, in rooms).
 */
import type * as RustCrypto from '@matrix-org/matrix-sdk-crypto-wasm';
import type {JsonObject} from '../../domain/json.ts';
import {clientEvent} from '../homeserver/events.ts';
import type {StoredEvent} from '../homeserver/world.ts';

type Crypto = typeof RustCrypto;

export type VerifyingOptions = {
	readonly crypto: Crypto;
	readonly machine: RustCrypto.OlmMachine;
	readonly userId: string;
	/** Sends what the crypto wants to be sent. */
	readonly send: (request: RustCrypto.OutgoingRequest) => Promise<void>;
	readonly sendAll: () => Promise<void>;
};

/** A clear event of a room. */
type Said = {readonly event: StoredEvent; readonly type: string; readonly content: JsonObject};

const isRequest = ({type, content}: Pick<Said, 'type' | 'content'>): boolean =>
	type === 'm.room.message' && content['msgtype'] === 'm.key.verification.request';

/** @returns whether an event belongs to a verification. */
export const isOfVerification = (said: Pick<Said, 'type' | 'content'>): boolean =>
	isRequest(said) || said.type.startsWith('m.key.verification.');

export const createVerifying = ({crypto, machine, userId, send, sendAll}: VerifyingOptions) => {
	const sendIfAny = async (request: RustCrypto.OutgoingRequest | undefined): Promise<void> => {
		if (request !== undefined) await send(request);
	};

	/** The next step of each verification with somebody. */
	const goOn = async (other: string): Promise<void> => {
		for (const request of machine.getVerificationRequests(new crypto.UserId(other))) {
			if (request.phase() === crypto.VerificationRequestPhase.Requested && !request.isPassive())
				await sendIfAny(request.acceptWithMethods([crypto.VerificationMethod.SasV1]));
			const verification = request.getVerification();
			if (!(verification instanceof crypto.Sas)) continue;
			if (!verification.hasBeenAccepted() && !verification.weStarted()) await sendIfAny(verification.accept());
			if (!verification.canBePresented() || verification.haveWeConfirmed()) continue;
			for (const each of await verification.confirm()) await send(each);
		}
		await sendAll();
	};

	return async ({event, type, content}: Said): Promise<void> => {
		// Whose devices are not known yet is not answered by the crypto.
		if (isRequest({type, content})) await send(machine.queryKeysForUsers([new crypto.UserId(event.sender)]));
		const {unsigned: _unsigned, ...shown} = clientEvent(event, {userId});
		await machine.receiveVerificationEvent(JSON.stringify({...shown, type, content}), new crypto.RoomId(event.room.id));
		await goOn(event.sender);
	};
};
