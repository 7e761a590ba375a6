/** What mx says in the status line: a sentence about the last key, and what stays until it is dismissed. */
import type {ThemeRole} from './screen-line.ts';
import type {Alert, StatusFacts} from './status-lines.ts';

/** Milliseconds that a sentence stays at least, whatever is typed. */
const sentenceTime = 2000;

type Sentence = NonNullable<StatusFacts['sentence']> & {
	readonly time: number;
	/** What is known of the connection next takes it away. */
	readonly isUntilNet: boolean;
};

/** @param now milliseconds since the Unix epoch */
export const createSayings = (now: () => number) => {
	let sentence: Sentence | undefined;
	let alert: Alert | undefined;
	return {
		facts: (): Pick<StatusFacts, 'sentence' | 'alert'> => ({sentence, alert}),
		say(text: string, role: ThemeRole, isUntilNet: boolean): void {
			sentence = {text, role, isUntilNet, time: now()};
		},
		warn(next: Alert): void {
			alert = next;
		},
		/** @returns whether that was what is warned of */
		retract(message: string): boolean {
			if (alert?.message !== message) return false;
			alert = undefined;
			return true;
		},
		/** What was said to an earlier key. */
		forget(): void {
			sentence = undefined;
		},
		hearOfNet(): void {
			if (sentence?.isUntilNet === true) sentence = undefined;
		},
		/** A key was pressed: what was said before it has been read. @returns whether it goes */
		fade(): boolean {
			if (sentence === undefined || now() - sentence.time < sentenceTime) return false;
			sentence = undefined;
			return true;
		},
		/** @returns whether there was something to dismiss */
		dismiss(): boolean {
			const hadSome = sentence !== undefined || alert !== undefined;
			sentence = undefined;
			alert = undefined;
			return hadSome;
		},
	};
};

export type Sayings = ReturnType<typeof createSayings>;
