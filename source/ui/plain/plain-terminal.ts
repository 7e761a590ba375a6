/** What stands for the terminal where nothing is drawn: there are lines, but no cells, keys and modes. */
import {unknownCapabilities} from '../../terminal/terminal-probe.ts';
import type {ControllerTerminal} from '../screen-terminal.ts';

/** Room for what the model lays out; nobody sees it. */
const size = {columns: 120, rows: 40};

const nothing = (): undefined => undefined;

/** @returns a terminal that takes everything and answers nothing. */
export const createPlainTerminal = (): ControllerTerminal => ({
	output: {stream: size, tell: nothing, isSlow: () => false},
	modes: {setMouse: nothing, acceptReply: nothing},
	input: {subscribe: () => nothing, start: nothing},
	probe: {query: () => '', accept: () => false, capabilities: () => unknownCapabilities, isWaiting: () => false},
	characters: 'ascii',
	isLinear: true,
});
