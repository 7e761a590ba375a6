/** Which theme is on the screen: the chosen one, or dark or light as the terminal is. */
import {colourLevel} from '../terminal/colour-level.ts';
import {backgroundFrom, backgroundOf} from '../terminal/terminal-background.ts';
import {createPainter, type Painter} from './painter.ts';
import {darkTheme} from './theme.ts';
import {findTheme, themeNames} from './themes.ts';

export type Theming = {
	readonly painter: () => Painter;
	/** Name of the theme, or `auto`. */
	readonly name: () => string;
	/** Shows a theme; what is no name of one is `auto`. */
	readonly show: (name: string) => void;
	/** @param reply of the terminal, perhaps about its background */
	readonly acceptReply: (reply: string) => void;
};

/**
 * @param name chosen theme
 * @param onChange another painter is to be used from now on
 */
export const createTheming = (
	environment: Readonly<Record<string, string | undefined>>,
	name: string,
	onChange: () => void,
): Theming => {
	const level = colourLevel(environment, true);
	const isMultiplexed = environment['TMUX'] !== undefined || environment['STY'] !== undefined;
	let background = backgroundFrom(environment);
	let chosen = name;
	const paint = (): Painter => createPainter(findTheme(chosen) ?? findTheme(background) ?? darkTheme(), level);
	let painter = paint();

	const renew = (): void => {
		painter = paint();
		onChange();
	};
	return {
		painter: () => painter,
		name: () => chosen,
		show(next) {
			if (next === chosen) return;
			chosen = themeNames.includes(next) ? next : 'auto';
			renew();
		},
		acceptReply(reply) {
			const answered = backgroundOf(reply, isMultiplexed);
			if (answered === undefined || answered === background) return;
			background = answered;
			if (findTheme(chosen) === undefined) renew();
		},
	};
};
