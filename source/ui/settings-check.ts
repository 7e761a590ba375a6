/** What of the settings does not hold: said in one sentence, which goes when the settings are mended. */
import type {Settings} from '../store/settings.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import type {KeyTable} from './key-table.ts';
import {automatic, themeNames} from './themes.ts';

const themeProblems = (name: string): readonly string[] =>
	themeNames.includes(name) ? [] : [`There is no theme "${name}": there are ${themeNames.join(', ')}.`];

/**
 * Lets the keys of settings hold, and says what of them is not good.
 * @returns a function that takes the settings and, where the file was read anew, what is wrong with it; it tells whether all is well
 */
export const createSettingsCheck = (model: ScreenModel, keys: KeyTable) => {
	let said = '';
	let ofFile: readonly string[] = [];
	return (settings: Partial<Settings>, problems = ofFile): boolean => {
		const {theme = automatic, keys: set = 'default', bindings = {}} = settings;
		ofFile = problems;
		model.sayings.retract(said);
		said = [...problems, ...themeProblems(theme), ...keys.use({keys: set, bindings})].join(' ');
		if (said !== '') model.sayings.warn({message: said, next: undefined});
		model.update();
		return said === '';
	};
};
