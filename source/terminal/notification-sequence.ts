/** How a terminal is made to notify the person who sits at it, wherever mx runs: OSC 9, 99, 777 or the bell, also through tmux and screen. */
import {bell, isTmux, oscText, stringEnd, throughTmux, type OscSequence} from './osc.ts';
import {isMultiplexed} from './terminal-probe.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How a terminal is told to notify the person. */
export type NotificationWay = 'bell' | 'osc9' | 'osc99' | 'osc777';

export type NotificationText = {readonly title: string; readonly body: string};

/** Screen hands on what is wrapped, up to the first ST. */
const throughScreen = (sequence: string): string => `\u001BP${sequence.replaceAll(stringEnd, bell)}${stringEnd}`;

/** For the terminal that tmux or screen run in. */
const forOuter = (sequence: string, environment: Environment): string => {
	if (!isMultiplexed(environment)) return sequence;
	return isTmux(environment) ? throughTmux(sequence) : throughScreen(sequence);
};

/** OSC 99 of kitty ("Desktop notifications"): both parts in base64, as one notification. */
const kittyNotification = ({title, body}: NotificationText): readonly string[] => {
	const part = (meta: string, text: string): string =>
		`\u001B]99;${meta}:e=1;${Buffer.from(text).toString('base64')}${stringEnd}`;
	return body === ''
		? [part('i=mx:d=1:p=title', title)]
		: [part('i=mx:d=0:p=title', title), part('i=mx:d=1:p=body', body)];
};

const sequencesOf = (way: Exclude<NotificationWay, 'bell'>, {title, body}: NotificationText): readonly string[] => {
	switch (way) {
		case 'osc9':
			return [`\u001B]9;${body === '' ? title : `${title}: ${body}`}${stringEnd}`];
		case 'osc777':
			return [`\u001B]777;notify;${title};${body}${stringEnd}`];
		case 'osc99':
			return kittyNotification({title, body});
		default:
			return way satisfies never;
	}
};

/**
 * Notifies the person. Within tmux and screen the terminal around them is told, and the bell rings as well: it marks their
 * window, also where they hand nothing on.
 * @param text untrusted; what a terminal could take for something else is taken out
 * @param isAscii the terminal may not read UTF-8
 */
export const notificationSequence = (
	way: NotificationWay,
	text: NotificationText,
	{environment, isAscii}: {readonly environment: Environment; readonly isAscii: boolean},
): OscSequence => {
	if (way === 'bell') return bell as OscSequence;
	const plain = {title: oscText(text.title, isAscii), body: oscText(text.body, isAscii)};
	const wrapped = sequencesOf(way, plain).map(sequence => forOuter(sequence, environment));
	return `${wrapped.join('')}${isMultiplexed(environment) ? bell : ''}` as OscSequence;
};

/** By the name that a terminal gives itself, or that its environment gives it. */
const waysByName: readonly (readonly [RegExp, NotificationWay])[] = [
	[/kitty/i, 'osc99'],
	[/ghostty|wezterm|foot|contour|rxvt|konsole/i, 'osc777'],
	[/iterm|warp|rio\b/i, 'osc9'],
	[/apple_terminal|vscode|alacritty|vte|windows terminal|xterm\(|mlterm/i, 'bell'],
];

/** What programs leave in the environment, also through tmux. */
const outerName = (environment: Environment): string => {
	const {KITTY_WINDOW_ID, GHOSTTY_RESOURCES_DIR, WEZTERM_PANE, ITERM_SESSION_ID, KONSOLE_VERSION} = environment;
	if (KITTY_WINDOW_ID !== undefined) return 'kitty';
	if (GHOSTTY_RESOURCES_DIR !== undefined) return 'ghostty';
	if (WEZTERM_PANE !== undefined) return 'wezterm';
	if (ITERM_SESSION_ID !== undefined) return 'iterm';
	return KONSOLE_VERSION === undefined ? (environment['LC_TERMINAL'] ?? '') : 'konsole';
};

/**
 * @param name what the terminal calls itself (XTVERSION)
 * @returns how this terminal notifies; the bell where nobody knows better. Through tmux and screen OSC 9 is what most terminals
 * understand, and the others drop it.
 */
export const notificationWay = (environment: Environment, name: string | undefined): NotificationWay => {
	const {TERM_PROGRAM = '', TERM = ''} = environment;
	const isInside = isMultiplexed(environment);
	const names = isInside ? [outerName(environment)] : [name ?? '', TERM_PROGRAM, TERM, outerName(environment)];
	for (const each of names) {
		const found = waysByName.find(([pattern]) => pattern.test(each));
		if (found !== undefined) return found[1];
	}
	return isInside ? 'osc9' : 'bell';
};
