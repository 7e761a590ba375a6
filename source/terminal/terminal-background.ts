/** Whether the terminal is dark or light: by what it answers (OSC 11), else by what its environment says. */

export type Background = 'dark' | 'light';

/** Asks the terminal for its background colour (xterm ctlseqs, OSC 11). */
export const backgroundQuery = '\u001B]11;?\u001B\\';

const answer = /^\u001B\]11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i;

/** Share of full light: colours of one to four hexadecimal digits. */
const shareOf = (digits: string): number => Number.parseInt(digits, 16) / (16 ** digits.length - 1);

/**
 * @param reply a `reply` event of the input
 * @param isMultiplexed inside tmux or screen, which answer plain white where they do not know
 */
export const backgroundOf = (reply: string, isMultiplexed: boolean): Background | undefined => {
	const [, red, green, blue] = answer.exec(reply) ?? [];
	if (red === undefined || green === undefined || blue === undefined) return undefined;
	const light = 0.2126 * shareOf(red) + 0.7152 * shareOf(green) + 0.0722 * shareOf(blue);
	if (isMultiplexed && light === 1) return undefined;
	return light > 0.5 ? 'light' : 'dark';
};

/** COLORFGBG is `foreground;background` by numbers of the palette (rxvt, Konsole): 7 and 15 are light. */
export const backgroundFrom = (environment: Readonly<Record<string, string | undefined>>): Background => {
	const number = /;(\d+)$/.exec(environment['COLORFGBG'] ?? '')?.[1];
	return number === '7' || number === '15' ? 'light' : 'dark';
};
