/** How pictures are drawn in this terminal: kept by it, where it can do so with cells that stand for them, else as half blocks. */
import type {CharacterSet} from './character-set.ts';
import type {ColourLevel} from './colour-level.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `kitty`: Unicode placeholders of the kitty graphics protocol. `iterm2`, `sixel`: pixels over cells. `blocks`: half blocks, two
 * pixels in a cell.
 */
export type PictureProtocol = 'kitty' | 'iterm2' | 'sixel' | 'blocks';

/** Inline images of iTerm2 are cells there: what is written into one erases its piece. */
const inlineNames = /^(?:iTerm2|WezTerm)\b/i;

/** Where text erases the sixels below it, tried or documented; elsewhere a picture might leave ruins. */
const sixelNames = /^(?:xterm|mlterm|foot|contour)\b/i;

/**
 * @param said name of XTVERSION; mlterm says its own only to the programs that it starts
 * @returns how pixels are drawn over cells there, `undefined` where that is not known to be safe
 */
export const pixelProtocol = (
	said: string | undefined,
	hasSixel: boolean,
	environment: Environment,
): 'iterm2' | 'sixel' | undefined => {
	const name = said ?? ((environment['MLTERM'] ?? '') === '' ? '' : 'mlterm');
	if (inlineNames.test(name)) return 'iterm2';
	return hasSixel && sixelNames.test(name) ? 'sixel' : undefined;
};

/**
 * Konsole and WezTerm speak the graphics protocol without the placeholders, and would draw strange letters; there is no
 * question for it. kitty has them from 0.28 on.
 * @param name of XTVERSION
 */
export const hasPictureCells = (name: string | undefined): boolean => {
	if (name === undefined) return false;
	const [, major = '0', minor = '0'] = /^kitty\((\d{1,4})\.(\d{1,4})/.exec(name) ?? [];
	return /^ghostty\b/i.test(name) || Number(major) > 0 || Number(minor) >= 28;
};

/** @returns why pictures cannot be drawn at all; `undefined` where they can */
export const whyNoPictures = (colours: ColourLevel, characters: CharacterSet): string | undefined => {
	if (colours === 0 || colours === 16)
		return 'This terminal has too few colours for pictures: o opens it in another program.';
	return characters === 'unicode' ? undefined : 'Pictures are not drawn in ASCII: o opens it in another program.';
};

/** @returns whether the person sits at another machine: what is drawn goes over a network. */
export const isRemote = (environment: Environment): boolean =>
	['SSH_CONNECTION', 'SSH_TTY', 'SSH_CLIENT'].some(name => (environment[name] ?? '') !== '');
