/** How far the encryption of an account is set up. */

/** Where the encryption set-up stands; the names follow design/screen.md and notes on the set-up's state machine. */
export type EncryptionSetup = {
	readonly state:
		| 'unknown'
		| 'unavailable'
		| 'new-account'
		| 'unverified'
		| 'unverified-alone'
		| 'locked-out'
		| 'no-backup'
		| 'backup-broken'
		| 'ready';
	/** A sentence for a person. */
	readonly message: string;
	/** The one next action. */
	readonly next?: string | undefined;
};
