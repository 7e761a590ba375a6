/** Which theme is on the screen: the chosen one, or dark or light as the terminal is. */
import type {CharacterSet} from '../terminal/character-set.ts';
import {colourLevel, type ColourLevel} from '../terminal/colour-level.ts';
import {backgroundFrom} from '../terminal/terminal-background.ts';
import type {TerminalCapabilities} from '../terminal/terminal-probe.ts';
import {createPainter, type Painter} from './painter.ts';
import {darkTheme} from './theme.ts';
import {findTheme, themeNames} from './themes.ts';

export type Theming = {
	readonly painter: () => Painter;
	/** Colours of the terminal. */
	readonly colours: () => ColourLevel;
	/** Name of the theme, or `auto`. */
	readonly name: () => string;
	/** Shows a theme; what is no name of one is `auto`. */
	readonly show: (name: string) => void;
	/** What the terminal said of itself: its background, and the name that tells its colours. */
	readonly acceptCapabilities: (capabilities: TerminalCapabilities) => void;
};

export type ThemingOptions = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Chosen theme. */
	readonly name: string;
	readonly characters: CharacterSet;
	/** Another painter is to be used from now on. */
	readonly onChange: () => void;
};

export const createTheming = ({environment, name, characters, onChange}: ThemingOptions): Theming => {
	let level = colourLevel(environment, true);
	let background = backgroundFrom(environment);
	let chosen = name;
	const paint = (): Painter =>
		createPainter(findTheme(chosen) ?? findTheme(background) ?? darkTheme(), level, characters);
	let painter = paint();

	const renew = (): void => {
		painter = paint();
		onChange();
	};
	return {
		painter: () => painter,
		colours: () => level,
		name: () => chosen,
		show(next) {
			if (next === chosen) return;
			chosen = themeNames.includes(next) ? next : 'auto';
			renew();
		},
		acceptCapabilities(capabilities) {
			const nextLevel = colourLevel(environment, true, capabilities.name);
			const nextBackground = capabilities.background ?? background;
			const isOther = nextLevel !== level || (nextBackground !== background && findTheme(chosen) === undefined);
			level = nextLevel;
			background = nextBackground;
			if (isOther) renew();
		},
	};
};
