/** Keeps from the SDK's crypto what others wrote and it does not check (contract test: test/matrix/crypto-guards.test.ts). */
import type {MatrixEvent} from 'matrix-js-sdk';
import {isUserId} from './sdk-event-input.ts';

/** Private parts of RustCrypto. */
export type GuardedCrypto = {
	onIncomingKeyVerificationRequest(sender: unknown, transactionId: unknown): void;
	onKeyVerificationEvent(event: MatrixEvent): Promise<void>;
};

/** @param onRefusal told of a message that the crypto could not take */
export const guardCrypto = (crypto: GuardedCrypto, onRefusal: (error: unknown) => void): void => {
	const noteRequest = crypto.onIncomingKeyVerificationRequest.bind(crypto);
	// The ids go into WebAssembly as they are; what is no string makes it write where it must not.
	crypto.onIncomingKeyVerificationRequest = (sender, transactionId) => {
		if (isUserId(sender) && typeof transactionId === 'string') noteRequest(sender, transactionId);
		else onRefusal(new TypeError('A verification request without ids'));
	};
	const takeEvent = crypto.onKeyVerificationEvent.bind(crypto);
	// Nobody waits for it: what it throws for a malformed event would be a rejection that nobody handles.
	crypto.onKeyVerificationEvent = async event => takeEvent(event).catch(onRefusal);
};
