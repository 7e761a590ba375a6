/** The completion menu above the composer: opens by what is typed, is walked through, and gives what takes the word's place. */
import type {Mention} from '../domain/mention.ts';
import type {KeyOf} from './key-of.ts';
import {literal} from '../text/safe-text.ts';
import {textWidth} from '../text/width.ts';
import {barePlace, botPlace, completionPlace, type CompletionPlace} from './completion-place.ts';
import {completionRows, type CompletionRow, type CompletionSource} from './completion-rows.ts';
import type {Composer} from './composer.ts';
import {blanks, boldSpan, cutLine, fillLine, paintLine, span, type ScreenLine, type ScreenSpan} from './screen-line.ts';

/** Rows that are seen at once. */
const mostRows = 6;
/** Rows that can be walked through. */
const mostFound = 30;

/** What the menu is looked for in. */
export type MenuFacts = {
	readonly composer: Composer;
	/** Number of the open room; -1 where none is open. */
	readonly rid: number;
	/** The keys go to the composer, and nothing is on its way. */
	readonly isActive: boolean;
};

/** What taking a row does to the text. */
export type CompletionEdit = {
	readonly from: number;
	readonly to: number;
	readonly text: string;
	readonly mention: Mention | undefined;
	/** Something more can be completed behind it: an argument, what is in a folder. */
	readonly goesOn: boolean;
};

type Open = {
	readonly place: CompletionPlace;
	readonly rid: number;
	readonly rows: readonly CompletionRow[];
	/** The row that Tab and Enter take; `undefined`: Enter does what it does without a menu. */
	chosen: number | undefined;
	/** The first row that is seen. */
	top: number;
};

const isSamePlace = (first: CompletionPlace | undefined, second: CompletionPlace): boolean =>
	first !== undefined && first.kind === second.kind && first.from === second.from;

/** A command is run as it is typed, unless a row was chosen. */
const runsAsTyped = ({kind}: CompletionPlace): boolean => kind === 'command' || kind.startsWith('argument');

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

export const createCompletion = (source: CompletionSource, keyOf: KeyOf) => {
	let open: Open | undefined;
	/** A word whose menu was closed, and one whose menu was asked for. */
	let closed: CompletionPlace | undefined;
	let asked: CompletionPlace | undefined;
	/** The facts of the last look, to know whether anything changed. */
	let seen: MenuFacts | undefined;
	let isLoading = false;
	/** Rows of the last frame. */
	let shown = 0;

	/** A place that its own text makes one. */
	const signedPlace = ({composer: {text, cursor}, rid}: MenuFacts): CompletionPlace | undefined =>
		completionPlace(text, cursor, source.commands) ??
		(source.botCommands(rid).length > 0 ? botPlace(text, cursor) : undefined);

	const placeOf = (facts: MenuFacts): CompletionPlace | undefined => {
		const {text, cursor, last} = facts.composer;
		const place = signedPlace(facts) ?? (asked && barePlace(text, cursor));
		if (place === undefined || isSamePlace(closed, place)) return undefined;
		// A draft, a pasted text and a moved cursor open nothing.
		return last === 'insert' || last === 'erase' || isSamePlace(asked, place) ? place : undefined;
	};

	const read = (facts: MenuFacts): void => {
		const place = facts.isActive ? placeOf(facts) : undefined;
		const before = open;
		open = undefined;
		isLoading = false;
		if (place === undefined) {
			asked = undefined;
			const here = signedPlace(facts);
			if (here === undefined || !isSamePlace(closed, here)) closed = undefined;
			return;
		}
		const rows = completionRows(source, place, facts.rid, mostFound);
		isLoading = rows === undefined;
		if (rows === undefined || rows.length === 0) return;
		const isSame = before !== undefined && isSamePlace(before.place, place) && before.place.query === place.query;
		const chosen = runsAsTyped(place) ? undefined : 0;
		open = {place, rid: facts.rid, rows, chosen: isSame ? before.chosen : chosen, top: isSame ? before.top : 0};
	};

	const isSeen = ({composer, rid, isActive}: MenuFacts): boolean =>
		seen !== undefined &&
		!isLoading &&
		seen.composer.text === composer.text &&
		seen.composer.cursor === composer.cursor &&
		seen.composer.last === composer.last &&
		seen.rid === rid &&
		seen.isActive === isActive;

	const look = (facts: MenuFacts): void => {
		if (isSeen(facts)) return;
		seen = facts;
		read(facts);
	};

	const editOf = ({place, rows}: Open, index: number, {text}: Composer): CompletionEdit | undefined => {
		const row = rows[index];
		if (row === undefined) return undefined;
		const {insert, mention, isOpen = false} = row;
		const isFolder = place.kind === 'argument-file' && isOpen;
		const isCommandAlone = (place.kind === 'command' || place.kind === 'argument-bot') && isOpen;
		const hasBlank = isFolder || isCommandAlone || /^\s/.test(text.slice(place.to, place.to + 1));
		const goesOn = isFolder || (place.kind === 'command' && !isOpen);
		return {from: place.from, to: place.to, text: hasBlank ? insert : `${insert} `, mention, goesOn};
	};

	return {
		look,
		isOpen: (): boolean => open !== undefined,
		/** Whether it is seen: in a very small terminal it has no room. */
		isShown: (): boolean => open !== undefined && shown > 0,
		/** Rows that it would like to have. */
		wanted: (): number => Math.min(mostRows, open?.rows.length ?? 0),
		/** What the keys do, for the line below the composer. */
		hint: (): ScreenSpan | undefined => {
			if (open === undefined || open.place.kind === 'command' || runsAsTyped(open.place)) return undefined;
			return span(
				literal`${keyOf('completion-enter')} takes it · ${keyOf('completion-up')} ${keyOf('completion-down')} · ${keyOf('completion-close')} closes`,
				'muted',
			);
		},

		/** Up (negative) or down; beyond an end it goes on at the other one. */
		move(steps: number): void {
			if (open === undefined) return;
			const count = open.rows.length;
			const from = open.chosen ?? (steps > 0 ? -1 : count);
			open.chosen = (((from + steps) % count) + count) % count;
		},
		/** @param row from 0 at the first one that is seen. @returns whether there is one: then it is chosen */
		chooseRow(row: number): boolean {
			if (open === undefined || open.rows[open.top + row] === undefined) return false;
			open.chosen = open.top + row;
			return true;
		},
		/** Closes it for this word. */
		close(): void {
			closed = open?.place;
			asked = undefined;
			open = undefined;
		},
		/** Opens it by hand, also where nothing was typed and for a word without a sign. @returns whether there is a row */
		ask(facts: MenuFacts): boolean {
			closed = undefined;
			const {text, cursor} = facts.composer;
			asked = signedPlace(facts) ?? barePlace(text, cursor);
			seen = facts;
			const place = asked;
			read(facts);
			asked = place;
			return open !== undefined;
		},
		/** Whether there was something to complete when it was asked for, if not what with. */
		isAsked: (): boolean => asked !== undefined,
		/** Whether Enter takes a row. */
		hasChosen: (): boolean => open?.chosen !== undefined,
		/** @returns what the chosen row, else the first one, does to the text that was looked at last */
		take: (): CompletionEdit | undefined =>
			open === undefined || seen === undefined ? undefined : editOf(open, open.chosen ?? 0, seen.composer),
		/** @returns the edit of Tab asked for where one row only fits */
		only: (): CompletionEdit | undefined =>
			open?.rows.length === 1 && seen !== undefined ? editOf(open, 0, seen.composer) : undefined,

		/** @returns at most `height` lines of at most `width` cells */
		lines({width, height}: {readonly width: number; readonly height: number}): readonly ScreenLine[] {
			shown = height;
			if (open === undefined || height <= 0) return [];
			const {rows, chosen} = open;
			const last = Math.max(0, rows.length - height);
			const at = chosen ?? 0;
			open.top = clamp(open.top, Math.max(0, at - height + 1), Math.min(at, last));
			const {top} = open;
			const visible = rows.slice(top, top + height);
			const widest = Math.max(...visible.map(({label}) => textWidth(label)));
			const labelWidth = Math.min(widest, Math.max(8, Math.floor(width * 0.6)));
			return visible.map(({label, detail}, index) => {
				const isChosen = top + index === chosen;
				const name = fillLine(cutLine([boldSpan(label)], labelWidth), labelWidth);
				const line = cutLine([span(blanks(2)), ...name, span(literal`  ${detail}`, 'muted')], width);
				return isChosen ? paintLine(fillLine(line, width), 'selection') : line;
			});
		},
	};
};

export type Completion = ReturnType<typeof createCompletion>;
