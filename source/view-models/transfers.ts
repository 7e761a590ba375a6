/** How far files are on their way, and the line that says so below a message. */
import type {Transfer} from '../domain/media-requests.ts';
import {formatSize} from '../text/message-text.ts';
import {joinSafe, literal, safeText, type SafeText} from '../text/safe-text.ts';
import {cutLine, span, type ScreenLine} from './screen-line.ts';

/** What was told of a file last. The same object as long as nothing else was told. */
export type Transfers = {
	readonly note: (transfer: Transfer) => void;
	readonly of: (key: string) => Transfer | undefined;
};

/** Files that are remembered; the oldest goes first. */
const mostKnown = 50;

export const createTransfers = (): Transfers => {
	const known = new Map<string, Transfer>();
	return {
		note(transfer) {
			known.delete(transfer.key);
			if (transfer.isOver === true) return;
			known.set(transfer.key, transfer);
			const [oldest] = known.keys();
			if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
		},
		of: key => known.get(key),
	};
};

/** Cells of the bar. */
const longestBar = 20;
const shortestBar = 6;

const bar = (share: number, width: number): ScreenLine => {
	const full = Math.round(share * width);
	const repeat = (sign: SafeText, count: number): SafeText =>
		joinSafe(
			Array.from({length: count}, () => sign),
			literal``,
		);
	return [span(repeat(literal`█`, full), 'accent'), span(repeat(literal`░`, width - full), 'border')];
};

/**
 * @param width cells
 * @param whole what is said once all of it has passed
 * @returns `██████░░░░ 61 %  730 kB of 1.2 MB`
 */
export const transferLine = ({done, total}: Transfer, width: number, whole = literal`checking`): ScreenLine => {
	const share = total === 0 ? 1 : Math.min(1, done / total);
	const percent = literal` ${Math.floor(share * 100)} %`;
	const cells = Math.max(shortestBar, Math.min(longestBar, width - 28));
	// The other side has all of it, but has not said so.
	const words = share === 1 ? literal`  ${whole}` : literal`  ${formatSize(done)} of ${formatSize(total)}`;
	return cutLine([...bar(share, cells), span(percent), span(words, 'muted')], width);
};

/** What stands below a message whose file is not on the server yet. @param width cells */
export const uploadLine = (transfer: Transfer | undefined, error: string | undefined, width: number): ScreenLine => {
	if (error !== undefined) return [span(literal`waits: ${safeText(error, 'name')}`, 'muted')];
	return transfer === undefined
		? [span(literal`waits to be uploaded`, 'muted')]
		: transferLine(transfer, width, literal`the server is storing it`);
};
