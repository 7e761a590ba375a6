/** What commands can do with the text that is being written, besides editing steps. */
export type ComposerActions = {
	/** Tab: takes the row of the menu, or opens it for the word before the cursor. */
	readonly complete: () => void;
	/** Rows of the menu down (positive) or up. */
	readonly moveCompletion: (steps: number) => void;
	/** Enter: takes the chosen row; where none is, it is as without a menu. */
	readonly enterCompletion: () => void;
	readonly closeCompletion: () => void;
	/** What was sent before (-1) or after (1) what stands in the composer. */
	readonly moveHistory: (steps: -1 | 1) => void;
	/** Opens the text in the editor of the person. */
	readonly openEditor: () => void;
	/** A letter was typed: a name of an emoji between two colons becomes the emoji. */
	readonly afterTyping: () => void;
};
