/**
 * What people of the demo do, as JSON: one vocabulary for their history, their answers and the files of `mx demo --script`.
 * A step is named by one of its fields: `{say: 'hello', in: 'anna', from: 'anna'}` is a `say`.
 */
import type {JsonObject} from '../../domain/json.ts';

export const messageStatuses = ['SUCCESS', 'PENDING', 'FAIL_RETRIABLE', 'FAIL_PERMANENT'] as const;
export const awaitedDeeds = ['write', 'join'] as const;

/** What a field of a step holds. People, rooms and messages go by their keys in the data. */
export type FieldValues = {
	readonly text: string;
	readonly number: number;
	readonly switch: boolean;
	readonly person: string;
	readonly people: readonly string[];
	readonly room: string;
	/** The name that a step gave by `as`, `newest` for the newest message of the room, or an event id. */
	readonly message: string;
	readonly object: JsonObject;
	readonly status: (typeof messageStatuses)[number];
	readonly deed: (typeof awaitedDeeds)[number];
	/** How long before now, such as `5m` or `2d 3h`. */
	readonly ago: string;
};

/** With a question mark: may be left out. */
export type FieldKind = keyof FieldValues | `${keyof FieldValues}?`;

/** Of every step. In a history the room is clear, and every step but a wait is some time `ago`. */
export const commonFields = {in: 'room?', from: 'person?', ago: 'ago?'} as const;

const relationFields = {
	as: 'text?',
	replyTo: 'message?',
	/** The message that began the thread. */
	thread: 'message?',
} as const;

const messageFields = {
	...relationFields,
	/** The message that this one takes the place of. */
	edit: 'message?',
	mentions: 'people?',
	/** Whose words the sender brings (MSC4144): a webhook, or somebody without an account. */
	profile: 'text?',
	/** You wrote it on your phone, and the bridge brought it under your name. */
	phone: 'switch?',
	/** What else stands in the content. */
	more: 'object?',
} as const;

/** What steps there are, and the fields of each; the first names it, and is the name of no other field. */
export const vocabulary = {
	say: {say: 'text', ...messageFields},
	notice: {notice: 'text', ...messageFields},
	emote: {emote: 'text', ...messageFields},
	/** A picture that is drawn for it. */
	image: {image: 'text', width: 'number?', height: 'number?', caption: 'text?', phone: 'switch?', ...relationFields},
	file: {file: 'text', mimetype: 'text', text: 'text', ...relationFields},
	/** Seconds of a voice message; all of it is silence. */
	voice: {voice: 'number', ...relationFields},
	/** An event of any type. */
	event: {event: 'text', content: 'object', as: 'text?'},
	state: {state: 'text', key: 'text?', content: 'object'},
	react: {react: 'text', to: 'message'},
	redact: {redact: 'message', reason: 'text?'},
	read: {read: 'message'},
	/** Milliseconds; 0 stops. */
	type: {type: 'number'},
	invite: {invite: 'people'},
	join: {join: 'switch'},
	leave: {leave: 'switch'},
	/** What became of a message on the other network, by the bot. */
	status: {status: 'status', of: 'message', reason: 'text?', message: 'text?', deliveredTo: 'people?'},
	/** Milliseconds. */
	wait: {wait: 'number'},
	/** Waits until you do this in the room. */
	until: {until: 'deed'},
} as const satisfies Record<string, Record<string, FieldKind>>;

export type Verb = keyof typeof vocabulary;

type ValueOf<Kind> = Kind extends `${infer Name extends keyof FieldValues}?`
	? FieldValues[Name] | undefined
	: Kind extends keyof FieldValues
		? FieldValues[Kind]
		: never;

type Fields<Kinds> = {
	readonly [Name in keyof Kinds as Kinds[Name] extends `${string}?` ? never : Name]: ValueOf<Kinds[Name]>;
} & {readonly [Name in keyof Kinds as Kinds[Name] extends `${string}?` ? Name : never]?: ValueOf<Kinds[Name]>};

/** The step of that name. */
export type StepOf<Name extends Verb> = Fields<(typeof vocabulary)[Name]> & Fields<typeof commonFields>;

export type Step = {[Name in Verb]: StepOf<Name>}[Verb];

const verbs = new Set<string>(Object.keys(vocabulary));

/** @returns the names of steps among the fields: one, where the step is right. */
export const verbsAmong = (fields: object): readonly Verb[] =>
	Object.keys(fields).filter((name): name is Verb => verbs.has(name));
