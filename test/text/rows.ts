/** Shows laid-out lines as the text that a reader sees. */
import type {Block, Line, SpanStyle} from '../../source/text/spans.ts';
import {layoutBlocks, type LayoutOptions} from '../../source/text/layout.ts';

/** The rows of blocks as plain text. */
export const rowsOf = (blocks: readonly Block[], width: number, options?: LayoutOptions): readonly string[] =>
	layoutBlocks(blocks, width, options).map(line => textOf(line));

/** The text of one line. */
export const textOf = (line: Line): string => line.map(span => span.text).join('');

/** The style of the first span whose text has `part`. */
export const styleOf = (lines: readonly Line[], part: string): SpanStyle | undefined =>
	lines.flat().find(span => span.text.includes(part))?.style;
