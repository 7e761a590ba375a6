/** Finding rooms, people, commands and messages, and getting around among them. */
export type FindActions = {
	/** Opens the quick switcher. */
	readonly openSwitcher: () => void;
	/** Opens the list of all commands. @param words what it is narrowed by at first */
	readonly openCommands: (words?: string) => void;
	/** The same as a line of commands, as vim has it behind a colon. */
	readonly openCommandLine: () => void;
	/** Through the rooms in the order in which they were open. */
	readonly goBack: () => void;
	readonly goForward: () => void;
	/** To the room that was open before, and again: back to this one. */
	readonly goToLast: () => void;
};
