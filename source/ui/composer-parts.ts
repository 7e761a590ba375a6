/** What belongs to the composer and stands around its text: the menu above it, and what is said below it. */
import {screenTable} from '../commands/screen-table.ts';
import {everybody, type MentionRules} from '../domain/mention.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {Logger} from '../store/log-file.ts';
import {safeText} from '../text/safe-text.ts';
import {createCompletion} from '../view-models/completion.ts';
import type {Composer} from '../view-models/composer.ts';
import type {ComposerMenu} from '../view-models/composer-menu.ts';
import type {KeyOf} from '../view-models/key-of.ts';
import {createPasteReader, pasteHint} from '../view-models/paste.ts';
import {createPreview} from '../view-models/preview.ts';
import {span, type ScreenSpan} from '../view-models/screen-line.ts';
import {commandHint, everybodyHint, tooLongHint} from './command-hints.ts';
import {createCompletionSource} from './completion-source.ts';
import {createEverybodyReader} from './everybody.ts';
import {createFileNames} from './file-names.ts';
import {createPreviewRenderer} from './preview-renderer.ts';

export type ComposerPartOptions = {
	readonly reader: AccountReader;
	readonly userId: string;
	readonly log: Logger;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Something that the menu waited for is there. */
	readonly onLoaded: () => void;
	readonly keyOf: KeyOf;
};

export const createComposerParts = ({reader, userId, log, now, onLoaded, keyOf}: ComposerPartOptions) => {
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
	const completion = createCompletion(source, keyOf);
	const pasteOf = createPasteReader();
	const mentionRules = (rid: number): Omit<MentionRules, 'known'> => {
		const {needed, own} = everybodyOf(rid);
		return {isPerson: id => reader.completion.isMember(rid, id), mayNameEverybody: own >= needed};
	};
	const preview = createPreview(
		createPreviewRenderer({
			nameOf: rid => safeText(reader.memberName(rid, userId), 'name', userId),
			rulesOf: (rid, known) => ({...mentionRules(rid), known}),
			now,
			onLoaded,
		}),
		keyOf,
	);
	// Where something is chosen, that is looked at, not the message.
	const menu: ComposerMenu = {
		look(facts) {
			completion.look(facts);
			preview.look(facts);
		},
		wanted: width => completion.wanted() || preview.wanted(width),
		lines: size => (completion.wanted() > 0 ? completion.lines(size) : preview.lines(size)),
		hint: completion.hint,
		takesKeys: completion.isShown,
	};
	return {
		completion,
		menu,
		emojiNamed: source.emojiNamed,
		pasteOf,
		preview,
		hintOf: (composer: Composer, room: RoomRow | undefined): ScreenSpan | undefined => {
			const {text} = composer;
			const paste = pasteOf(composer);
			const hint =
				tooLongHint(text, keyOf) ?? (paste === undefined ? undefined : span(pasteHint(paste, keyOf), 'warning'));
			if (hint !== undefined || room === undefined) return hint ?? commandHint(text, keyOf);
			return (
				commandHint(text, keyOf) ?? (text.includes(everybody) ? everybodyHint(text, everybodyOf(room.rid)) : undefined)
			);
		},
		mentionRules,
	};
};
