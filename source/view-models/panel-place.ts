/** Where an open list is drawn: over everything, beside the conversation, or in the place of the messages. */
import type {Frame} from './frame.ts';
import type {Panels, PanelView} from './panel.ts';
import type {MainView, Pane} from './screen-state.ts';

/** @returns `main`: what stands where the messages are, where that is the list; `panel`: the list anywhere else. */
export const placePanel = (
	panels: Panels,
	frame: Frame,
	focus: Pane,
): {readonly main: MainView | undefined; readonly panel: PanelView | undefined} => {
	const width = frame.sideWidth || frame.conversationWidth;
	// What is written about a list stands below it, where there is no room beside it.
	const isInMain = focus === 'composer' && panels.place() === 'side' && frame.sideWidth === 0;
	if (!isInMain) return {main: undefined, panel: panels.view({width, height: frame.paneRows})};
	const view = panels.view({width, height: frame.timelineRows, hasHint: false});
	return {main: {kind: 'lines', lines: view?.lines ?? []}, panel: undefined};
};
