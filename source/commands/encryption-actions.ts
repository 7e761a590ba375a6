/** What commands can do about devices, keys and recovery. Each says what came of it, or why it is not possible. */
export type EncryptionActions = {
	/** Lists the devices of the account. */
	readonly openDevices: () => void;
	/** Within that list. */
	readonly renameChosen: () => void;
	/** Within that list; asks first. */
	readonly signOutChosen: () => void;
};
