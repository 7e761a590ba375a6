/** People live: they read, type, answer and react when you write; bridges tell what became of your message. */
import {asArray, asObject, asString} from '../../domain/json.ts';
import {relationOf} from '../homeserver/events.ts';
import {membersOf, membershipOf, type Happening, type Room, type StoredEvent} from '../homeserver/world.ts';
import {createAnswerBook, type AnswerBook} from './answer-book.ts';
import {tryToPerform, type Deed} from './perform.ts';
import {createChoices, type Choices} from './random.ts';
import type {Scheduler} from './scheduler.ts';
import {createSignIn, type SignIn} from './sign-in.ts';
import type {Stage, StagePerson, StagePortal} from './stage.ts';
import type {StepOf} from './steps.ts';

/** Milliseconds after your message. */
const delays = {bridged: 350, delivered: 800, failed: 900, read: 700, reaction: 1100, typing: 1000} as const;
/** Milliseconds that somebody types. */
const shortestTyping = 1000;
const typingSpread = 1000;
/** Milliseconds until what was wrong is put right. */
const editDelay = 2500;

type Life = {
	readonly stage: Stage;
	readonly scheduler: Scheduler;
	readonly book: AnswerBook;
	readonly choices: Choices;
	readonly signIn: SignIn;
	/** Keys, by room id. */
	readonly keys: Map<string, string>;
	/** Ids of rooms where somebody is about to answer. */
	readonly answering: Set<string>;
	/** How many answers a room has seen. */
	readonly turns: Map<string, number>;
};

const keyOf = ({keys, stage}: Life, room: Room): string => {
	const key = keys.get(room.id) ?? room.id;
	keys.set(room.id, key);
	stage.rooms.set(key, room);
	return key;
};

/** Whom a message is for: who is named, who is replied to, or whoever's turn it is. */
const responderTo = ({stage, turns}: Life, event: StoredEvent): StagePerson | undefined => {
	const {room, content} = event;
	const present = membersOf(room, 'join').flatMap(({stateKey = ''}) => stage.cast.get(stateKey) ?? []);
	const bot = stage.portals.get(room.id)?.bot;
	const able = present.filter(({answers, userId}) => answers.length > 0 && userId !== bot);
	const text = (asString(content['body']) ?? '').toLowerCase();
	const {replyTo} = relationOf(event);
	const replied = stage.world.events.get(replyTo ?? '')?.sender;
	const mentioned = asArray(asObject(content['m.mentions'])['user_ids']);
	const named = able.find(
		({userId, firstName}) => mentioned.includes(userId) || text.includes(firstName.toLowerCase()),
	);
	const turn = turns.get(room.id) ?? 0;
	turns.set(room.id, turn + 1);
	return named ?? able.find(({userId}) => userId === replied) ?? able[turn % able.length];
};

/** @returns what a bridge says anew of a room whose request you have answered: that it is none any more. */
const acceptance = (room: Room): ReadonlyArray<StepOf<'state'>> =>
	['m.bridge', 'uk.half-shot.bridge'].flatMap(state =>
		[...(room.state.get(state)?.values() ?? [])].flatMap(({stateKey: key = '', content}) => {
			const {'com.beeper.message_request': isRequest, ...channel} = asObject(content['channel']);
			return isRequest === true ? [{state, key, content: {...content, channel}}] : [];
		}),
	);

/** @returns whether the message came through. */
const bridge = (life: Life, {event, key}: {event: StoredEvent; key: string}, portal: StagePortal): boolean => {
	const {stage, scheduler} = life;
	const {failure, login, hasStatus, hasDelivery, bot} = portal;
	const of = event.eventId;
	const later = (delay: number, deed: Deed): void =>
		scheduler.after(delay, () => tryToPerform(stage, {...deed, in: key}));
	const from = stage.cast.get(bot)?.key ?? '';
	// As bridgev2 has it for a login that is out.
	const out = {by: hasStatus ? 'status' : 'notice', message: "you're not logged in"} as const;
	const why = login?.isOut === true ? out : failure;
	if (why !== undefined) {
		const {by, message} = why;
		const [status, reason] =
			why === out
				? (['FAIL_RETRIABLE', 'm.event_not_handled'] as const)
				: (['FAIL_PERMANENT', 'm.no_permission'] as const);
		if (by === 'status') later(delays.failed, {status, of, reason, message});
		else later(delays.failed, {notice: `⚠️ Your message was not bridged: ${message}`, replyTo: of, from});
		return false;
	}
	for (const said of acceptance(event.room)) later(delays.bridged, {...said, from});
	if (hasStatus) later(delays.bridged, {status: 'SUCCESS', of, ...(hasDelivery ? {deliveredTo: []} : {})});
	if (hasDelivery) {
		const others = membersOf(event.room, 'join').flatMap(({stateKey = ''}) => stage.cast.get(stateKey) ?? []);
		const deliveredTo = others.filter(({userId, isYou}) => userId !== bot && !isYou).map(each => each.key);
		later(delays.delivered, {status: 'SUCCESS', of, deliveredTo});
	}
	return true;
};

const answer = (life: Life, {event, key}: {event: StoredEvent; key: string}): void => {
	const {stage, scheduler, book, choices, answering} = life;
	const person = responderTo(life, event);
	if (person === undefined || answering.has(event.room.id)) return;
	const found = book.next(person.userId, asString(event.content['body']) ?? '');
	if (found === undefined) return;
	answering.add(event.room.id);
	const {key: from, hasReceipts} = person;
	const later = (delay: number, deed: Deed): void =>
		scheduler.after(delay, () => tryToPerform(stage, {...deed, in: key, from}));
	const {type: relation, eventId: root} = relationOf(event);
	const thread = relation === 'm.thread' && root !== undefined ? {thread: root} : {};
	const typing = shortestTyping + choices.below(typingSpread);
	const end = delays.typing + typing;
	if (hasReceipts) later(delays.read, {read: event.eventId});
	if (found.react !== undefined) later(delays.reaction, {react: found.react, to: event.eventId});
	const {say, edited} = found;
	if (say === undefined) return scheduler.after(end, () => answering.delete(event.room.id));
	if (hasReceipts) later(delays.typing, {type: typing + 500});
	scheduler.after(end, () => {
		answering.delete(event.room.id);
		if (hasReceipts) tryToPerform(stage, {type: 0, in: key, from});
		const as = `answer to ${event.eventId}`;
		tryToPerform(stage, {say, in: key, from, ...(edited === undefined ? {} : {as}), ...thread});
		if (edited !== undefined)
			scheduler.after(editDelay, () => {
				tryToPerform(stage, {say: edited, edit: as, in: key, from});
				stage.named.delete(`${key} ${as}`);
			});
	});
};

/** Whoever is invited by you comes; whoever invited you is glad that you came. */
const welcome = (life: Life, {room, sender, stateKey = '', content}: StoredEvent): void => {
	const {stage, scheduler} = life;
	const guest = stage.cast.get(stateKey);
	const key = keyOf(life, room);
	const joinDelay = 1500;
	if (content['membership'] === 'invite' && sender === stage.you.id && guest !== undefined)
		scheduler.after(joinDelay, () => tryToPerform(stage, {join: true, in: key, from: guest.key}));
	const greeting = stage.greetings.get(room.id);
	if (content['membership'] === 'join' && stateKey === stage.you.id && greeting !== undefined) {
		stage.greetings.delete(room.id);
		scheduler.after(joinDelay, () => tryToPerform(stage, {...greeting, in: key}));
	}
};

const isYourMessage = (happening: Happening, {you}: Stage): happening is Happening & {kind: 'event'} =>
	happening.kind === 'event' &&
	happening.event.sender === you.id &&
	happening.event.type === 'm.room.message' &&
	relationOf(happening.event).type !== 'm.replace';

/** From now on people answer you, until the scheduler stops. */
export const startAnswers = (stage: Stage, scheduler: Scheduler): void => {
	const life: Life = {
		stage,
		scheduler,
		book: createAnswerBook(userId => stage.cast.get(userId)?.answers ?? []),
		choices: createChoices(11),
		signIn: createSignIn(stage, scheduler),
		keys: new Map([...stage.rooms].map(([key, room]) => [room.id, key])),
		answering: new Set(),
		turns: new Map(),
	};
	stage.world.listeners.add(happening => {
		if (happening.kind !== 'event') return;
		const {event} = happening;
		if (event.type === 'm.room.member') return welcome(life, event);
		if (!isYourMessage(happening, stage) || membershipOf(event.room, stage.you.id) !== 'join') return;
		const key = keyOf(life, event.room);
		if (life.signIn.hear(event, key)) return;
		const portal = stage.portals.get(event.room.id);
		if (portal === undefined || bridge(life, {event, key}, portal)) answer(life, {event, key});
	});
};
