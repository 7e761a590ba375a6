/** What commands can do about verification by emoji. Each says what came of it, or why it is not possible. */
import type {EngineNotice} from '../domain/session.ts';

export type VerificationActions = {
	/**
	 * Shows what is under way; else asks which of the own devices is to be verified, or asks a person.
	 * @param who the id of a device, or a person as typed
	 */
	readonly verify: (who: string | undefined) => void;
	/** Asks the device that is chosen in the list of devices. */
	readonly verifyChosen: () => void;
	/** In the pane of a verification. */
	readonly accept: () => void;
	readonly start: () => void;
	readonly match: () => void;
	readonly mismatch: () => void;
	readonly cancel: () => void;
	/** The engine has told something. */
	readonly hear: (notice: EngineNotice) => void;
};
