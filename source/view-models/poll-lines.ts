/** A poll as it is shown: the question, and each answer with a bar of its votes. */
import type {Poll, PollVotes} from '../domain/poll.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {boldSpan, cutLine, span, type ScreenLine} from './screen-line.ts';
import {wrapLine} from './wrap-line.ts';

/** Cells of a full bar. */
const barWidth = 12;
const mostRows = 4;

const bar = (share: number): SafeText => {
	const cells = Math.round(share * barWidth);
	return '█'.repeat(share > 0 ? Math.max(1, cells) : 0).padEnd(barWidth, '░') as SafeText;
};

const footing = ({isDisclosed, mostChoices}: Poll, {voters, isEnded, own}: PollVotes): SafeText => {
	const people = voters === 1 ? literal`1 vote` : literal`${voters} votes`;
	if (isEnded) return literal`ended · ${people}`;
	const several = mostChoices > 1 ? literal`, up to ${mostChoices}` : literal``;
	const how = own.length === 0 ? literal`/vote 1 for the first${several}` : literal`you voted`;
	return isDisclosed ? literal`${people} · ${how}` : literal`${people} · ${how} · hidden till the end`;
};

/** @param width cells @returns at least two lines */
export const pollLines = (poll: Poll, votes: PollVotes, width: number): readonly ScreenLine[] => {
	const isSeen = poll.isDisclosed || votes.isEnded;
	const most = Math.max(...poll.answers.map(({id}) => votes.counts[id] ?? 0));
	const answers = poll.answers.flatMap(({id, text}, index) => {
		const isOwn = votes.own.includes(id);
		const count = votes.counts[id] ?? 0;
		const isWinner = votes.isEnded && count > 0 && count === most;
		const words = safeText(text, 'name', '(empty)');
		const name = isWinner ? boldSpan(words) : span(words);
		const mark = isOwn ? span(literal`● `, 'accent') : span(literal`○ `, 'muted');
		const line = [span(literal`${index + 1} `, 'muted'), mark, name];
		if (!isSeen) return wrapLine(line, width, mostRows);
		const share = votes.voters === 0 ? 0 : count / votes.voters;
		const result = [
			span(literal`    ${bar(share)} `, isOwn ? 'accent' : 'muted'),
			span(literal`${count}`, isOwn ? 'accent' : 'muted'),
		];
		return [...wrapLine(line, width, mostRows), cutLine(result, width)];
	});
	return [
		...wrapLine(
			[span(literal`poll  `, 'muted'), boldSpan(safeText(poll.question, 'name', '(no question)'))],
			width,
			mostRows,
		),
		...answers,
		...wrapLine([span(footing(poll, votes), 'muted')], width, 2),
	];
};
