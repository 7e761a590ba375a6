/** What commands can do to the looks of mx. */
export type AppearanceActions = {
	/** Opens the list of themes; the one that is stood on is shown. */
	readonly openThemes: () => void;
	/** Shows a theme from now on, also after a restart. */
	readonly setTheme: (name: string) => void;
};
