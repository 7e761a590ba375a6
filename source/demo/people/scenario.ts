/** `mx demo --script FILE`: steps from a file, checked against the people and rooms of the demo, and played one after the other. */
import {ExpectedError} from '../../domain/errors.ts';
import {isObject, parseJson, type JsonObject} from '../../domain/json.ts';
import {addEvent} from '../homeserver/events.ts';
import type {Happening} from '../homeserver/world.ts';
import {consoleKey} from './build-rooms.ts';
import {networks} from './networks.ts';
import {isDeed, perform} from './perform.ts';
import type {Scheduler} from './scheduler.ts';
import type {Stage} from './stage.ts';
import {
	awaitedDeeds,
	messageStatuses,
	verbsAmong,
	vocabulary,
	type FieldKind,
	type FieldValues,
	type Step,
	type StepOf,
	type Verb,
} from './steps.ts';

const usage = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

/** What steps can name. */
type Names = {
	readonly people: ReadonlySet<string>;
	readonly rooms: ReadonlySet<string>;
	/** `ROOM NAME`; grows with the steps. */
	readonly messages: Set<string>;
};

const namesOf = (): Names => {
	const people = networks.flatMap(({bridge, people: all}) => [
		...Object.keys(all),
		...(bridge === undefined ? [] : [bridge.bot.localpart]),
	]);
	const rooms = networks.flatMap(({bridge, rooms: all}) => [
		...Object.keys(all),
		...(bridge === undefined ? [] : [consoleKey(bridge)]),
	]);
	const messages = networks.flatMap(({rooms: all}) =>
		Object.entries(all).flatMap(([room, {history}]) =>
			history.flatMap(step => ('as' in step && step.as !== undefined ? [`${room} ${step.as}`] : [])),
		),
	);
	return {people: new Set(['you', ...people]), rooms: new Set(['guide', ...rooms]), messages: new Set(messages)};
};

const list = (names: Iterable<string>): string => [...names].join(', ');

/** What a field may hold: a test, and the words for what is allowed. */
type Check = {readonly isRight: (value: unknown) => boolean; readonly allowed: string};

const isString = (value: unknown): value is string => typeof value === 'string';

const checkOf = (kind: keyof FieldValues, {people, rooms, messages}: Names, room: string): Check => {
	const checks: {readonly [Kind in keyof FieldValues]: () => Check} = {
		text: () => ({isRight: isString, allowed: 'a text'}),
		number: () => ({
			isRight: value => typeof value === 'number' && Number.isFinite(value) && value >= 0,
			allowed: 'a number from 0 on',
		}),
		switch: () => ({isRight: value => value === true, allowed: 'true'}),
		person: () => ({isRight: value => isString(value) && people.has(value), allowed: `one of ${list(people)}`}),
		people: () => ({
			isRight: value => Array.isArray(value) && value.every(each => isString(each) && people.has(each)),
			allowed: `a list of some of ${list(people)}`,
		}),
		room: () => ({isRight: value => isString(value) && rooms.has(value), allowed: `one of ${list(rooms)}`}),
		message: () => {
			const here = [...messages].filter(name => name.startsWith(`${room} `)).map(name => name.slice(room.length + 1));
			return {
				isRight: value => isString(value) && (value === 'newest' || here.includes(value)),
				allowed: `the name of a message in "${room}": ${list(['newest', ...here])}`,
			};
		},
		object: () => ({isRight: isObject, allowed: 'an object'}),
		status: () => ({
			isRight: value => messageStatuses.some(each => each === value),
			allowed: `one of ${list(messageStatuses)}`,
		}),
		deed: () => ({
			isRight: value => awaitedDeeds.some(each => each === value),
			allowed: `one of ${list(awaitedDeeds)}`,
		}),
		// Only of histories: see `parseStep`.
		ago: () => ({isRight: () => false, allowed: 'left out'}),
	};
	return checks[kind]();
};

/** Where and by whom: told by all but a wait. What became of a message is told by the bot of the room. */
const sceneFields = (verb: Verb): Readonly<Record<string, FieldKind>> => {
	if (verb === 'wait') return {};
	if (verb === 'until') return {in: 'room'};
	return {in: 'room', from: verb === 'status' ? 'person?' : 'person'};
};

const parseStep = (value: unknown, place: string, names: Names): Step => {
	if (!isObject(value))
		throw usage(`${place} is no object.`, 'Write it such as {"say": "hello", "in": "anna", "from": "anna"}.');
	const found = verbsAmong(value);
	const [verb] = found;
	if (verb === undefined || found.length > 1)
		throw usage(
			verb === undefined ? `${place} does nothing that is known.` : `${place} does two things: ${list(found)}.`,
			`Give it one of ${list(Object.keys(vocabulary))}.`,
		);
	const fields: Readonly<Record<string, FieldKind>> = {
		...vocabulary[verb],
		...sceneFields(verb),
	};
	const room = isString(value['in']) ? value['in'] : '';
	const stranger = Object.keys(value).find(name => !(name in fields));
	if (stranger !== undefined)
		throw usage(
			`${place} (${verb}) has a field "${stranger}", which means nothing.`,
			`It can have ${list(Object.keys(fields))}.`,
		);
	// The room is looked at first: what else is wrong is told of that room.
	for (const [name, given] of Object.entries(fields).toSorted(([one]) => (one === 'in' ? -1 : 0))) {
		const isOptional = given.endsWith('?');
		const kind = given.replace('?', '') as keyof FieldValues;
		if (value[name] === undefined && isOptional) continue;
		const {isRight, allowed} = checkOf(kind, names, room);
		if (value[name] === undefined) throw usage(`${place} (${verb}) lacks "${name}".`, `It has to be ${allowed}.`);
		if (!isRight(value[name]))
			throw usage(
				`In ${place.toLowerCase()} (${verb}), "${name}" is ${JSON.stringify(value[name])}.`,
				`It has to be ${allowed}.`,
			);
	}
	if (isString(value['as'])) names.messages.add(`${room} ${value['as']}`);
	return value as JsonObject & Step;
};

/** @returns the steps of a file. @throws ExpectedError `usage`: which step is wrong, and what is allowed */
export const parseScenario = (text: string): readonly Step[] => {
	const value = parseJson(text);
	if (value === undefined) throw usage('The script is no JSON.', 'Check its brackets, quotes and commas.');
	if (!Array.isArray(value)) throw usage('The script is no list.', 'Begin it with [ and end it with ].');
	const names = namesOf();
	return value.map((step, index) => parseStep(step, `Step ${index + 1}`, names));
};

const isAwaited = (happening: Happening, {until, in: key}: StepOf<'until'>, {you, rooms}: Stage): boolean => {
	if (happening.kind !== 'event') return false;
	const {sender, room, type, content} = happening.event;
	if (sender !== you.id || room !== rooms.get(key ?? '')) return false;
	return until === 'write'
		? type === 'm.room.message' || type === 'm.room.encrypted'
		: type === 'm.room.member' && content['membership'] === 'join';
};

/** Calls once at the first happening that passes. */
const onceIt = ({world}: Stage, passes: (happening: Happening) => boolean, act: () => void): void => {
	const listen = (happening: Happening): void => {
		if (!passes(happening)) return;
		world.listeners.delete(listen);
		act();
	};
	world.listeners.add(listen);
};

/** Says in the guide's room where a script ended that the server would not let go on. */
const tellFailure = ({world, rooms}: Stage, index: number, error: unknown): void => {
	const room = rooms.get('guide');
	const sender = room?.timeline[0]?.sender;
	if (room === undefined || sender === undefined) return;
	const body = `The script stopped at step ${index + 1}: ${error instanceof Error ? error.message : String(error)}`;
	addEvent(world, room, {type: 'm.room.message', sender, content: {msgtype: 'm.notice', body}});
};

/** Plays the steps when you have connected: each when the one before is done. */
export const playScenario = (stage: Stage, steps: readonly Step[], scheduler: Scheduler): void => {
	const playFrom = (start: number): void => {
		for (const [offset, step] of steps.slice(start).entries()) {
			const index = start + offset;
			const goOn = (): void => playFrom(index + 1);
			if ('wait' in step) return scheduler.after(step.wait, goOn);
			if ('until' in step) return onceIt(stage, happening => isAwaited(happening, step, stage), goOn);
			try {
				if (isDeed(step)) perform(stage, step);
			} catch (error) {
				return tellFailure(stage, index, error);
			}
		}
	};
	onceIt(
		stage,
		happening => happening.kind === 'sync' && happening.device.user === stage.you,
		() => playFrom(0),
	);
};
