/** Events as a person writes them by hand: what cannot be sent is refused before it is kept. */
import {ExpectedError} from './errors.ts';
import type {JsonObject, JsonValue} from './json.ts';
import {isNestedDeeper} from './nesting.ts';

/** Longest type and state key, in bytes (client-server API §Size limits). */
const longestName = 255;

/** Types that mx makes itself, each with what to do instead. */
const owned: ReadonlyMap<string, string> = new Map([
	['m.room.encrypted', 'mx encrypts by itself where the room is encrypted: give the type of what is in it.'],
	['m.room.redaction', '/redact removes a message.'],
	['m.reaction', '/react reacts to a message.'],
]);

/** State that has a way of its own, since more than one event belongs to it. */
const ownedState: ReadonlyMap<string, string> = new Map([
	['m.room.encryption', '/room turns encryption on.'],
	['m.room.create', 'Nothing changes how a room was made.'],
]);

const refuse = (message: string, next?: string): never => {
	throw new ExpectedError({message, reason: 'refused', ...(next === undefined ? {} : {next})});
};

/** Whether a number is in it that is no whole one: homeservers refuse those (Matrix specification, appendices §Canonical JSON). */
const hasFraction = (value: JsonValue | undefined): boolean => {
	if (typeof value === 'number') return !Number.isSafeInteger(value);
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some(hasFraction);
};

const requireContent = (content: JsonObject): void => {
	if (isNestedDeeper(content)) refuse('The content is nested too deep.');
	if (hasFraction(content)) refuse('Numbers in events are whole ones.', 'Write others as text: "1.5".');
};

const requireType = (type: string): void => {
	if (type === '' || /[\s\p{Cc}]/u.test(type) || Buffer.byteLength(type) > longestName)
		refuse('A type is one word of at most 255 bytes, such as org.example.bell.');
};

/** @throws ExpectedError `refused` for an event that is not sent by hand */
export const requireRawEvent = (type: string, content: JsonObject): void => {
	requireType(type);
	const instead = owned.get(type);
	if (instead !== undefined) refuse(`Events of the type ${type} are not sent by hand.`, instead);
	requireContent(content);
};

/** @throws ExpectedError `refused` for a state event that is not set by hand */
export const requireRawState = (type: string, stateKey: string, content: JsonObject): void => {
	requireRawEvent(type, content);
	if (Buffer.byteLength(stateKey) > longestName) refuse('The key of a state event has at most 255 bytes.');
	const instead = ownedState.get(type);
	if (instead !== undefined) refuse(`State of the type ${type} is not set by hand.`, instead);
};
