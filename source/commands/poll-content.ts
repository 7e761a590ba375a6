/** From what a person wrote behind `/poll` to the content of a poll (MSC3381). */
import type {JsonObject} from '../domain/json.ts';
import {mostAnswers, pollFallback, pollTypes} from '../domain/poll.ts';

const usage = 'Write /poll QUESTION | ANSWER | ANSWER, or each on a line of its own.';

/** Bars or line ends, whichever it was written with. */
const partsOf = (text: string): readonly string[] =>
	text
		.split(text.includes('|') ? '|' : '\n')
		.map(part => part.trim())
		.filter(part => part !== '');

/** @returns the content, with a text for clients that know no polls; or a sentence that says what is missing */
export const pollContent = (text: string): JsonObject | string => {
	const [question, ...texts] = partsOf(text);
	if (question === undefined || texts.length === 0) return usage;
	if (texts.length > mostAnswers) return `A poll has at most ${mostAnswers} answers.`;
	if (new Set(texts).size < texts.length) return 'Two answers of the poll are the same.';
	const answers = texts.map((answer, index) => ({id: String(index + 1), text: answer}));
	return {
		[pollTypes.start]: {
			question: {'org.matrix.msc1767.text': question, body: question, msgtype: 'm.text'},
			kind: 'org.matrix.msc3381.poll.disclosed',
			max_selections: 1,
			answers: answers.map(answer => ({id: answer.id, 'org.matrix.msc1767.text': answer.text})),
		},
		'org.matrix.msc1767.text': pollFallback({question, answers}),
		'm.mentions': {},
	};
};
