/** A question in the status line, before something that is not easily taken back: one key answers it, whatever else drops it. */
import {literal, safeText} from '../text/safe-text.ts';
import {boldSpan, cutLine, joinParts, lineWidth, span, type ScreenLine} from './screen-line.ts';

/** One way to answer. */
export type Answer = {
	/** One letter in lower case, or a key as the input decoder names it. */
	readonly key: string;
	/** What the key does, as a verb: `leaves`. */
	readonly label: string;
	readonly run: () => void;
};

/** What is asked; its text may hold names from the network. */
export type Question = {
	/** `Leave Ops?` */
	readonly text: string;
	/** Most important first. */
	readonly answers: readonly Answer[];
};

/** @returns the question whose one answer is `y`. @param label what `y` does, as a verb: `leaves` */
export const yesQuestion = (text: string, label: string, run: () => void): Question => ({
	text,
	answers: [{key: 'y', label, run}],
});

/** Holds the question that is open. @param onChange it was asked; or answered, or dropped */
export const createQuestionHolder = (onChange: (isAsked: boolean) => void) => {
	let open: Question | undefined;
	return {
		current: (): Question | undefined => open,
		/** A new question takes the place of one that is open. */
		ask(question: Question): void {
			open = question;
			onChange(true);
		},
		/** @param key `undefined` for what is no key, such as a paste. @returns what became of the question that was open */
		answer(key: string | undefined): 'answered' | 'dropped' | undefined {
			if (open === undefined) return undefined;
			const answer = open.answers.find(each => each.key === key?.toLowerCase());
			open = undefined;
			onChange(false);
			answer?.run();
			return answer === undefined ? 'dropped' : 'answered';
		},
	};
};

/** The answers are always seen; the text gives way, as the person knows what they asked for. @param width cells */
export const questionLine = ({text, answers}: Question, width: number): ScreenLine => {
	const others = answers.length === 1 ? literal`any other key does not` : literal`any other key does nothing`;
	const short = joinParts(
		answers.map(({key, label}) => [
			boldSpan(safeText(key, 'name'), 'accent'),
			span(literal` ${safeText(label, 'name')}`, 'warning'),
		]),
	);
	const long = [...short, span(literal`, ${others}`, 'muted')];
	const question = [boldSpan(literal` ${safeText(text, 'name')} `, 'warning')];
	const right = lineWidth(question) + lineWidth(long) <= width ? long : short;
	return cutLine([...cutLine(question, Math.max(0, width - lineWidth(right))), ...right], width);
};
