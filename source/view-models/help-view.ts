/** The help over the panes: whether it is open, and which part of it is seen. */
import type {ScreenLine} from './screen-line.ts';

/** @param helpLines all lines of the help, for a width */
export const createHelpView = (helpLines: (width: number) => readonly ScreenLine[]) => {
	/** The first line that is seen; `undefined`: closed. */
	let top: number | undefined;
	return {
		isOpen: (): boolean => top !== undefined,
		setOpen(isOpen: boolean): void {
			top = isOpen ? 0 : undefined;
		},
		scroll(lines: number): void {
			if (top !== undefined) top += lines;
		},
		/** @returns what is seen; `undefined`: the help is closed */
		view({columns, rows}: {readonly columns: number; readonly rows: number}): readonly ScreenLine[] | undefined {
			if (top === undefined) return undefined;
			const lines = helpLines(columns);
			top = Math.max(0, Math.min(top, lines.length - rows));
			return lines.slice(top, top + rows);
		},
	};
};
