/** What commands do with files. What is not possible says why in the status line. */
export type MediaActions = {
	/** Sends a file with the words that follow it. */
	readonly sendFile: (path: string, caption: string | undefined) => void;
	/** Shows the files of this machine; the one that is chosen is sent with what stands in the composer. */
	readonly openFiles: () => void;
};
