/** What commands do within the open list. */
import type {PanelActions} from '../commands/define-command.ts';
import {composerMeasure} from '../view-models/input-lines.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import {composerAction} from './edit-steps.ts';

/** Rows that two pages have in common, with the lines around the list. */
const pageOverlap = 4;

export const createPanelActions = (model: ScreenModel): PanelActions => ({
	move: steps => model.inPanel(panels => panels.move(steps)),
	movePages(pages) {
		const rows = Math.max(1, model.store.get().frame.paneRows - pageOverlap);
		model.inPanel(panels => panels.move(pages * rows));
	},
	moveToEnd: end => model.inPanel(panels => panels.moveToEnd(end)),
	choose: () => model.inPanel(panels => panels.choose()),
	close: () => model.closePanel(),
	edit(step) {
		const {sideWidth, conversationWidth} = model.store.get().frame;
		model.inPanel(panels => panels.edit(composerAction(step, composerMeasure(sideWidth || conversationWidth))));
	},
});
