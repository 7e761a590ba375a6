/** The box that is written in: what is answered, the text, and the line below that says what Enter does. */
import type {KeyOf} from './key-of.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountSource} from './account-source.ts';
import {closedReason, closedWords, hintLine, type HintFacts} from './composer-hint.ts';
import type {Composer} from './composer.ts';
import type {ComposerMenu} from './composer-menu.ts';
import {limitsOf} from './network-limits.ts';
import {maxComposerRowsOf} from './frame.ts';
import {closedInput, type ComposerPart, type createComposers} from './input-lines.ts';
import {withBanner, type Input} from './screen-cursor.ts';
import type {ScreenLine, ScreenSpan} from './screen-line.ts';
import {selectionHint, type SelectionScene} from './selection-hint.ts';
import {viaWidth, withVia, type Via} from './via.ts';
import {literal, type SafeText} from '../text/safe-text.ts';
import type {createWritings} from './writings.ts';

export type InputBoxOptions = {
	readonly source: AccountSource;
	readonly userId: string;
	readonly composers: ReturnType<typeof createComposers>;
	readonly writings: ReturnType<typeof createWritings>;
	readonly timeline: SelectionScene['timeline'];
	readonly menu: ComposerMenu;
	readonly keyOf: KeyOf;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** @returns what the text will do as a command, or whom it will wake */
	readonly commandHint: (composer: Composer, room: RoomRow | undefined) => ScreenSpan | undefined;
	/** @returns the mode of the composer and what its keys do, at length and in short. @default there is none */
	readonly modeHint?: () => readonly ScreenSpan[] | undefined;
	/** @returns the part of the text that is marked. @default none is */
	readonly markedText?: () => ComposerPart | undefined;
};

/** Which text is written in how much room. */
export type InputBoxPlace = {
	readonly room: RoomRow | undefined;
	/** The way to a person who is on several networks. */
	readonly via: Via | undefined;
	/** Number of the composer. */
	readonly composer: number;
	/** Cells of the conversation. */
	readonly width: number;
	/** Rows of the terminal. */
	readonly terminalRows: number;
	/** The keys are in the inbox: a letter is not written here. */
	readonly isWithoutKeys: boolean;
};

/** What stands in place of the prompt while the keys are in the inbox: a `>` would ask for words, each letter of which is a key there. */
const withoutKeys = (room: RoomRow | undefined, enter: SafeText): SafeText =>
	room === undefined ? literal`${enter} opens a room` : literal`the keys are in the inbox`;

export const createInputBox = (options: InputBoxOptions) => {
	const {source, userId, composers, writings, timeline, menu, keyOf} = options;

	const bannerOf = ({room, width, terminalRows}: InputBoxPlace): ScreenLine | undefined =>
		room === undefined || maxComposerRowsOf(terminalRows) === 1 ? undefined : writings.banner(room.rid, width);

	/** Rows for the text itself. */
	const rowsFor = (place: InputBoxPlace, banner: ScreenLine | undefined): number =>
		maxComposerRowsOf(place.terminalRows) - Number(banner !== undefined);

	return {
		input(place: InputBoxPlace): Input {
			const {room, composer, width, isWithoutKeys} = place;
			const isEmpty = composers.get(composer).text === '';
			const reason = room === undefined ? undefined : closedReason(room);
			if (room !== undefined && reason !== undefined && isEmpty)
				return {lines: [closedInput(closedWords(room, reason))], cursor: undefined};
			if (isWithoutKeys && isEmpty)
				return {lines: [closedInput(withoutKeys(room, keyOf('leave-inbox')))], cursor: undefined};
			const banner = bannerOf(place);
			const cells = width - viaWidth(place.via);
			const written = composers.lines(composer, cells, rowsFor(place, banner), {
				selected: options.markedText?.(),
				isWithoutKeys,
			});
			return withBanner(withVia(written, place.via), banner);
		},

		/** Puts the cursor into a cell of the box, from 0. */
		point(place: InputBoxPlace, {row, column}: {readonly row: number; readonly column: number}): void {
			const banner = bannerOf(place);
			const prompt = viaWidth(place.via);
			const size = {width: place.width - prompt, maxRows: rowsFor(place, banner)};
			composers.point(place.composer, size, {row: row - Number(banner !== undefined), column: column - prompt});
		},

		hint(
			{room, via, composer, width}: InputBoxPlace,
			facts: Pick<HintFacts, 'section' | 'pane' | 'target' | 'isStoring' | 'isOnline' | 'isDiskRefusing'>,
		): ScreenLine {
			if (facts.pane === 'timeline')
				return selectionHint({source, room, userId, timeline, keyOf, now: options.now}, width);
			const written = composers.get(composer);
			const command = menu.hint() ?? options.commandHint(written, room);
			const writing = room === undefined ? undefined : writings.of(room.rid)?.kind;
			const limits = limitsOf(source, room);
			const mode = menu.hint() === undefined ? options.modeHint?.() : undefined;
			const outage = room?.protocol === undefined ? undefined : source.portals.outage(room.rid);
			return hintLine({...facts, keyOf, room, via, text: written.text, command, mode, writing, limits, outage}, width);
		},
	};
};
