/** What belongs to the composer and stands around its text: the menu above it, and what is said below it. */
import {screenTable} from '../commands/screen-table.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {Logger} from '../store/log-file.ts';
import {createCompletion} from '../view-models/completion.ts';
import type {ComposerMenu} from '../view-models/composer-menu.ts';
import {createCompletionSource} from './completion-source.ts';
import {createFileNames} from './file-names.ts';

export type ComposerPartOptions = {
	readonly reader: AccountReader;
	readonly userId: string;
	readonly log: Logger;
	/** Something that the menu waited for is there. */
	readonly onLoaded: () => void;
};

export const createComposerParts = ({reader, userId, log, onLoaded}: ComposerPartOptions) => {
	const source = createCompletionSource({
		reader,
		userId,
		commands: screenTable,
		files: createFileNames(onLoaded),
		onLoaded,
		onError: error => log.error('screen', 'the names of emoji could not be loaded', {error}),
	});
	const completion = createCompletion(source);
	const menu: ComposerMenu = {
		look: completion.look,
		wanted: () => completion.wanted(),
		lines: size => completion.lines(size),
		hint: completion.hint,
		takesKeys: completion.isShown,
	};
	return {completion, menu, emojiNamed: source.emojiNamed};
};
