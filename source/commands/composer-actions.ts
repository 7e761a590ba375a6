/** What commands can do with the text that is being written, besides editing steps. */
export type ComposerActions = {
	/** Sends what is written with a word that says how: `/me`, `/poll`, `/later` …. */
	readonly sendWritten: () => void;
	/** Shows how the message will look, or stops showing it. */
	readonly togglePreview: () => void;
	/** Makes what was just pasted, else the whole text, a block of code. */
	readonly makeCode: () => void;
	/** Sends what was just pasted, else the whole text, as a file, after a question; the rest are the words to it. */
	readonly makeFile: () => void;
	/** Takes back what is not sent yet; else asks whether the last own message is to be removed. */
	readonly takeBack: () => void;
	/** Lists what is not sent yet, of all rooms. */
	readonly openOutbox: () => void;
	/** Acts on the chosen row of that list. */
	readonly actOnWaiting: (act: 'send' | 'discard' | 'edit') => void;
	/** Tab: takes the row of the menu, or opens it for the word before the cursor. */
	readonly complete: () => void;
	/** Rows of the menu down (positive) or up. */
	readonly moveCompletion: (steps: number) => void;
	/** Enter: takes the chosen row; where none is, it is as without a menu. */
	readonly enterCompletion: () => void;
	readonly closeCompletion: () => void;
	/** What was sent before (-1) or after (1) what stands in the composer. */
	readonly moveHistory: (steps: -1 | 1) => void;
	/** Over another network: what is written goes along. @param network the next one without */
	readonly turn: (network: string | undefined) => void;
	/** Opens the text in the editor of the person. */
	readonly openEditor: () => void;
	/** A letter was typed: a name of an emoji between two colons becomes the emoji. */
	readonly afterTyping: () => void;
};
