/** One row of the screen as spans with theme roles, and the ways to fit such rows into a width. */
import {joinSafe, literal, type SafeText} from '../text/safe-text.ts';
import type {SpanRole, SpanStyle} from '../text/spans.ts';
import {textWidth, truncate} from '../text/width.ts';

/** What a piece of the screen is, for the theme to colour. */
export type ThemeRole =
	| SpanRole
	| 'accent'
	| 'name'
	| 'own'
	| 'unread'
	| 'error'
	| 'ok'
	| 'heading'
	| 'code'
	| 'link'
	| 'title'
	| 'selection';

/** A style of the text library, with all roles of the theme. Compared by reference: share it. */
export type ScreenStyle = Omit<SpanStyle, 'role'> & {
	readonly role?: ThemeRole;
	/** Colour of a network, as `#rrggbb`: in place of the role's, where the terminal has more than 16. */
	readonly brand?: string;
	/** Of a piece of a picture, as `#rrggbb`; the theme has no part in it. */
	readonly colours?: {readonly foreground: string; readonly background: string | undefined};
	/** The blanks are a row of a picture that the terminal keeps under this number. */
	readonly picture?: {readonly id: number; readonly row: number};
};

export type ScreenSpan = {readonly text: SafeText; readonly style: ScreenStyle};

/** One row; there is no line break in it. */
export type ScreenLine = readonly ScreenSpan[];

const styleOf = (role: ThemeRole): {readonly plain: ScreenStyle; readonly bold: ScreenStyle} => ({
	plain: {role},
	bold: {role, isBold: true},
});

/** The styles of the roles, plain and bold. */
const roleStyles: Readonly<Record<ThemeRole, {readonly plain: ScreenStyle; readonly bold: ScreenStyle}>> = {
	muted: styleOf('muted'),
	mention: styleOf('mention'),
	warning: styleOf('warning'),
	border: styleOf('border'),
	keyword: styleOf('keyword'),
	string: styleOf('string'),
	number: styleOf('number'),
	comment: styleOf('comment'),
	function: styleOf('function'),
	accent: styleOf('accent'),
	name: styleOf('name'),
	own: styleOf('own'),
	unread: styleOf('unread'),
	error: styleOf('error'),
	ok: styleOf('ok'),
	heading: styleOf('heading'),
	code: styleOf('code'),
	link: styleOf('link'),
	title: styleOf('title'),
	selection: styleOf('selection'),
};

/** Every role that a theme must name. */
export const themeRoles = Object.keys(roleStyles) as readonly ThemeRole[];

const plain: ScreenStyle = {};
const bold: ScreenStyle = {isBold: true};

const written: ScreenStyle = {};

const ownStyles: WeakSet<ScreenStyle> = new WeakSet([
	plain,
	bold,
	...Object.values(roleStyles).flatMap(styles => [styles.plain, styles.bold]),
]);

/** @returns whether what is in this style may be drawn by mx; else people wrote it, and it stays as it is. */
export const isOwnStyle = (style: ScreenStyle): boolean =>
	ownStyles.has(style) || style.role === 'border' || style.role === 'muted';

/** A span of what somebody writes or wrote, and nothing of mx. */
export const writtenSpan = (text: SafeText): ScreenSpan => ({text, style: written});

/** @returns a span in the terminal's own text colour, or in that of a role. */
export const span = (text: SafeText, role?: ThemeRole): ScreenSpan => ({
	text,
	style: role === undefined ? plain : roleStyles[role].plain,
});

/** As `span`, in bold. */
export const boldSpan = (text: SafeText, role?: ThemeRole): ScreenSpan => ({
	text,
	style: role === undefined ? bold : roleStyles[role].bold,
});

/** @returns `count` blanks. */
export const blanks = (count: number): SafeText => literal` `.repeat(Math.max(0, count)) as SafeText;

/** A line without text. */
export const emptyLine: ScreenLine = [];

/** @returns cells. */
export const lineWidth = (line: ScreenLine): number => line.reduce((sum, {text}) => sum + textWidth(text), 0);

/** Cuts a line to `width` cells; what was cut ends in `…`. */
export const cutLine = (line: ScreenLine, width: number): ScreenLine => {
	if (lineWidth(line) <= width) return line;
	const kept: ScreenSpan[] = [];
	let left = width;
	for (const part of line) {
		const cells = textWidth(part.text);
		// A part that just fits must still show that something follows.
		const isLast = cells >= left;
		const text = isLast ? truncate(joinSafe([part.text, literal` …`]), left) : part.text;
		kept.push({...part, text});
		left -= cells;
		if (left <= 0) break;
	}
	return kept;
};

/**
 * Sets one part at the left and one at the right edge. The right one stays whole as long as it fits at all; the left
 * one gives way.
 * @returns a line of exactly `width` cells, where there is a right part
 */
export const spreadLine = (left: ScreenLine, right: ScreenLine, width: number): ScreenLine => {
	const rightPart = cutLine(right, width);
	const rightWidth = lineWidth(rightPart);
	const leftPart = cutLine(left, Math.max(0, width - rightWidth - (rightWidth > 0 ? 1 : 0)));
	if (rightWidth === 0) return leftPart;
	return [...leftPart, span(blanks(width - rightWidth - lineWidth(leftPart))), ...rightPart];
};

/** @returns the line filled with blanks of a style to `width` cells. */
export const fillLine = (line: ScreenLine, width: number, role?: ThemeRole): ScreenLine => {
	const missing = width - lineWidth(line);
	return missing > 0 ? [...line, span(blanks(missing), role)] : line;
};

/** @returns the line with every span in one role, keeping bold. */
export const paintLine = (line: ScreenLine, role: ThemeRole): ScreenLine =>
	line.map(({text, style}) => (style.isBold ? boldSpan(text, role) : span(text, role)));

/** Joins the parts that are there, with ` · ` between them. */
export const joinParts = (parts: readonly ScreenLine[]): ScreenLine =>
	parts
		.filter(part => part.length > 0)
		.flatMap((part, index) => (index === 0 ? part : [span(literal` · `, 'muted'), ...part]));
