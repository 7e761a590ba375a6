/** What commands can do to the looks of mx. */
export type AppearanceActions = {
	/** Opens the list of themes; the one that is stood on is shown. */
	readonly openThemes: () => void;
	/** Draws the conversation alone and leaves the mouse to the terminal, so that its own selection works; or all as before. */
	readonly toggleBare: () => void;
	/** Uses the mouse from now on, or leaves it to the terminal, also after a restart. @param way `on` or `off`; `undefined`: the other one */
	readonly setMouse: (way: string | undefined) => void;
	/** Keeps a setting that has a few values to choose from; it holds at once. @param value as it stands in the file */
	readonly keep: (name: string, value: string) => void;
	/** Shows a theme from now on, also after a restart. */
	readonly setTheme: (name: string) => void;
};
