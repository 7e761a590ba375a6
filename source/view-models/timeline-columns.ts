/** The columns of the conversation: time, sender, text, state. */
import {literal, type SafeText} from '../text/safe-text.ts';
import {pad, truncate} from '../text/width.ts';
import {blanks, boldSpan, fillLine, span, type ScreenLine, type ThemeRole} from './screen-line.ts';

/** Cells of the columns; a blank or two between them is in `gutter`. */
export type TimelineColumns = {
	readonly width: number;
	/** 0 or 5. */
	readonly time: number;
	readonly name: number;
	/** Cells before the text. */
	readonly gutter: number;
	readonly text: number;
};

/** Cells at the right edge for the state of own messages, and the blank before it. */
const stateWidth = 2;

const gap = 2;

/** @param width cells of the conversation. */
export const timelineColumns = (width: number): TimelineColumns => {
	const time = width >= 45 ? 5 : 0;
	const name = width >= 100 ? 14 : width >= 70 ? 12 : width >= 30 ? 8 : 4;
	const gutter = (time === 0 ? 0 : time + gap) + name + gap;
	return {width, time, name, gutter, text: Math.max(8, width - gutter - stateWidth - 1)};
};

/** What stands left of the text in its first row. */
export type Header = {readonly time: SafeText; readonly name: SafeText; readonly role: ThemeRole};

const headerLine = ({time, name, role}: Header, columns: TimelineColumns): ScreenLine => {
	if (name === '' && time === '') return [span(blanks(columns.gutter))];
	const nameText = pad(truncate(name, columns.name), columns.name);
	const nameSpan = [boldSpan(nameText, role), span(blanks(gap))];
	return columns.time === 0 ? nameSpan : [span(pad(time, columns.time), 'muted'), span(blanks(gap)), ...nameSpan];
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

/** The columns without a time and a name, for what nobody said. */
export const nobody: Header = {time: literal``, name: literal``, role: 'muted'};
