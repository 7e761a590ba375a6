/** What can be asked of an account about people on several networks: part of `Session`. */
import type {JsonObject} from './json.ts';

/** A chat with somebody, by which they can be one with somebody else. All strings but `protocol` are untrusted text. */
export type Contact = {
	readonly rid: number;
	readonly roomId: string;
	readonly userId: string;
	/** What the chat is called by itself, without what the owner calls the person. */
	readonly name: string;
	/** Id in the registry; `undefined` for Matrix. */
	readonly protocol: string | undefined;
	/** The bot of a bridge that is certain. */
	readonly bot: string | undefined;
	/** Row number of the person, where they are one already. */
	readonly person: number | undefined;
	/** What the owner calls that person. */
	readonly personName: string | undefined;
};

/** A person whom the owner has linked. */
export type KnownPerson = {
	readonly id: string;
	readonly name: string | undefined;
	readonly prefers: string | undefined;
	/** In the order in which they were linked; without a chat where there is none now. */
	readonly users: readonly {readonly userId: string; readonly chat: Contact | undefined}[];
};

/** Two chats that may be with one person, and what speaks for it. */
export type PersonSuggestion = {
	readonly first: Contact;
	readonly second: Contact;
	readonly reason: SuggestionReason;
};

/** A number or an address of both; or just the same name, which anybody can give themselves. Untrusted text. */
export type SuggestionReason = {readonly kind: 'number' | 'address' | 'name'; readonly value: string};

export type PeopleRequests = {
	/** The people that were linked. */
	persons(request: JsonObject): Promise<{readonly persons: readonly KnownPerson[]}>;
	/** Chats that may be with one person: never merged without a word. Asks the server for numbers and addresses of ghosts. */
	suggestPersons(request: JsonObject): Promise<{readonly suggestions: readonly PersonSuggestion[]}>;
	/**
	 * Links and unlinks people, on all devices; it holds here at once. Whoever is linked with a favourite is one on all networks.
	 * @param request.change as `parsePeopleChange` reads it
	 * @returns `isTold`: whether the server knows it already; while mx is not connected it is told later
	 * @throws ExpectedError `usage`; `notFound` for whom no room of the account knows, or who is linked with nobody
	 */
	changePeople(request: {readonly change: JsonObject}): Promise<{readonly isTold: boolean}>;
};

/** The method names of this part. */
export const peopleMethods = [
	'persons',
	'suggestPersons',
	'changePeople',
] as const satisfies readonly (keyof PeopleRequests)[];
