/** What can be asked of an account about verifying devices and people by emoji: part of `Session`. */
import type {JsonObject} from './json.ts';

/**
 * How far a verification is (client-server API §Key verification framework, §Short Authentication String).
 * `requested`: one side has asked; `ready`: the other has agreed; `started`: keys are being exchanged; `compare`: the emoji are
 * there; `confirmed`: this side has said that they match; `done`, `cancelled`: it is over.
 */
export type VerificationStep = 'requested' | 'ready' | 'started' | 'compare' | 'confirmed' | 'done' | 'cancelled';

export type VerificationEmoji = {
	readonly symbol: string;
	/** Its name in the specification, in English. */
	readonly name: string;
};

/** One verification. Names in it are untrusted. */
export type Verification = {
	readonly id: string;
	/** Of the other side; the own one where it is a device of the account. */
	readonly userId: string;
	readonly isOwn: boolean;
	/** Of the other side, as soon as it is known. */
	readonly deviceId: string | undefined;
	readonly deviceName: string | undefined;
	/** The room that it goes through; `undefined` between devices. */
	readonly roomId: string | undefined;
	/** The other side has asked. */
	readonly isIncoming: boolean;
	readonly step: VerificationStep;
	/** Seven, from `compare` on. */
	readonly emoji: readonly VerificationEmoji[] | undefined;
	/** Three numbers of four digits that say the same as the emoji, from `compare` on. */
	readonly decimals: readonly number[] | undefined;
	/** Milliseconds since the Unix epoch, until it is over. */
	readonly expiresAt: number | undefined;
	/** Of `done`: the signature that says so is there. */
	readonly isTrusted: boolean;
	/** Of `cancelled`: why, as the specification names it (§m.key.verification.cancel); `m.accepted` where another device goes on. */
	readonly cancelCode: string | undefined;
	/** Of `done` and `cancelled`: what came of it, in sentences. */
	readonly ending: string | undefined;
};

type One = {readonly id: string};

/** Each answers how the verification stands then; what follows is told by notices. */
export type VerificationRequests = {
	/** Those that are not over. */
	verifications(request: JsonObject): Promise<{readonly verifications: readonly Verification[]}>;
	/**
	 * Asks all other devices of the account, one of them, or a person, in the direct chat with them. Where one with the same
	 * side is under way, that is answered. Fails with `encryption` where it could not come to trust.
	 */
	startVerification(request: {
		/** A person; the account without. */
		readonly userId?: string | undefined;
		/** A device of the account. */
		readonly deviceId?: string | undefined;
	}): Promise<Verification>;
	acceptVerification(request: One): Promise<Verification>;
	/** Asks for the emoji; of no need where the other side does. */
	startSas(request: One): Promise<Verification>;
	/** The person says that the emoji are the same on both sides. */
	confirmVerification(request: One): Promise<Verification>;
	/** The person says that they are not. */
	mismatchVerification(request: One): Promise<Verification>;
	/** Declines it, or gives it up. */
	cancelVerification(request: One): Promise<Verification>;
};

/** The method names of this part. */
export const verificationMethods = [
	'verifications',
	'startVerification',
	'acceptVerification',
	'startSas',
	'confirmVerification',
	'mismatchVerification',
	'cancelVerification',
] as const satisfies readonly (keyof VerificationRequests)[];
