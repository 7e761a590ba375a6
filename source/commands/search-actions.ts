/** Finding messages by their words or by their time, and going from hit to hit. */
export type SearchActions = {
	/** Opens the search: in the open room with the other chats of its person, or in all. @param words what is searched for at first */
	readonly open: (where: 'room' | 'all', words?: string) => void;
	/** In the open search: all rooms instead of one, or the other way round. */
	readonly widen: () => void;
	/** Goes to the hit further down (positive) or up the list of what was found last. */
	readonly step: (steps: -1 | 1) => void;
	/** To the first message of a day. @param words such as `yesterday` or `2026-03-01` */
	readonly goToDate: (words: string) => void;
	/** To the first message that was not read when the room was opened. */
	readonly goToFirstUnread: () => void;
};
