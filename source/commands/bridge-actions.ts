/** What commands can do about bridges to other networks. Each says what came of it, or why it is not possible. */
export type BridgeActions = {
	/** `/bridge …` as typed: status, login, logout, contacts. */
	readonly obey: (action: string | undefined, what: string | undefined, more: string | undefined) => void;
	/** How the logins of bridges are, and what can be done about them. */
	readonly openBridges: () => void;
	/** Signs in at a network. @param network its id or name, or the user id of a bot */
	readonly login: (network: string, account?: string) => void;
	/** Renews the login that is chosen in the list, or that is in trouble. */
	readonly relogin: () => void;
	/** Renews the login of the section whose header the person stands on. @returns whether there is one that is to be renewed */
	readonly reloginSection: () => boolean;
	/** Opens the room with the bot of the bridge that is chosen in the list. */
	readonly openConsole: () => void;
	/** The chat with somebody on another network. @param address as `signal:+4915123` */
	readonly openChat: (address: string) => void;
};
