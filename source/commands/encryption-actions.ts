/** What commands can do about devices, keys and recovery. Each says what came of it, or why it is not possible. */
export type EncryptionActions = {
	/** Lists the devices of the account. */
	readonly openDevices: () => void;
	/** Asks for them anew, if that list is open. */
	readonly reloadDevices: () => void;
	/** Within that list: its id. */
	readonly chosenDevice: () => string | undefined;
	/** Within that list. */
	readonly renameChosen: () => void;
	/** Within that list; asks first. */
	readonly signOutChosen: () => void;
	/** Asks for a passphrase, and before it replaces a file. @param file as it was typed; `~` is the home folder */
	readonly exportKeys: (file: string) => void;
	/** Asks for the passphrase. */
	readonly importKeys: (file: string) => void;
	/** How the recovery stands, and the one thing to do next. */
	readonly openRecovery: () => void;
	/** Says what `/keys` takes. */
	readonly sayKeyUsage: () => void;
};
