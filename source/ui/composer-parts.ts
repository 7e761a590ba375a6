/** What belongs to the composer and stands around its text: the menu above it, and what is said below it. */
import {screenTable} from '../commands/screen-table.ts';
import {everybody, type MentionRules} from '../domain/mention.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {Logger} from '../store/log-file.ts';
import {createCompletion} from '../view-models/completion.ts';
import type {ComposerMenu} from '../view-models/composer-menu.ts';
import type {ScreenSpan} from '../view-models/screen-line.ts';
import {commandHint, everybodyHint} from './command-hints.ts';
import {createCompletionSource} from './completion-source.ts';
import {createEverybodyReader} from './everybody.ts';
import {createFileNames} from './file-names.ts';

export type ComposerPartOptions = {
	readonly reader: AccountReader;
	readonly userId: string;
	readonly log: Logger;
	/** Something that the menu waited for is there. */
	readonly onLoaded: () => void;
};

export const createComposerParts = ({reader, userId, log, onLoaded}: ComposerPartOptions) => {
	const everybodyOf = createEverybodyReader(reader, userId);
	const source = createCompletionSource({
		reader,
		userId,
		commands: screenTable,
		everybodyOf,
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
	return {
		completion,
		menu,
		emojiNamed: source.emojiNamed,
		hintOf: (text: string, room: RoomRow | undefined): ScreenSpan | undefined =>
			commandHint(text) ??
			(room === undefined || !text.includes(everybody) ? undefined : everybodyHint(text, everybodyOf(room.rid))),
		mentionRules: (rid: number): Omit<MentionRules, 'known'> => {
			const {needed, own} = everybodyOf(rid);
			return {isPerson: id => reader.completion.isMember(rid, id), mayNameEverybody: own >= needed};
		},
	};
};
