/** A theme: a style for every role of the screen. The files are in `themes/`. */
import dark from '../../themes/dark.json' with {type: 'json'};
import {asArray, asObject, asString} from '../domain/json.ts';
import {themeRoles, type ThemeRole} from '../view-models/screen-line.ts';

/** What a terminal can do to text besides colours. */
const attributes = ['bold', 'italic', 'underline', 'inverse'] as const;

export type ThemeAttribute = (typeof attributes)[number];

/** The 16 colours of the terminal's own palette. */
const paletteColours = [
	'black',
	'red',
	'green',
	'yellow',
	'blue',
	'magenta',
	'cyan',
	'white',
	'gray',
	'redBright',
	'greenBright',
	'yellowBright',
	'blueBright',
	'magentaBright',
	'cyanBright',
	'whiteBright',
] as const;

export type PaletteColour = (typeof paletteColours)[number];

/** A colour as `#rrggbb`, and what stands for it where there are only 16. */
export type ThemeColour = {readonly hex: string; readonly palette: PaletteColour};

export type RoleStyle = {
	readonly foreground: ThemeColour | undefined;
	readonly background: ThemeColour | undefined;
	readonly attributes: readonly ThemeAttribute[];
	/** Attributes that stand for the colours where there are none. */
	readonly monochrome: readonly ThemeAttribute[];
};

export type Theme = {
	readonly name: string;
	/** The background that the colours were chosen for, `#rrggbb`; it is not painted. */
	readonly background: string;
	readonly roles: Readonly<Record<ThemeRole, RoleStyle>>;
};

const isHex = (value: string | undefined): value is string => value !== undefined && /^#[\da-f]{6}$/i.test(value);

const parseColour = (hex: unknown, palette: unknown, place: string): ThemeColour | undefined => {
	if (hex === undefined && palette === undefined) return undefined;
	const colour = asString(hex);
	const fallback = paletteColours.find(name => name === palette);
	if (!isHex(colour) || fallback === undefined) {
		throw new Error(`${place} needs a colour like #7fb0ff and one of the 16 colours of a terminal`);
	}
	return {hex: colour, palette: fallback};
};

const parseAttributes = (value: unknown): readonly ThemeAttribute[] =>
	attributes.filter(attribute => asArray(value).includes(attribute));

/** Reads a theme file. @throws Error that names the first role that is missing or wrong */
export const parseTheme = (value: unknown): Theme => {
	const theme = asObject(value);
	const name = asString(theme['name']) ?? 'theme without name';
	const background = asString(theme['background']);
	if (!isHex(background)) throw new Error(`${name} needs a background like #16181d`);
	const given = asObject(theme['roles']);
	const roles = themeRoles.map(role => {
		if (given[role] === undefined) throw new Error(`${name} has no role ${role}`);
		const style = asObject(given[role]);
		const parsed: RoleStyle = {
			foreground: parseColour(style['foreground'], style['foreground16'], `${name}, ${role}`),
			background: parseColour(style['background'], style['background16'], `${name}, ${role}`),
			attributes: parseAttributes(style['attributes']),
			monochrome: parseAttributes(style['monochrome']),
		};
		return [role, parsed] as const;
	});
	return {name, background, roles: Object.fromEntries(roles) as Theme['roles']};
};

/** @returns the theme that mx starts with. */
export const darkTheme = (): Theme => parseTheme(dark);
