/** Lines with roles to text with colours: the only place where escape sequences for styles and links are made. */
import {Chalk, type ChalkInstance} from 'chalk';
import {asciiText, withAsciiSigns} from '../domain/ascii-text.ts';
import type {CharacterSet} from '../terminal/character-set.ts';
import type {ColourLevel} from '../terminal/colour-level.ts';
import {pictureRow} from '../terminal/picture-cells.ts';
import type {SafeText} from '../text/safe-text.ts';
import {graphemeWidth} from '../text/width.ts';
import {isOwnStyle, type ScreenLine, type ScreenStyle, type ThemeRole} from '../view-models/screen-line.ts';
import {readableOn} from './readable-colour.ts';
import type {RoleStyle, Theme} from './theme.ts';

/** Makes one line ready for the terminal; the same line is painted once. An empty line is a blank, so that it has a height. */
export type Painter = (line: ScreenLine) => string;

type Paint = (text: string) => string;

const chalkLevels = {0: 1, 16: 1, 256: 2, '16m': 3} as const;

/** A text that is code or a link by what it is has that role without saying so. */
const roleOf = (style: ScreenStyle): ThemeRole | undefined => {
	if (style.role !== undefined) return style.role;
	if (style.isCode) return 'code';
	if (style.link !== undefined) return 'link';
	return style.heading === undefined ? undefined : 'heading';
};

/** Colours first: without any, the attributes that stand for them. */
const withRole = (chalk: ChalkInstance, role: RoleStyle, level: ColourLevel): ChalkInstance => {
	let painted = chalk;
	const {foreground, background} = role;
	if (level === 16) {
		if (foreground !== undefined) painted = painted[foreground.palette];
		if (background !== undefined) {
			const name = `bg${background.palette.charAt(0).toUpperCase()}${background.palette.slice(1)}` as 'bgBlue';
			painted = painted[name];
		}
	} else if (level !== 0) {
		if (foreground !== undefined) painted = painted.hex(foreground.hex);
		if (background !== undefined) painted = painted.bgHex(background.hex);
	}
	for (const attribute of [...role.attributes, ...(level === 0 ? role.monochrome : [])]) painted = painted[attribute];
	return painted;
};

/** A brand is seen where the theme has colours of its own. */
const withBrand = (role: RoleStyle, brand: string, background: string): RoleStyle =>
	role.foreground === undefined
		? role
		: {...role, foreground: {...role.foreground, hex: readableOn(brand, background)}};

const withStyle = (chalk: ChalkInstance, style: ScreenStyle): ChalkInstance => {
	let painted = chalk;
	if (style.colours !== undefined) {
		const {foreground, background} = style.colours;
		painted = painted.hex(foreground);
		if (background !== undefined) painted = painted.bgHex(background);
	}
	if (style.isBold) painted = painted.bold;
	if (style.isItalic) painted = painted.italic;
	if (style.isUnderlined) painted = painted.underline;
	if (style.isStruck) painted = painted.strikethrough;
	return painted;
};

/** OSC 8 (hyperlinks); the target was checked when it was parsed, and the output firewall checks it again. */
const linked = (text: string, href: string): string => `\u001B]8;;${href}\u001B\\${text}\u001B]8;;\u001B\\`;

/** Text as the terminal can show it, as wide as before. What people wrote stays, where the terminal can show anything. */
const spellings: Readonly<Record<CharacterSet, (text: SafeText, style: ScreenStyle) => string>> = {
	unicode: text => text,
	'ascii-frames': (text, style) => (isOwnStyle(style) ? withAsciiSigns(text) : text),
	// A grapheme of a safe text is safe.
	ascii: text => asciiText(text, grapheme => graphemeWidth(grapheme as SafeText)),
};

/** @param level colours of the terminal. @param characters what it can show. */
export const createPainter = (theme: Theme, level: ColourLevel, characters: CharacterSet = 'unicode'): Painter => {
	const spell = spellings[characters];
	const base = new Chalk({level: chalkLevels[level]});
	const paints = new WeakMap<ScreenStyle, Paint>();
	const lines = new WeakMap<ScreenLine, string>();

	const paintOf = (style: ScreenStyle): Paint => {
		const known = paints.get(style);
		if (known !== undefined) return known;
		const {picture} = style;
		// As many cells as there are blanks.
		if (picture !== undefined) return text => pictureRow({...picture, columns: text.length});
		const role = roleOf(style);
		const own = role === undefined ? undefined : theme.roles[role];
		const wanted = own === undefined || style.brand === undefined ? own : withBrand(own, style.brand, theme.background);
		const chalk = withStyle(wanted === undefined ? base : withRole(base, wanted, level), style);
		const href = style.link?.href;
		const paint: Paint = text => {
			const painted = chalk === base ? text : chalk(text);
			return href === undefined ? painted : linked(painted, href);
		};
		paints.set(style, paint);
		return paint;
	};

	return line => {
		const known = lines.get(line);
		if (known !== undefined) return known;
		const painted = line.map(({text, style}) => paintOf(style)(spell(text, style))).join('') || ' ';
		lines.set(line, painted);
		return painted;
	};
};
