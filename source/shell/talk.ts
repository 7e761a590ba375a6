/** What mx says on stderr: sentences, progress, failures. Everything is made safe for a terminal. */
import {reportOf, type ErrorReport} from '../domain/errors.ts';
import {safeText, type SafeText} from '../text/safe-text.ts';
import {wrapWords} from './wrap-words.ts';

/** The part of `process.stderr` that is needed. */
export type TalkStream = {
	readonly isTTY?: boolean;
	/** Of a terminal. */
	readonly columns?: number;
	readonly write: (text: string) => unknown;
};

/** The voice of a verb. */
export type Talk = {
	/** A sentence on a line of its own. Silent with --quiet. */
	readonly say: (sentence: string) => void;
	/** Replaces the last progress; on a terminal only. An empty text takes it away. */
	readonly progress: (text: string) => void;
	/** Says why it failed and what to do. Never silent. */
	readonly fail: (error: unknown) => void;
};

const eraseLine = '\r\u001B[K';

const lineOf = (text: string): SafeText => safeText(text, 'line');

const linesOf = ({message, next, candidates = []}: ErrorReport): readonly string[] => [
	`mx: ${lineOf(message)}`,
	...(next === undefined ? [] : [`    ${lineOf(next)}`]),
	...candidates.map(candidate => `    ${safeText(candidate, 'name')}`),
];

/** @returns the voice on this stream. */
export const createTalk = ({stream, isQuiet}: {readonly stream: TalkStream; readonly isQuiet: boolean}): Talk => {
	let hasProgress = false;
	const erase = (): void => {
		if (hasProgress) stream.write(eraseLine);
		hasProgress = false;
	};
	return {
		say(sentence) {
			if (isQuiet) return;
			erase();
			stream.write(`${wrapWords(lineOf(sentence), stream.isTTY === true ? stream.columns : undefined)}\n`);
		},
		progress(text) {
			if (isQuiet || stream.isTTY !== true) return;
			erase();
			if (text === '') return;
			stream.write(lineOf(text));
			hasProgress = true;
		},
		fail(error) {
			erase();
			const report = reportOf(error);
			stream.write(`${linesOf(report).join('\n')}\n`);
		},
	};
};
