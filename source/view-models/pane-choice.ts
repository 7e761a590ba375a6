/** Which panes the person wants to see: the inbox beside the conversation or over it, or the conversation alone. */
import {isCompact, isNarrow} from './frame.ts';
import type {Pane} from './screen-state.ts';

/** What becomes of the panes when the terminal changes its width. */
export type PaneResize = {
	readonly from: number;
	readonly to: number;
	readonly focus: Pane;
};

/** What the inbox depends on. */
export type PaneFacts = {
	readonly columns: number;
	readonly hasPanel: boolean;
	readonly hasRoom: boolean;
	readonly focus: Pane;
};

export const createPaneChoice = () => {
	/** Beside the conversation; `undefined`: as there is room, and as the link allows. */
	let isBeside: boolean | undefined;
	/** In a narrow terminal, over it. */
	let isOver = true;
	let isBare = false;
	let isLinkSlow = false;
	return {
		/** Nothing but the conversation is drawn, so that the terminal's own selection takes nothing else. */
		isBare: (): boolean => isBare,
		setBare(isNowBare: boolean): void {
			isBare = isNowBare;
		},
		/** @returns whether the inbox goes where the person did not ask for it: one pane costs a tenth of the bytes */
		setLinkSlow(isSlow: boolean): boolean {
			const isNew = isSlow && !isLinkSlow && isBeside === undefined;
			isLinkSlow = isSlow;
			return isNew;
		},
		isInboxShown({columns, hasPanel, hasRoom, focus}: PaneFacts): boolean {
			if (isBare) return false;
			if (isNarrow(columns)) return isOver && !hasPanel;
			// Until a room is open there is nothing else to see.
			return isBeside ?? ((!isLinkSlow && !isCompact(columns)) || !hasRoom || focus === 'inbox');
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
