/** How pictures are drawn in this terminal: kept by it, where it can do so with cells that stand for them, else as half blocks. */
import type {CharacterSet} from './character-set.ts';
import type {ColourLevel} from './colour-level.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `kitty`: Unicode placeholders of the kitty graphics protocol. */
export type PictureProtocol = 'kitty' | 'blocks';

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
