/** What commands do with files. What is not possible says why in the status line. */
export type MediaActions = {
	/** Sends a file with the words that follow it. @param isAsItIs a picture keeps what it says of place, time and camera */
	readonly sendFile: (path: string, caption: string | undefined, isAsItIs: boolean) => void;
	/** Shows the files of this machine; the one that is chosen is sent with what stands in the composer. */
	readonly openFiles: () => void;
	/** Sets the picture of the account, or of the open room. @param path `-` takes it away; without one, files are shown to choose from */
	readonly setAvatar: (whose: 'mine' | 'room', path: string | undefined) => void;
	/** Draws the picture of the selected message where it stands, else of the newest that has one; once more takes it away. */
	readonly showPicture: () => void;
	/** Draws the pictures that are seen and are to be drawn by themselves; called whenever something else may be seen. */
	readonly checkPictures: () => void;
	/** Saves the file of the selected message, else of the newest that has one. @param folder where to; without, where downloads go */
	readonly save: (folder: string | undefined) => void;
};
