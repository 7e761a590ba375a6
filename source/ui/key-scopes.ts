/** Which scopes of keys count: those of what has the keys, and those of everything around it. */
import type {CommandScope, PanelScope} from '../commands/define-command.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';

/** @returns the scopes as they are without the help, innermost first. */
export const scopesBelowHelp = (model: ScreenModel): readonly CommandScope[] => {
	const pane = model.focusedPane();
	const panel = model.panels.scope() as PanelScope | undefined;
	if (pane === 'panel' && panel !== undefined) return [panel, 'panel', 'everywhere'];
	if (model.panes.isBare()) return pane === 'timeline' ? ['message', 'bare', 'everywhere'] : ['bare', 'everywhere'];
	if (pane === 'composer' && model.menuTakesKeys()) return ['completion', 'composer', 'everywhere'];
	if (pane === 'inbox' && model.inbox.narrow() !== undefined) return ['narrowing', 'inbox', 'everywhere'];
	return [pane === 'timeline' ? 'message' : pane, 'everywhere'];
};

/** @returns the scopes of the keys, innermost first. */
export const scopesOf = (model: ScreenModel): readonly CommandScope[] =>
	model.isHelpOpen() ? ['help', 'everywhere'] : scopesBelowHelp(model);
