/** What the parts of the linear view work with. */
import type {AccountReader} from '../../store/account-reader.ts';
import type {SafeText} from '../../text/safe-text.ts';
import type {ScreenModel} from '../../view-models/screen-model.ts';
import type {Elsewhere} from './elsewhere.ts';
import type {PlainLists} from './plain-lists.ts';

export type PlainPort = {
	readonly model: ScreenModel;
	readonly reader: AccountReader;
	readonly userId: string;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly print: (lines: readonly SafeText[]) => void;
	readonly lists: PlainLists;
	readonly elsewhere: Elsewhere;
};
