/** What pictures need to know of the terminal and of the settings, as they are now. */
import type {Settings} from '../store/settings.ts';
import {isTmux} from '../terminal/osc.ts';
import {hasPictureCells, pixelProtocol, type PictureProtocol} from '../terminal/picture-protocol.ts';
import {isMultiplexed} from '../terminal/terminal-probe.ts';
import {askTmux} from '../terminal/tmux-terminal.ts';
import type {PictureActionOptions} from './picture-actions.ts';
import type {ControllerTerminal} from './screen-terminal.ts';

export type PicturePortOptions = {
	readonly terminal: ControllerTerminal;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** As they are now. */
	readonly settings: () => Partial<Settings>;
};

export type PicturePort = Pick<PictureActionOptions, 'keeper' | 'protocol' | 'cell' | 'when' | 'isSlow'> & {
	/** Asks tmux, if there is one, what the terminal around it can do. @returns when that is known */
	readonly learn: () => Promise<void>;
};

/** Pixels of a cell where the terminal does not say. */
const usualCell = {width: 10, height: 20};

export const createPicturePort = ({terminal, environment, settings}: PicturePortOptions): PicturePort => {
	const {output, probe} = terminal;
	/** Name of the terminal around tmux. */
	let outer: string | undefined;

	const protocol = (): PictureProtocol => {
		const {pictureProtocol: wanted = 'auto'} = settings();
		if (output.pictures === undefined || wanted === 'blocks') return 'blocks';
		const {name, hasKittyGraphics, hasSixel, cell} = probe.capabilities();
		const isInMultiplexer = isMultiplexed(environment);
		const isKept = isInMultiplexer ? hasPictureCells(outer) : hasKittyGraphics && hasPictureCells(name);
		if (wanted === 'kitty' || (wanted === 'auto' && isKept)) return 'kitty';
		// tmux and screen know nothing of pixels; and on a slow link a picture would hold up what is typed.
		if (isInMultiplexer || output.isSlow()) return 'blocks';
		const pixels = wanted === 'auto' ? pixelProtocol(name, hasSixel, environment) : wanted;
		// A sixel image is as large as its pixels: without the size of a cell it would cover others.
		return pixels === undefined || (pixels === 'sixel' && cell === undefined) ? 'blocks' : pixels;
	};

	return {
		keeper: output.pictures,
		protocol,
		cell: () => probe.capabilities().cell ?? usualCell,
		when: () => settings().pictures ?? 'auto',
		isSlow: output.isSlow,
		async learn() {
			if (output.pictures !== undefined && isTmux(environment)) outer = await askTmux(environment);
		},
	};
};
