/** How many colours the terminal shows: by the environment, and by the name that it gives itself. */

/** Colours: none, the 16 of the terminal's own palette, the xterm cube, or 24 bits. */
export type ColourLevel = 0 | 16 | 256 | '16m';

type Environment = Readonly<Record<string, string | undefined>>;

const forcedLevels: Readonly<Record<string, ColourLevel>> = {0: 0, false: 0, 1: 16, 2: 256, 3: '16m'};

/** Terminals that show 24 bits and say so only in TERM, as COLORTERM does not pass through SSH. */
const fullColourTerms =
	/^(?:xterm-)?(?:alacritty|foot|kitty|ghostty|wezterm|contour|rio|iterm2?|mlterm)\b|-direct\d*$|-truecolor$/;
const fullColourPrograms = new Set(['iTerm.app', 'WezTerm', 'ghostty', 'vscode', 'Hyper', 'rio', 'WarpTerminal']);
const sixteenColourTerms =
	/^(?:xterm|screen|tmux|rxvt|linux|cygwin|ansi|putty|vte|konsole|st|eterm|dtterm|nsterm|vt220|vt340)\b/i;

/** Names of XTVERSION of terminals that show 24 bits. */
const fullColourNames =
	/^(?:kitty|wezterm|ghostty|foot|contour|iterm2|alacritty|rio|mlterm|konsole|vte|mintty|warp|windows terminal)\b/i;

/** The environment does not pass through SSH as it is, but what the terminal itself says does. */
const levelOfName = (name: string | undefined): ColourLevel => {
	if (name === undefined) return 0;
	if (fullColourNames.test(name)) return '16m';
	// Both turn what they are given into what they have.
	return /^(?:xterm|tmux)\b/i.test(name) ? 256 : 0;
};

const order: readonly ColourLevel[] = [0, 16, 256, '16m'];

const higher = (one: ColourLevel, other: ColourLevel): ColourLevel =>
	order.indexOf(one) >= order.indexOf(other) ? one : other;

const levelOfTerm = (environment: Environment): ColourLevel => {
	const term = environment['TERM'] ?? '';
	if (term === 'dumb') return 0;
	if (/^(?:truecolor|24bit)$/i.test(environment['COLORTERM'] ?? '')) return '16m';
	if (environment['WT_SESSION'] !== undefined || fullColourPrograms.has(environment['TERM_PROGRAM'] ?? ''))
		return '16m';
	if (fullColourTerms.test(term)) return '16m';
	if (/-256(?:color)?$/.test(term) || environment['TERM_PROGRAM'] === 'Apple_Terminal') return 256;
	if (sixteenColourTerms.test(term) || /colou?r/i.test(term) || environment['COLORTERM'] !== undefined) return 16;
	return 0;
};

/**
 * NO_COLOR (no-color.org) beats FORCE_COLOR (force-color.org; 0 to 3, else at least 16 colours), which beats what TERM
 * and COLORTERM say.
 * @param isTerminal Whether the output is a terminal: a pipe gets no colour unless it is forced.
 * @param name What the terminal calls itself (XTVERSION), once it has answered; TERM=dumb and linux are believed.
 */
export const colourLevel = (environment: Environment, isTerminal: boolean, name?: string): ColourLevel => {
	if (environment['NO_COLOR']) return 0;
	const force = environment['FORCE_COLOR'];
	const isBelieved = /^(?:dumb|linux)$/.test(environment['TERM'] ?? '');
	const known = higher(levelOfTerm(environment), isBelieved ? 0 : levelOfName(name));
	if (force === undefined) return isTerminal ? known : 0;
	const forced = forcedLevels[force];
	if (forced !== undefined) return forced;
	const level = known;
	return level === 0 ? 16 : level;
};
