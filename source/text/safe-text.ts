/** The one way from untrusted text to text that may be drawn: no control, no invisible payload, no runaway mark. */
import {lazily} from '../domain/lazily.ts';
import {graphemesOf, isNarrow} from './graphemes.ts';
import {cleanGrapheme, isDirectionMark} from './clean-grapheme.ts';

declare const brand: unique symbol;

/** Text that is safe on a terminal, in a title, in a log. Only this file makes it; parts and joins of it stay safe. */
export type SafeText = string & {readonly [brand]: true};

/**
 * `body`: keeps line breaks, at most 400 lines; `line`: one line; `name`: one line, trimmed, no direction marks, two
 * marks a letter: for names, ids, aliases, file names, reactions, titles and error texts.
 */
export type SafeMode = 'body' | 'line' | 'name';

/** Code units; the size limit of a Matrix event is 64 KiB. */
const maxLength = 65_536;

/** Lines of a body; more are counted, not shown. */
const maxLines = 400;

/** Passes until nothing changes: one or two; 120,000 fuzzed texts never reached this. */
const maxPasses = 8;

const lineBreaks = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
const needsRewrite = /[\0-\t\v-\u001f\u007f-\u009f\u2028\u2029]/;

/** Characters of common scripts that are always a grapheme of their own when only they occur: nothing to look at. */
const undisputed = lazily(
	() =>
		/^[[\n -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u05d0-\u05ea\u0620-\u064a\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u27bf\u3001-\u3029\u3041-\u3096\u30a0-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff01-\uff5e\u{1f300}-\u{1f3fa}\u{1f400}-\u{1faff}]&&[\p{L}\p{N}\p{P}\p{S}\n ]]*$/v,
);

/**
 * Makes untrusted text safe to draw. Total and idempotent; what is not a string is empty. Nothing is interpreted: controls
 * become visible pictures, so no sequence can be confused with another; what is invisible goes, unless a script needs it.
 *
 * @param fallback what `name` mode shows when nothing is left, such as the user id.
 */
export const safeText = (input: unknown, mode: SafeMode, fallback?: string): SafeText => {
	const text = typeof input === 'string' ? toFixedPoint(input, mode) : '';
	if (text === '' && fallback !== undefined) {
		return safeText(fallback, mode);
	}

	return text as SafeText;
};

/**
 * The lines of a body without the 400-line limit, for what cuts by rows itself.
 *
 * @returns at least one line; no line holds a newline.
 */
export const safeLines = (input: string): readonly SafeText[] => {
	const cut = cutLength(input).toWellFormed().replaceAll(lineBreaks, '\n');
	return cut.split('\n').map(line => safeText(line, 'line'));
};

/** mx's own constant text, with safe parts: ``literal`${name} joined` ``. A tag takes no variable string by itself. */
export const literal = (strings: TemplateStringsArray, ...values: ReadonlyArray<SafeText | number>): SafeText => {
	const parts = strings.map((part, index) => part + String(values[index] ?? ''));
	return parts.join('') as SafeText;
};

/** Joins safe texts. */
export const joinSafe = (parts: readonly SafeText[], separator: SafeText = literal``): SafeText =>
	parts.join(separator) as SafeText;

/**
 * Cleans text that the user sends: lone surrogates (Synapse answers 500 to them) become U+FFFD, line breaks of any kind
 * become LF (a CR in a bridged reply once was an IRC command: GHSA-52rh-5rpj-c3w6), other controls but TAB go.
 */
export const cleanOutgoing = (text: string): string =>
	text
		.toWellFormed()
		.replaceAll(lineBreaks, '\n')
		.replaceAll(/[\0-\u0008\u000e-\u001f\u007f-\u009f]/g, '');

const toFixedPoint = (input: string, mode: SafeMode): string => {
	let current = input;
	for (let pass = 0; pass < maxPasses; pass++) {
		const next = cleanOnce(current, mode);
		if (next === current) {
			return current;
		}

		current = next;
	}

	// Never seen; keeps the function total and idempotent whatever a later Unicode version brings.
	return current.replaceAll(/[^\n -~]/g, '\uFFFD');
};

const cleanOnce = (input: string, mode: SafeMode): string => {
	let text = rewriteControls(cutLength(input).toWellFormed());
	if (mode !== 'body') {
		text = text.replaceAll(/\n+/g, ' ');
	}

	if (!isNarrow(text) && !undisputed().test(text)) {
		text = cleanGraphemes(text, mode);
	}

	if (mode === 'name') {
		text = text.replaceAll(/\s+/g, ' ').trim();
	}

	return mode === 'body' ? cutLines(text) : text;
};

const rewriteControls = (text: string): string => {
	if (!needsRewrite.test(text)) {
		return text;
	}

	return text
		.replaceAll(lineBreaks, '\n')
		.replaceAll('\t', '    ')
		.replaceAll(/[\0-\t\v-\u001f]/g, control => String.fromCodePoint(0x24_00 + control.charCodeAt(0)))
		.replaceAll('\u007F', '\u2421')
		.replaceAll(/[\u0080-\u009f]/g, '\uFFFD');
};

const cleanGraphemes = (text: string, mode: SafeMode): string => {
	const maxMarks = mode === 'name' ? 2 : 8;
	const cleaned: string[] = [];
	let last = '\n';
	for (const grapheme of graphemesOf(text)) {
		const kept = isDirectionMark(grapheme)
			? keepDirectionMark(grapheme, {mode, last})
			: cleanGrapheme(grapheme, {
					maxMarks,
					hasBlanks: mode !== 'name',
					isAfterVisible: last !== '\n' && !isDirectionMark(last),
				});
		if (kept !== '') {
			cleaned.push(kept);
			last = kept;
		}
	}

	return cleaned.join('');
};

/** One mark sets the direction; a run of them is only invisible weight, and in a name they make look-alikes. */
const keepDirectionMark = (mark: string, {mode, last}: {readonly mode: SafeMode; readonly last: string}): string =>
	mode === 'name' || isDirectionMark(last) ? '' : mark;

const cutLength = (text: string): string => {
	if (text.length <= maxLength) {
		return text;
	}

	const isPairCut = /[\ud800-\udbff]/.test(text.charAt(maxLength - 2));
	return text.slice(0, isPairCut ? maxLength - 2 : maxLength - 1) + '…';
};

const cutLines = (text: string): string => {
	let end = -1;
	for (let line = 1; line < maxLines; line++) {
		end = text.indexOf('\n', end + 1);
		if (end === -1) {
			return text;
		}
	}

	const rest = text.slice(end + 1).split('\n').length;
	return rest === 1 ? text : `${text.slice(0, end)}\n… ${rest} more lines`;
};
