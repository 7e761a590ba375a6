/** What is said to the bot of a bridge to get one answer. */
import {isRefusal} from '../../bridges/bot-words.ts';
import {parseBridgeReport} from '../../domain/bridge-health.ts';
import {ExpectedError} from '../../domain/errors.ts';
import {asString} from '../../domain/json.ts';
import type {Message} from '../../domain/message.ts';
import type {AccountReader} from '../../store/account-reader.ts';
import type {Bridge, BridgeRooms} from './rooms.ts';
import type {TalkReading} from './talk-reading.ts';

export const silentBot = ({bot}: Bridge): ExpectedError =>
	new ExpectedError({message: `${bot} does not answer.`, next: 'Is the bridge running?', reason: 'bridge'});

/** @returns what a message says, without a frame of spaces. */
export const textOf = ({content}: Message): string => asString(content['body'])?.trim() ?? '';

/** Says something to a bot. @returns its answer: what fits, or says that nothing came of it. @throws ExpectedError */
export type BotCommand = (bridge: Bridge, words: string, isAnswer: (message: Message) => boolean) => Promise<Message>;

/** Bots do not say to what they answer: each is told one thing after the other. */
export const createBotCommands = ({
	rooms,
	reader,
	reading,
}: {
	readonly reading: TalkReading;
	readonly rooms: Pick<BridgeRooms, 'consoleOf' | 'say' | 'since' | 'turn' | 'untilAnswer'>;
	readonly reader: Pick<AccountReader, 'message'>;
}): BotCommand => {
	/** By user id of the bot: fulfilled when it is free. */
	const queues = new Map<string, Promise<unknown>>();

	const command: BotCommand = async (bridge, words, isAnswer) => {
		const room = await rooms.consoleOf(bridge);
		await rooms.turn(room, bridge);
		const markRead = reading(room);
		const eventId = await rooms.say(room, bridge, words);
		const since = (): readonly Message[] => {
			const own = reader.message(room.rid, eventId);
			return own === undefined ? [] : rooms.since(room, own);
		};
		/** How a login is, bots say whenever they like. */
		const heard = (): readonly Message[] =>
			since().filter(({sender, content}) => sender === bridge.bot && parseBridgeReport(content) === undefined);
		const fits = (message: Message): boolean => isRefusal(textOf(message)) || isAnswer(message);
		const answer = await rooms.untilAnswer(() => heard().find(fits));
		markRead(since());
		if (answer !== undefined) return answer;
		const other = heard().at(-1);
		if (other === undefined) throw silentBot(bridge);
		throw new ExpectedError({
			message: textOf(other),
			next: `See what ${bridge.bot} says in its room.`,
			reason: 'bridge',
		});
	};

	return async (bridge, words, isAnswer) => {
		const before = queues.get(bridge.bot) ?? Promise.resolve();
		const answer = before.then(async () => command(bridge, words, isAnswer));
		queues.set(
			bridge.bot,
			answer.catch(() => undefined),
		);
		return answer;
	};
};
