/** What commands can do with polls. What is not possible says why in the status line. */
export type PollActions = {
	/**
	 * Votes in the selected poll, or in the newest one.
	 * @param numbers of answers, from 1, divided by blanks; without them they are listed to choose from
	 */
	readonly vote: (numbers: string | undefined) => void;
	/** Ends the selected poll, or the own newest one, after a question. */
	readonly end: () => void;
};
