/** A sign-in by talking to the bot of a bridge, in the room with it. */
import {answerField, flowField, readBotTalk} from '../../bridges/bot-words.ts';
import {ExpectedError} from '../../domain/errors.ts';
import type {Message} from '../../domain/message.ts';
import type {RoomRow} from '../../domain/room.ts';
import type {Bridge, BridgeRooms} from './rooms.ts';
import type {LoginSteps} from './login-steps.ts';
import type {TalkReading} from './talk-reading.ts';
import type {ChangeFeed} from '../change-feed.ts';

export type BridgeTalkOptions = {
	readonly rooms: BridgeRooms;
	readonly bridge: Bridge;
	readonly reading: TalkReading;
	readonly feed: Pick<ChangeFeed, 'subscribe'>;
	/** Removes what a message of the person said, for everybody. @throws ExpectedError where it is there still */
	readonly redact: (room: RoomRow, eventId: string) => Promise<void>;
};

/** Milliseconds that a bot has to say that what was given up is over: who gives it up may wait for that. */
const lastWordTime = 3000;

/** Begins to talk, and keeps `tell` up to date until it is stopped. @param command what is said first */
export const startBridgeTalk = async (
	{rooms, bridge, reading, feed, redact}: BridgeTalkOptions,
	command: string,
	tell: LoginSteps['tell'],
): Promise<Omit<LoginSteps, 'tell'>> => {
	const room = await rooms.consoleOf(bridge);
	await rooms.turn(room, bridge);
	const start: Message | undefined = rooms.end(room);
	const markRead = reading(room);
	/** Event ids of secrets that are in the room still. */
	const secrets = new Set<string>();
	/** Of secrets that are being sent or removed. */
	let pending = 0;
	const removals: Promise<void>[] = [];
	let warning: string | undefined;
	let isSecretAsked = false;
	/** Event id of what the person said last; `undefined` while it is on its way: nothing is an answer to it yet. */
	let lastSaid: string | undefined;
	let unsubscribe = (): void => undefined;
	let isStopped = false;

	const remove = async (eventId: string): Promise<void> => {
		pending += 1;
		try {
			await redact(room, eventId);
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			warning = `What you answered is still in the room with ${bridge.bot}: remove it there. ${why}`;
		}
		pending -= 1;
		if (!isStopped) look();
	};

	/** Bots remove what they need no longer, where they may; this leaves it to nobody. */
	const removeSecrets = (messages: readonly Message[]): void => {
		for (const eventId of secrets) {
			const at = messages.findIndex(message => message.eventId === eventId);
			const isHeard = at !== -1 && messages.slice(at + 1).some(({isMine}) => !isMine);
			if (!isHeard && !isStopped) continue;
			secrets.delete(eventId);
			if (messages[at]?.redactedBy === undefined) removals.push(remove(eventId));
		}
	};

	const look = (): void => {
		const messages = rooms.since(room, start);
		removeSecrets(messages);
		const isHere = messages.some(({eventId}) => eventId === lastSaid);
		const own = isHere ? messages.findLastIndex(({isMine}) => isMine) : messages.length;
		const talk = readBotTalk(
			messages.flatMap(({sender, content, redactedBy}, index) =>
				sender === bridge.bot ? [{content, isRedacted: redactedBy !== undefined, isAnswer: index > own}] : [],
			),
		);
		isSecretAsked = talk.fields.some(({isSecret}) => isSecret);
		// It is over when nothing secret is left.
		const outcome = pending === 0 ? talk.outcome : undefined;
		tell({...talk, outcome, warning});
		markRead(messages);
		if (outcome !== undefined) unsubscribe();
	};

	/** What the bot says to the end is read too, while somebody is there for it. */
	const hearOut = async (lastWord: string): Promise<void> => {
		await rooms.until(() => {
			const messages = rooms.since(room, start);
			const at = messages.findIndex(({eventId}) => eventId === lastWord);
			const isHeard = at !== -1 && messages.slice(at + 1).some(({isMine}) => !isMine);
			if (isHeard) markRead(messages);
			return isHeard || undefined;
		}, lastWordTime);
	};

	unsubscribe = feed.subscribe(notice => {
		if (notice.kind === 'changed' && (notice.rids === 'all' || notice.rids.includes(room.rid))) look();
	});
	try {
		lastSaid = await rooms.say(room, bridge, command);
	} catch (error) {
		unsubscribe();
		throw error;
	}
	look();
	return {
		async answer(answers) {
			const flow = answers[flowField];
			const isSecret = isSecretAsked;
			const body = flow === undefined ? (answers[answerField] ?? '') : `login ${flow}`;
			const before = lastSaid;
			pending += 1;
			lastSaid = undefined;
			try {
				lastSaid = await rooms.say(room, bridge, body);
				if (isSecret) secrets.add(lastSaid);
			} catch (error) {
				lastSaid = before;
				throw error;
			} finally {
				pending -= 1;
				look();
			}
		},
		async stop() {
			isStopped = true;
			unsubscribe();
			removeSecrets(rooms.since(room, start));
			const lastWord = await rooms.say(room, bridge, 'cancel');
			await Promise.all(removals);
			if (warning !== undefined) throw new ExpectedError({message: warning, reason: 'bridge'});
			await hearOut(lastWord);
		},
	};
};
