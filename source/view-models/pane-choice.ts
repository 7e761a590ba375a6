/** Which panes the person wants to see: the inbox beside the conversation or over it, or the conversation alone. */
import {isNarrow} from './frame.ts';
import type {Pane} from './screen-state.ts';

/** What becomes of the panes when the terminal changes its width. */
export type PaneResize = {
	readonly from: number;
	readonly to: number;
	readonly focus: Pane;
};

export const createPaneChoice = () => {
	/** Beside the conversation; in a narrow terminal, over it. */
	let isBeside = true;
	let isOver = true;
	let isBare = false;
	return {
		/** Nothing but the conversation is drawn, so that the terminal's own selection takes nothing else. */
		isBare: (): boolean => isBare,
		setBare(isNowBare: boolean): void {
			isBare = isNowBare;
		},
		isInboxShown(columns: number, hasPanel: boolean): boolean {
			if (isBare) return false;
			return isNarrow(columns) ? isOver && !hasPanel : isBeside;
		},
		setInboxShown(columns: number, isShown: boolean): void {
			isBare = false;
			if (isNarrow(columns)) isOver = isShown;
			else isBeside = isShown;
		},
		/** What is written is seen: where the inbox covers the conversation, it goes away. */
		uncover(columns: number): void {
			isBare = false;
			if (isNarrow(columns)) isOver = false;
		},
		/** What is being read or written stays; the inbox comes back by its key. */
		resize({from, to, focus}: PaneResize): void {
			if (!isNarrow(from) && isNarrow(to)) isOver = focus === 'inbox';
		},
	};
};
