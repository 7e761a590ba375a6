/** What commands can do with the sections of the inbox. */
export type SectionActions = {
	/** Folds the section that the cursor is in, or unfolds it. @param section row number of another one */
	readonly toggleFold: (section?: number) => void;
	/** Goes to the nth section, from 1. */
	readonly go: (number: number) => void;
	/** Moves the section that the cursor is in down (positive) or up. */
	readonly move: (by: number) => void;
	/** All rooms in one list by time, or back in their sections. */
	readonly toggleByTime: () => void;
	/** Marks all of the section as read, after a moment in which the same takes it back. */
	readonly markRead: () => void;
	/** mx ends: what is to be read in a moment is read now. Never rejects. */
	readonly finish: () => Promise<void>;
	/** Leaves all rooms that others have taken the place of, after a question. */
	readonly leaveReplaced: () => void;
};
