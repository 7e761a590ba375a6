/** What people answer: each has some lines, one after the other, and some for words that they wait for. */
import type {Answer} from './cast.ts';

type SpokenAnswer = Exclude<Answer, string>;

export type AnswerBook = {
	/** @returns the next answer of the person to a text; `undefined` from somebody who never answers. @param userId of the person */
	readonly next: (userId: string, text: string) => SpokenAnswer | undefined;
};

const wordsOf = (text: string): ReadonlySet<string> =>
	new Set(
		text
			.toLowerCase()
			.split(/[^\p{L}\p{N}#♯-]+/u)
			.filter(word => word !== ''),
	);

const spoken = (answer: Answer): SpokenAnswer => (typeof answer === 'string' ? {say: answer} : answer);

/** @param answersOf the answers of a person, by user id */
export const createAnswerBook = (answersOf: (userId: string) => readonly Answer[]): AnswerBook => {
	const turns = new Map<string, number>();
	return {
		next(userId, text) {
			const answers = answersOf(userId).map(spoken);
			const words = wordsOf(text);
			const fitting = answers.find(({to = []}) => to.some(word => words.has(word.toLowerCase())));
			if (fitting !== undefined) return fitting;
			const others = answers.filter(({to}) => to === undefined);
			const turn = turns.get(userId) ?? 0;
			turns.set(userId, turn + 1);
			return others[turn % others.length];
		},
	};
};
