/** Plain message text to blocks. */
import {linkedSpans} from './links.ts';
import {joinSafe, literal, safeLines} from './safe-text.ts';
import {plainStyle, type Block} from './spans.ts';

/** One block with the lines of untrusted text, its http and https addresses as links; no block if it is blank. */
export const plainToBlocks = (body: string): readonly Block[] => {
	const text = joinSafe(safeLines(body.trimEnd()), literal`\n`);
	return /\S/.test(text) ? [{kind: 'text', frames: [], hasGap: false, spans: linkedSpans(text, plainStyle)}] : [];
};
