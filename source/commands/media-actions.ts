/** What commands do with files. What is not possible says why in the status line. */
export type MediaActions = {
	/** Sends a file with the words that follow it. */
	readonly sendFile: (path: string, caption: string | undefined) => void;
	/** Shows the files of this machine; the one that is chosen is sent with what stands in the composer. */
	readonly openFiles: () => void;
	/** Draws the picture of the selected message where it stands, else of the newest that has one; once more takes it away. */
	readonly showPicture: () => void;
	/** Saves the file of the selected message, else of the newest that has one. @param folder where to; without, where downloads go */
	readonly save: (folder: string | undefined) => void;
};
