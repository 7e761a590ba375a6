/** The only component that puts text on the screen, and the only file that may import Ink's Text: it takes safe lines. */
import {createContext, memo, use} from 'react';
import {Text} from 'ink';
import type {ScreenLine} from '../../view-models/screen-line.ts';
import type {Painter} from '../painter.ts';

/** Gives lines their colours. Without a provider nothing is drawn: a bug that shows at once. */
export const PainterContext = createContext<Painter>(() => '');

/** Lines below each other, one Text for all: Ink measures and caches a text as a whole. */
export const SafeTextLines = memo(({lines}: {readonly lines: readonly ScreenLine[]}) => {
	const paint = use(PainterContext);
	// They fit; `truncate` only keeps Ink from wrapping them again.
	return lines.length === 0 ? null : <Text wrap="truncate">{lines.map(line => paint(line)).join('\n')}</Text>;
});

/** One line. */
export const SafeTextLine = memo(({line}: {readonly line: ScreenLine}) => {
	const paint = use(PainterContext);
	return <Text wrap="truncate">{paint(line)}</Text>;
});
