/** Questions to the person at the terminal, on stderr; secrets are read without echo. */
import {StringDecoder} from 'node:string_decoder';
import {ExpectedError} from '../domain/errors.ts';
import {interrupted} from '../domain/interruption.ts';
import {safeText} from '../text/safe-text.ts';
import {wrapWords} from './wrap-words.ts';

/** The part of `process.stdin` that is needed: a terminal. */
export type PromptInput = NodeJS.EventEmitter & {
	readonly setRawMode: (isRaw: boolean) => unknown;
	readonly resume: () => unknown;
	readonly pause: () => unknown;
};

/** What the questions are asked with. */
export type PromptOptions = {
	readonly input: PromptInput;
	readonly output: {readonly write: (text: string) => unknown; readonly columns?: number};
	readonly signal: AbortSignal;
};

/** Questions; each throws ExpectedError `interrupted` at Ctrl-C and `usage` at Ctrl-D. */
export type Prompts = {
	/** @returns the line, without blanks around it */
	readonly line: (question: string) => Promise<string>;
	/** Without echo. @returns the line as it was typed */
	readonly secret: (question: string) => Promise<string>;
	/** @returns whether the answer is y or yes */
	readonly confirm: (question: string) => Promise<boolean>;
	/** Shows lines on a screen of their own until Enter, and takes them away: nothing stays in the scrollback. */
	readonly show: (lines: readonly string[], question: string) => Promise<void>;
};

const enterScreen = '\u001B[?1049h\u001B[H\u001B[2J';
const leaveScreen = '\u001B[?1049l';
const eraseLine = '\r\u001B[K';

const noAnswer = (): ExpectedError =>
	new ExpectedError({message: 'There was no answer.', next: 'Run the command again.', reason: 'usage'});

/** A line that is being typed. */
type Line = {
	text: string;
	/** Shows what was added; nothing for a secret. */
	readonly echo: (text: string) => void;
	/** Shows the whole line anew: terminals differ in how wide a character is, so none is taken back by itself. */
	readonly redraw: () => void;
};

const setText = (line: Line, text: string): void => {
	line.text = text;
	line.redraw();
};

/** Without its last character, as a person counts them. */
const withoutLast = (text: string): string => {
	const last = [...new Intl.Segmenter().segment(text)].at(-1);
	return text.slice(0, last?.index ?? 0);
};

/** Arrows and function keys; they do nothing here. */
const escapeSequence = /^\u001B(?:\[[0-?]*[ -/]*[@-~]|O.|.)?/s;

/** Takes the first key of `typed`. @returns what is left, and whether the line is done. @throws at Ctrl-C and Ctrl-D */
const takeKey = (line: Line, typed: string): {readonly rest: string; readonly isDone: boolean} => {
	const key = String.fromCodePoint(typed.codePointAt(0) ?? 0);
	const rest = typed.slice(key.length);
	switch (key) {
		case '\r':
		case '\n':
			return {rest, isDone: true};
		case '\u0003':
			throw interrupted();
		case '\u0004':
			if (line.text === '') throw noAnswer();
			break;
		case '\u0008':
		case '\u007F':
			setText(line, withoutLast(line.text));
			break;
		case '\u0015':
			setText(line, '');
			break;
		case '\u001B':
			return {rest: typed.replace(escapeSequence, ''), isDone: false};
		default:
			if (/\p{Cc}/u.test(key)) break;
			line.text += key;
			line.echo(key);
	}
	return {rest, isDone: false};
};

/** @returns the questions of one terminal. What is typed ahead goes to the next question. */
export const createPrompts = ({input, output, signal}: PromptOptions): Prompts => {
	const decoder = new StringDecoder('utf8');
	let typed = '';

	/** @param ask writes the question, once nothing that is typed is echoed by the terminal any more */
	const readLine = async (line: Line, ask: () => void): Promise<string> =>
		new Promise((resolve, reject) => {
			const end = (settle: () => void): void => {
				input.off('data', onData);
				input.off('end', onEnd);
				signal.removeEventListener('abort', onAbort);
				input.setRawMode(false);
				input.pause();
				settle();
			};
			const takeKeys = (): void => {
				try {
					while (typed !== '') {
						const {rest, isDone} = takeKey(line, typed);
						typed = rest;
						if (isDone) return end(() => resolve(line.text));
					}
				} catch (error) {
					typed = '';
					end(() => reject(error));
				}
			};
			const onData = (chunk: Uint8Array | string): void => {
				typed += typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
				takeKeys();
			};
			const onEnd = (): void => end(() => reject(noAnswer()));
			const onAbort = (): void => end(() => reject(signal.reason));
			if (signal.aborted) return reject(signal.reason);
			input.setRawMode(true);
			ask();
			input.on('data', onData);
			input.on('end', onEnd);
			signal.addEventListener('abort', onAbort);
			input.resume();
			takeKeys();
		});

	const ask = async (question: string, isHidden: boolean): Promise<string> => {
		const shown = safeText(question, 'line');
		const write = (text: string): void => void (isHidden || output.write(text));
		const line: Line = {
			text: '',
			echo: write,
			redraw: () => write(`${eraseLine}${shown}${safeText(line.text, 'line')}`),
		};
		try {
			return await readLine(line, () => void output.write(shown));
		} finally {
			output.write('\n');
		}
	};

	return {
		line: async question => (await ask(question, false)).trim(),
		secret: async question => ask(question, true),
		confirm: async question => /^y(?:es)?$/i.test((await ask(`${question} [y/N] `, false)).trim()),
		async show(lines, question) {
			output.write(
				`${enterScreen}${lines.map(line => wrapWords(safeText(line, 'line'), output.columns)).join('\n')}\n\n`,
			);
			try {
				await ask(question, true);
			} finally {
				output.write(leaveScreen);
			}
		},
	};
};
