/** The columns of the conversation: time, sender, text, state. */
import {literal, type SafeText} from '../text/safe-text.ts';
import {pad, textWidth, truncate} from '../text/width.ts';
import {wrapLine} from './wrap-line.ts';
import {
	blanks,
	boldSpan,
	fillLine,
	paintLine,
	span,
	type ScreenLine,
	type ScreenSpan,
	type ThemeRole,
} from './screen-line.ts';

/** Cells of the columns; a blank or two between them is in `gutter`. */
export type TimelineColumns = {
	readonly width: number;
	/** 0 or 5. */
	readonly time: number;
	readonly name: number;
	/** Blanks behind the time, and behind the name. */
	readonly gap: number;
	/** Cells before the text. */
	readonly gutter: number;
	readonly text: number;
};

/** Cells at the right edge for the state of own messages, and the blank before it. */
const stateWidth = 2;

/** @param width cells of the conversation. */
export const timelineColumns = (width: number): TimelineColumns => {
	const time = width >= 45 ? 5 : 0;
	const name = width >= 100 ? 14 : width >= 70 ? 12 : width >= 30 ? 8 : 4;
	const gap = width >= 70 ? 2 : 1;
	const gutter = (time === 0 ? 0 : time + gap) + name + gap;
	return {width, time, name, gap, gutter, text: Math.max(8, width - gutter - stateWidth - 1)};
};

/** What stands left of the text in its first row. */
export type Header = {
	readonly time: SafeText;
	readonly name: SafeText;
	readonly role: ThemeRole;
	/** Behind the name; it keeps its room, however long that is. @default nothing */
	readonly label?: ScreenSpan | undefined;
};

const headerLine = ({time, name, role, label}: Header, columns: TimelineColumns): ScreenLine => {
	const labelWidth = label === undefined ? 0 : textWidth(label.text) + 1;
	const cells = Math.max(0, columns.name - labelWidth);
	const labelSpans = label === undefined ? [] : [span(blanks(1)), label];
	const nameSpan = [boldSpan(pad(truncate(name, cells), cells), role), ...labelSpans, span(blanks(columns.gap))];
	return columns.time === 0
		? nameSpan
		: [span(pad(time, columns.time), 'muted'), span(blanks(columns.gap)), ...nameSpan];
};

/**
 * Puts lines of text into their column.
 * @param lines of at most `columns.text` cells
 * @param header stands before the first line; without one the columns stay blank
 * @param state stands at the right edge of the last line
 */
export const inColumns = (
	lines: readonly ScreenLine[],
	{
		columns,
		header,
		state,
	}: {readonly columns: TimelineColumns; readonly header: Header | undefined; readonly state?: ScreenLine},
): readonly ScreenLine[] => {
	const indent = [span(blanks(columns.gutter))];
	return lines.map((line, index) => {
		const prefix = index === 0 && header !== undefined ? headerLine(header, columns) : indent;
		const whole = [...prefix, ...line];
		if (state === undefined || state.length === 0 || index < lines.length - 1) return whole;
		return [...fillLine(whole, columns.width - stateWidth), ...state];
	});
};

/** Rows of a note at most. */
const maxNoteRows = 4;

/** What nobody said: it begins where the names begin. */
export const noteLines = (text: SafeText, {width, time, gap}: TimelineColumns): readonly ScreenLine[] => {
	const indent = time === 0 ? 0 : time + gap;
	const lines = wrapLine([span(text, 'muted')], Math.max(1, width - indent - 1), maxNoteRows);
	return lines.map(line => [span(blanks(indent)), ...line]);
};

/**
 * Marks a message: a bar before the text, and time and name in the colours of what is selected. Without colours the bar
 * is enough.
 * @param lines as `inColumns` makes them
 */
export const markedLines = (
	lines: readonly ScreenLine[],
	{isSelected, isPicked}: {readonly isSelected: boolean; readonly isPicked: boolean},
	{gutter}: TimelineColumns,
): readonly ScreenLine[] =>
	lines.map((line, index) => {
		const bar = isSelected ? literal`▌` : isPicked && index === 0 ? literal`●` : literal` `;
		const head: ScreenSpan[] = [];
		let left = gutter - 1;
		let rest = line;
		while (left > 0 && rest[0] !== undefined) {
			const [{text}] = rest;
			const cells = textWidth(text);
			// Nothing but blanks is ever cut here.
			const shown = cells > left ? (text.slice(0, left) as SafeText) : text;
			head.push({...rest[0], text: shown});
			rest = cells > left ? [{...rest[0], text: text.slice(left) as SafeText}, ...rest.slice(1)] : rest.slice(1);
			left -= cells;
		}
		const [first, ...others] = rest;
		const behind = first === undefined ? [] : [{...first, text: first.text.slice(1) as SafeText}, ...others];
		const shownHead = isSelected ? paintLine(head, 'selection') : head;
		const sign = isPicked && isSelected && index === 0 ? literal`●` : bar;
		return [...shownHead, span(sign, 'accent'), ...behind.filter(({text}) => text !== '')];
	});
