/** Sentences of mx that may need more than one row. */
import {layoutBlocks} from '../text/layout.ts';
import {literal} from '../text/safe-text.ts';
import type {Line} from '../text/spans.ts';
import {cutLine, span, type ScreenLine} from './screen-line.ts';

/** Wraps a line between words. @param width cells @returns 1 to `maxRows` lines; the last one ends in `…` if text is missing */
export const wrapLine = (line: ScreenLine, width: number, maxRows: number): readonly ScreenLine[] => {
	const lines: readonly ScreenLine[] = layoutBlocks(
		[{kind: 'text', frames: [], hasGap: false, spans: line as Line}],
		width,
		{maxRows: maxRows + 1},
	);
	if (lines.length <= maxRows) return lines;
	const last = lines[maxRows - 1] ?? [];
	return [...lines.slice(0, maxRows - 1), cutLine([...last, span(literal` …`, 'muted')], width)];
};
