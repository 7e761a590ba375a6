/** What the terminal can do, as far as it says so itself: asked at once, with a question behind that every terminal answers. */
import {backgroundOf, backgroundQuery, type Background} from './terminal-background.ts';

/** What a terminal said of itself. What it did not say is `false` or `undefined`: mx works without. */
export type TerminalCapabilities = {
	/** Everything was answered that will be. */
	readonly isComplete: boolean;
	/** Name and version as the terminal gives them (XTVERSION), printable ASCII. */
	readonly name: string | undefined;
	/** Kitty keyboard protocol: Shift-Enter and Esc are keys of their own. */
	readonly hasKittyKeyboard: boolean;
	/** Mode 2026: a frame is shown as a whole. */
	readonly hasSynchronizedOutput: boolean;
	/** Mode 2027: a family of emoji is as wide as one of them. */
	readonly hasGraphemeClusters: boolean;
	/** Kitty graphics protocol. */
	readonly hasKittyGraphics: boolean;
	readonly hasSixel: boolean;
	/** Pixels of a cell. */
	readonly cell: {readonly width: number; readonly height: number} | undefined;
	readonly background: Background | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

export type TerminalProbe = {
	/** @returns the questions, for `TerminalModes`; what was answered before is forgotten when the first answer comes. */
	readonly query: () => string;
	/** @param reply a `reply` event of the input @returns whether something is known now that was not */
	readonly accept: (reply: string) => boolean;
	readonly capabilities: () => TerminalCapabilities;
	/** Answers are under way, or the terminal is one that gives none. */
	readonly isWaiting: () => boolean;
};

/** Nothing is known of the terminal. */
export const unknownCapabilities: TerminalCapabilities = {
	isComplete: false,
	name: undefined,
	hasKittyKeyboard: false,
	hasSynchronizedOutput: false,
	hasGraphemeClusters: false,
	hasKittyGraphics: false,
	hasSixel: false,
	cell: undefined,
	background: undefined,
};

/** Primary device attributes (DA1): every terminal answers it, and in order, so its answer is the last. */
const sentinel = '\u001B[c';
/** Name and version (XTVERSION). */
const nameQuery = '\u001B[>q';
/** State of the modes for synchronized output and grapheme clusters (DECRQM). */
const modeQuery = '\u001B[?2026$p\u001B[?2027$p';
/** Size of a cell in pixels (XTWINOPS 16). */
const cellQuery = '\u001B[16t';
/** May a picture of one pixel be sent (kitty graphics protocol, "Querying support")? Nothing is drawn. */
const graphicsQuery = '\u001B_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u001B\\';

/** Milliseconds after which a terminal that has said nothing is not waited for. */
const patience = 3000;

/** @returns whether output goes through tmux or GNU screen, which answer for themselves. */
export const isMultiplexed = ({TMUX, STY, TERM}: Environment): boolean =>
	(TMUX ?? '') !== '' || (STY ?? '') !== '' || /^(?:tmux|screen)\b/.test(TERM ?? '');

/** @returns what this terminal may be asked: some print what they do not know, or take it for a title. */
const questionsFor = (environment: Environment): string => {
	const {TERM = '', TERM_PROGRAM} = environment;
	if (TERM === '' || TERM === 'dumb') return '';
	// The console of Linux prints what it does not know.
	if (TERM === 'linux') return sentinel;
	// Terminal.app prints the last letter of a question for a mode.
	const modes = TERM_PROGRAM === 'Apple_Terminal' ? '' : modeQuery;
	// tmux and screen take an application command for a title.
	const graphics = isMultiplexed(environment) ? '' : graphicsQuery;
	return backgroundQuery + nameQuery + modes + cellQuery + graphics + sentinel;
};

/** What one answer says; `undefined`: it is about something else. */
const readAnswer = (reply: string, isInMultiplexer: boolean): Partial<TerminalCapabilities> | undefined => {
	const attributes = /^\u001B\[\?([\d;]+)c$/.exec(reply)?.[1];
	if (attributes !== undefined) return {isComplete: true, hasSixel: attributes.split(';').slice(1).includes('4')};
	const name = /^\u001BP>\|([^\u0007\u001B]*)/.exec(reply)?.[1]?.replaceAll(/[^ -~]/g, '');
	if (name !== undefined) return {name: name.slice(0, 80)};
	const mode = /^\u001B\[\?(2026|2027);([1-3])\$y$/.exec(reply)?.[1];
	if (mode !== undefined) return mode === '2026' ? {hasSynchronizedOutput: true} : {hasGraphemeClusters: true};
	const [, height, width] = /^\u001B\[6;(\d{1,4});(\d{1,4})t$/.exec(reply) ?? [];
	if (height !== undefined && Number(height) > 0 && Number(width) > 0)
		return {cell: {width: Number(width), height: Number(height)}};
	if (/^\u001B_Gi=31;OK\b/.test(reply)) return {hasKittyGraphics: true};
	if (/^\u001B\[\?\d+u$/.test(reply)) return {hasKittyKeyboard: true};
	const background = backgroundOf(reply, isInMultiplexer);
	return background === undefined ? undefined : {background};
};

/** @param now milliseconds, for how long is waited @default performance.now */
export const createTerminalProbe = (
	environment: Environment,
	now: () => number = () => performance.now(),
): TerminalProbe => {
	const isInMultiplexer = isMultiplexed(environment);
	let known = unknownCapabilities;
	/** When was asked what is not answered yet. */
	let askedAt: number | undefined;
	/** Another terminal may answer now: tmux was attached elsewhere while mx was stopped. */
	let isFresh = false;
	return {
		query() {
			const questions = questionsFor(environment);
			askedAt = questions === '' ? undefined : now();
			isFresh = true;
			return questions;
		},
		accept(reply) {
			const answer = readAnswer(reply, isInMultiplexer);
			if (answer === undefined) return false;
			const before = known;
			known = {...(isFresh ? unknownCapabilities : known), ...answer};
			isFresh = false;
			if (answer.isComplete === true) askedAt = undefined;
			return JSON.stringify(before) !== JSON.stringify(known);
		},
		capabilities: () => known,
		isWaiting: () => askedAt !== undefined && now() - askedAt < patience,
	};
};
