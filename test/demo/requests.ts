/** Requests as data, to be made at any homeserver: what is known by then stands in braces, as in `rooms/{room}/state`. */
import type {JsonObject} from '../../source/domain/json.ts';

/** What is known of a server so far: ids and tokens by name. */
export type Names = ReadonlyMap<string, string>;

export type Ask = {
	/** Whose access token it has; none without. */
	readonly as: string | undefined;
	/** Method and path: below `/_matrix/client/v3/`, or from the root where it begins with a slash. */
	readonly ask: string;
	/** A text is sent as it is. */
	readonly body?: JsonObject | string | ((names: Names) => JsonObject) | undefined;
	/** Parts of the answer that get a name: by name, the way to it, such as `rooms/join/{room}/timeline/prev_batch`. */
	readonly keep?: Readonly<Record<string, string>>;
	/** Where the demo need not answer as Synapse does, and why: by the beginning of the way in the answer, all of it for ''. */
	readonly differs?: Readonly<Record<string, string>>;
	/** Asks again until the answer is so: for what a server does when it finds time. */
	readonly until?: (answer: JsonObject) => boolean;
};

type More = Pick<Ask, 'keep' | 'until' | 'differs'>;

/** @returns how to write down what this person asks. */
export const by =
	(person: string | undefined) =>
	(ask: string, body?: Ask['body'], more: More = {}): Ask => ({as: person, ask, body, ...more});

/** A talk of these people with a server. */
export type Conversation = {
	readonly title: string;
	/** Each is registered; `{anna}` is the user id, `{anna.name}` its localpart, `{anna.device}` her first device. */
	readonly people: readonly string[];
	readonly asks: readonly Ask[];
};

/** The password of everybody. */
export const password = 'password of all';

/** The authentication of a person who is asked for the password. */
export const passwordOf = (person: string): JsonObject => ({
	type: 'm.login.password',
	identifier: {type: 'm.id.user', user: `{${person}}`},
	password,
});

export const text = (body: string, more: JsonObject = {}): JsonObject => ({msgtype: 'm.text', body, ...more});
