/** A verification of the SDK, what is kept beside it, and how it is told. */
import {VerificationPhase, type VerificationRequest, type Verifier} from 'matrix-js-sdk/lib/crypto-api/index.js';
import type {Verification, VerificationStep} from '../domain/verification-requests.ts';

/** Private parts of RustVerificationRequest (contract: test/engine/verification.test.ts). */
export type RequestParts = {
	readonly inner: {
		isPassive(): boolean;
		/** @returns what would tell the other side */
		cancel(): unknown;
		readonly cancelInfo: {cancelCode(): string; cancelledbyUs(): boolean} | undefined;
	};
};

export type Entry = {
	readonly request: VerificationRequest;
	readonly isIncoming: boolean;
	/** Milliseconds since the Unix epoch. */
	readonly expiresAt: number;
	/** All devices of the account were asked, and those that do not answer were not told yet. */
	isToAll: boolean;
	/** This device was, before it began. */
	readonly wasVerified: Promise<boolean>;
	/** Of the other side; the crypto knows it only for a while. */
	deviceId: string | undefined;
	deviceName: string | undefined;
	verifier: Verifier | undefined;
	/** The emoji are begun by themselves, after a moment. */
	isStartPlanned: boolean;
	isStarting: boolean;
	isConfirmed: boolean;
	/** The person has asked here for it to end. */
	isAsked: boolean;
	isSettling: boolean;
	outcome:
		| {
				readonly step: 'done' | 'cancelled';
				readonly isTrusted: boolean;
				readonly ending: string;
				readonly cancelCode?: string;
		  }
		| undefined;
};

export const createEntry = (
	request: VerificationRequest,
	known: Pick<Entry, 'isIncoming' | 'isToAll' | 'wasVerified'>,
): Entry => ({
	...known,
	request,
	expiresAt: Date.now() + (request.timeout ?? 0),
	deviceId: undefined,
	deviceName: undefined,
	verifier: undefined,
	isStartPlanned: false,
	isStarting: false,
	isConfirmed: false,
	isAsked: false,
	isSettling: false,
	outcome: undefined,
});

const stepOf = (entry: Entry): VerificationStep => {
	if (entry.outcome !== undefined) return entry.outcome.step;
	const {phase} = entry.request;
	if (phase === VerificationPhase.Requested || phase === VerificationPhase.Unsent) return 'requested';
	if (phase === VerificationPhase.Ready) return 'ready';
	if (entry.isConfirmed || phase === VerificationPhase.Done) return 'confirmed';
	return entry.verifier?.getShowSasCallbacks() ? 'compare' : 'started';
};

/** @param self the account's user id */
export const readEntry = (id: string, entry: Entry, self: string): Verification => {
	const {request, outcome} = entry;
	const sas = outcome === undefined ? entry.verifier?.getShowSasCallbacks()?.sas : undefined;
	return {
		id,
		userId: request.otherUserId,
		isOwn: request.otherUserId === self,
		deviceId: entry.deviceId,
		deviceName: entry.deviceName,
		roomId: request.roomId,
		isIncoming: entry.isIncoming,
		step: stepOf(entry),
		emoji: sas?.emoji?.map(([symbol, name]) => ({symbol, name})),
		decimals: sas?.decimal,
		expiresAt: outcome === undefined ? entry.expiresAt : undefined,
		isTrusted: outcome?.isTrusted ?? false,
		cancelCode: outcome?.cancelCode,
		ending: outcome?.ending,
	};
};
