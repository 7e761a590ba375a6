/** What commands do with polls: vote, and end them. */
import {randomUUID} from 'node:crypto';
import type {PollActions} from '../commands/poll-actions.ts';
import type {JsonObject} from '../domain/json.ts';
import type {Message} from '../domain/message.ts';
import {endContent, pollOf, pollTypes, voteContent, type Poll, type PollVotes} from '../domain/poll.ts';
import {literal, safeText} from '../text/safe-text.ts';
import type {PanelRow} from '../view-models/panel.ts';
import {yesQuestion} from '../view-models/question.ts';
import {span} from '../view-models/screen-line.ts';
import {wrapLine} from '../view-models/wrap-line.ts';
import type {MessageActionOptions} from './message-actions.ts';
import {sayFailure} from './screen-port.ts';

/** A poll in the open room. */
type FoundPoll = {readonly message: Message; readonly poll: Poll; readonly votes: PollVotes; readonly roomId: string};

const mostRows = 4;

export const createPollActions = (
	options: Pick<MessageActionOptions, 'model' | 'session' | 'log' | 'userId' | 'reader'>,
): PollActions => {
	const {model, session, userId, reader} = options;

	const mayEnd = ({sender, rid}: Message): boolean => {
		const power = reader.details.power(rid);
		return sender === userId || power.of(userId) >= power.toAct('redact');
	};

	const asPoll = (message: Message | undefined): FoundPoll | undefined => {
		const roomId = message === undefined ? undefined : model.opened.roomOf(message.rid)?.roomId;
		if (message?.votes === undefined || message.redactedBy !== undefined || roomId === undefined) return undefined;
		const poll = pollOf(message.type, message.content);
		return poll === undefined ? undefined : {message, poll, votes: message.votes, roomId};
	};

	/** @returns the selected poll, else the newest that fits; or why there is none */
	const find = (fits: (message: Message) => boolean): FoundPoll | string => {
		const room = model.openedRoom();
		if (room?.membership !== 'join') return 'Open a room first.';
		const selected = model.timeline.selected();
		if (selected?.kind === 'message') return asPoll(selected.message) ?? 'This is no poll.';
		const isOpen = (message: Message): boolean => asPoll(message)?.votes.isEnded === false && fits(message);
		return asPoll(model.timeline.findMessage(isOpen)) ?? 'There is no open poll here.';
	};

	const send = async ({message, roomId}: FoundPoll, type: string, content: JsonObject): Promise<void> => {
		const request = {to: roomId, type, content, transactionKey: randomUUID(), isWaiting: false, timeout: 0};
		await session.send(request);
		model.refresh(new Set([message.rid]));
	};

	const voteFor = (found: FoundPoll, chosen: readonly string[]): void => {
		const {message, votes} = found;
		if (votes.isEnded) return model.say('The poll has ended.', 'warning');
		void sayFailure(options, async () => send(found, pollTypes.response, voteContent(message.eventId, chosen)));
	};

	const voteByNumbers = (found: FoundPoll, numbers: string): void => {
		const {poll} = found;
		const wanted = [...new Set(numbers.split(/[\s,]+/).filter(word => word !== ''))];
		const chosen = wanted.map(word => (/^\d{1,2}$/.test(word) ? poll.answers[Number(word) - 1]?.id : undefined));
		if (!chosen.every(id => id !== undefined))
			return model.say(`The answers have the numbers 1 to ${poll.answers.length}: /vote 1`, 'warning');
		if (chosen.length > poll.mostChoices)
			return model.say(`In this poll you can choose ${poll.mostChoices === 1 ? 'one' : poll.mostChoices}.`, 'warning');
		voteFor(found, chosen);
	};

	/** As it stands now, with votes that are on their way. */
	const again = (eventId: string): FoundPoll | undefined =>
		asPoll(model.timeline.findMessage(message => message.eventId === eventId));

	const rowsOf = (eventId: string): readonly PanelRow[] => {
		const found = again(eventId);
		return (found?.poll.answers ?? []).map(({id, text}) => ({
			key: id,
			lines: width => {
				const mark = found?.votes.own.includes(id) === true ? span(literal`● `, 'accent') : span(literal`○ `, 'muted');
				return wrapLine([mark, span(safeText(text, 'name', '(empty)'))], width, mostRows);
			},
		}));
	};

	const open = ({message: {eventId}, poll}: FoundPoll): void => {
		const isSingle = poll.mostChoices === 1;
		model.openPanel({
			scope: 'poll',
			place: 'over',
			title: literal`Vote: ${safeText(poll.question, 'name')}`,
			hint: isSingle ? literal`Enter votes` : literal`Enter chooses, up to ${poll.mostChoices} · Esc when done`,
			empty: () => literal`This poll is not here any more.`,
			rows: () => rowsOf(eventId),
			choose(id) {
				const found = again(eventId);
				if (isSingle) model.closePanel();
				if (found === undefined) return;
				const {own} = found.votes;
				const others = isSingle ? [] : own.filter(each => each !== id);
				if (!isSingle && !own.includes(id) && others.length >= poll.mostChoices)
					return model.say(`You can choose ${poll.mostChoices}: take one back first.`, 'warning');
				voteFor(found, own.includes(id) ? others : [...others, id]);
			},
		});
	};

	/** What is said to clients that know no polls. */
	const resultOf = ({poll, votes}: FoundPoll): string => {
		const most = Math.max(...poll.answers.map(({id}) => votes.counts[id] ?? 0));
		const winners = poll.answers.filter(({id}) => most > 0 && votes.counts[id] === most).map(({text}) => text);
		return winners.length === 0
			? 'The poll has ended without votes.'
			: `The poll has ended. Top answer: ${winners.join(', ')}`;
	};

	return {
		vote(numbers) {
			const found = find(() => true);
			if (typeof found === 'string') model.say(found, 'warning');
			else if (found.votes.isEnded) model.say('The poll has ended.', 'warning');
			else if (numbers === undefined) open(found);
			else voteByNumbers(found, numbers);
		},
		end() {
			const found = find(({sender}) => sender === userId);
			if (typeof found === 'string') return model.say(found, 'warning');
			if (found.votes.isEnded) return model.say('The poll has ended already.', 'warning');
			if (!mayEnd(found.message)) return model.say('Only who asked can end it, or who may remove messages.', 'warning');
			const question = `End the poll “${safeText(found.poll.question, 'name')}” for everybody?`;
			model.question.ask(
				yesQuestion(question, 'ends it', () => {
					const content = endContent(found.message.eventId, resultOf(again(found.message.eventId) ?? found));
					void sayFailure(options, async () => send(found, pollTypes.end, content));
				}),
			);
		},
	};
};
