/** What commands can do about messages beside saying, changing and removing them: pin, forward, report. */
export type MessageCareActions = {
	/** Pins the selected message for everybody, or takes its pin off. */
	readonly togglePin: () => void;
	/** As `togglePin`, one way only. */
	readonly setPinned: (isPinned: boolean) => void;
	/** Lists what is pinned in the room. */
	readonly openPins: () => void;
	/** Takes off the pin of what is chosen in that list. */
	readonly unpinChosen: () => void;
	/** Sends what is selected, or chosen together, to another room; without one, offers a list. @param room address or name */
	readonly forward: (room: string | undefined) => void;
	/** Tells those who run the server of the selected message, after a question. */
	readonly report: (reason: string) => void;
};
