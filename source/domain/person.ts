/**
 * People whom the owner of the account knows by several user ids: which of them are one is account data, so that it holds on all
 * devices. Changes are told apart from their result: what another device wrote meanwhile stays.
 */
import {parseUserId} from './identifiers.ts';
import {asArray, asObject, asString, isObject, type JsonObject, type JsonValue} from './json.ts';

/** Type of the account data. The homeserver can read them. */
export const peopleType = 'chat.mx.people';

/** A person: user ids that the owner said are one. All strings are untrusted text. */
export type Person = {
	/** Made up by the device that linked them first. */
	readonly id: string;
	/** What the owner calls them: by a name that was given later, else by that with which they were linked. */
	readonly name: string | undefined;
	/** Each in one person at most; not empty. */
	readonly users: readonly string[];
	/** Over which of them the owner writes by default; else the one that wrote last. */
	readonly prefers: string | undefined;
};

/** What the owner said of people. */
export type People = {
	readonly people: readonly Person[];
	/** Pairs of user ids that are not the same person, whatever speaks for it. */
	readonly apart: readonly (readonly [string, string])[];
};

/** People and pairs that are remembered, user ids of one person, and UTF-16 units of an id and a name. */
const mostPeople = 1000;
const mostPairs = 1000;
const mostUsers = 50;
const longestId = 100;
const longestName = 100;

const isUser = (value: unknown): value is string => typeof value === 'string' && parseUserId(value) !== undefined;

const userIds = (value: unknown): readonly string[] => [...new Set(asArray(value).filter(isUser).slice(0, mostUsers))];

const nameOf = (value: unknown): string | undefined => {
	const name = (asString(value) ?? '').slice(0, longestName).trim();
	return name === '' ? undefined : name;
};

const isId = (value: unknown): value is string =>
	typeof value === 'string' && value !== '' && value.length <= longestId;

const pairOf = (value: unknown): readonly [string, string] | undefined => {
	const [first, second, ...others] = asArray(value);
	return isUser(first) && isUser(second) && first !== second && others.length === 0 ? [first, second] : undefined;
};

/** @returns what account data of `peopleType` say. Of what says two things, the first counts; what makes no sense is left out. */
export const parsePeople = (content: JsonObject): People => {
	const people: Person[] = [];
	const [ids, taken] = [new Set<string>(), new Set<string>()];
	for (const value of asArray(content['people']).slice(0, mostPeople)) {
		const {id, name, petname, users: listed, prefers} = asObject(value);
		const users = userIds(listed).filter(user => !taken.has(user));
		if (!isId(id) || ids.has(id) || users.length === 0) continue;
		ids.add(id);
		for (const user of users) taken.add(user);
		people.push({id, name: nameOf(petname) ?? nameOf(name), users, prefers: users.find(user => user === prefers)});
	}
	const apart = asArray(content['apart'])
		.slice(0, mostPairs)
		.flatMap(value => {
			const pair = pairOf(value);
			return pair === undefined ? [] : [pair];
		});
	return {people, apart};
};

/** What the owner changes. It names users, not people: another device may have linked them otherwise meanwhile. */
export type PeopleChange =
	/** They are one, with all who are one with any of them. `id`: of the person, where there is none yet. */
	| {readonly kind: 'link'; readonly users: readonly string[]; readonly id: string; readonly name?: string | undefined}
	/** Not one with the others, and not to be suggested as such again. */
	| {readonly kind: 'unlink'; readonly user: string}
	/** Gives the person of a user a name; an empty one takes it away, and the name of the link holds again. */
	| {readonly kind: 'rename'; readonly user: string; readonly name: string}
	/** Which user of their person is written to by default; `isSet: false` takes it back. */
	| {readonly kind: 'prefer'; readonly user: string; readonly isSet: boolean}
	/** They are two, and not to be suggested as one. */
	| {readonly kind: 'apart'; readonly users: readonly [string, string]};

/** @returns a change as it was stored, or came over the socket; `undefined` where it makes no sense */
export const parsePeopleChange = (value: unknown): PeopleChange | undefined => {
	const {kind, users, user, id, name, isSet} = asObject(value);
	if (kind === 'link') {
		const linked = userIds(users);
		return isId(id) && linked.length > 0 ? {kind, users: linked, id, name: nameOf(name)} : undefined;
	}
	if (kind === 'apart') {
		const pair = pairOf(users);
		return pair === undefined ? undefined : {kind, users: pair};
	}
	if (!isUser(user)) return undefined;
	if (kind === 'unlink') return {kind, user};
	if (kind === 'rename') return {kind, user, name: nameOf(name) ?? ''};
	return kind === 'prefer' ? {kind, user, isSet: isSet === true} : undefined;
};

/** A person as the content has them, with what only a later version understands. */
type Entry = {readonly raw: JsonObject; readonly users: readonly string[]};

const entriesOf = (content: JsonObject): readonly Entry[] =>
	asArray(content['people'])
		.filter(isObject)
		.map(raw => ({raw, users: asArray(raw['users']).filter(isUser)}));

/** The names of a person, in the content: the one of the link stays beside the one that was given later. */
const namesOf = ({raw}: Entry): JsonObject =>
	Object.fromEntries(
		Object.entries(raw).filter(([key, value]) => ['name', 'petname'].includes(key) && nameOf(value) !== undefined),
	);

const withUsers = ({raw}: Entry, users: readonly string[]): JsonObject => {
	const {prefers, ...others} = raw;
	const isKept = typeof prefers === 'string' && users.includes(prefers);
	return {...others, ...(isKept ? {prefers} : {}), users};
};

const isPairOf = (value: unknown, isOne: (user: string) => boolean): boolean => {
	const pair = pairOf(value);
	return pair !== undefined && pair.every(isOne);
};

/** @returns the pairs that the content has, but for those of which both are meant */
const pairsWithout = (content: JsonObject, isOne: (user: string) => boolean): JsonValue[] =>
	asArray(content['apart']).filter(value => !isPairOf(value, isOne)) as JsonValue[];

const withPairs = (content: JsonObject, apart: readonly JsonValue[]): JsonObject => {
	const {apart: _, ...others} = content;
	return apart.length === 0 ? others : {...others, apart};
};

/** @returns the content in which these are two. The newest pairs are kept. */
const withApart = (content: JsonObject, pairs: readonly (readonly [string, string])[]): JsonObject => {
	const added = pairs.map(([first, second]) => (first < second ? [first, second] : [second, first]));
	const isAdded = (value: unknown): boolean =>
		added.some(([first, second]) => isPairOf(value, user => user === first || user === second));
	const kept = asArray(content['apart']).filter(value => !isAdded(value)) as JsonValue[];
	return withPairs(content, [...kept, ...added].slice(-mostPairs));
};

const link = (content: JsonObject, {users, id, name}: Extract<PeopleChange, {kind: 'link'}>): JsonObject => {
	const entries = entriesOf(content);
	const ofThem = entries.filter(entry => entry.users.some(user => users.includes(user)));
	const all = [...new Set([...ofThem.flatMap(entry => entry.users), ...users])].slice(0, mostUsers);
	const [first] = ofThem;
	// Of several people, the one who was meant first, and has names, gives them.
	const named = users.flatMap(user => ofThem.find(entry => entry.users.includes(user)) ?? []).map(namesOf);
	const names = name === undefined ? named.find(each => Object.keys(each).length > 0) : {name};
	const {name: _, petname: __, ...base} = first === undefined ? {id} : withUsers(first, all);
	const person = {...base, ...names, users: all};
	const people =
		first === undefined
			? [...entries.map(({raw}) => raw), person]
			: entries.flatMap(entry => (entry === first ? [person] : ofThem.includes(entry) ? [] : [entry.raw]));
	return withPairs(
		{...content, people},
		pairsWithout(content, user => all.includes(user)),
	);
};

/** Applies `change` to the person of a user. */
const ofUser = (content: JsonObject, user: string, change: (entry: Entry) => JsonObject | undefined): JsonObject => {
	const entries = entriesOf(content);
	// Of what says two things, the first counts; in the others the user is none.
	const found = entries.find(({users}) => users.includes(user));
	if (found === undefined) return content;
	const person = change(found);
	const changed = person === undefined ? [] : [person];
	return {...content, people: entries.flatMap(entry => (entry === found ? changed : [entry.raw]))};
};

const unlink = (content: JsonObject, user: string): JsonObject => {
	let others: readonly string[] = [];
	const unlinked = ofUser(content, user, entry => {
		others = entry.users.filter(each => each !== user);
		// One alone is a person only where the owner named them.
		const isPerson = others.length > 1 || (others.length === 1 && Object.keys(namesOf(entry)).length > 0);
		return isPerson ? withUsers(entry, others) : undefined;
	});
	return withApart(
		unlinked,
		others.map(other => [user, other] as const),
	);
};

/** @returns the content with a change; everything else in it stays, also what this version does not understand. Idempotent. */
export const withPeopleChange = (content: JsonObject, change: PeopleChange): JsonObject => {
	switch (change.kind) {
		case 'link':
			return link(content, change);
		case 'unlink':
			return unlink(content, change.user);
		case 'apart':
			return withApart(content, [change.users]);
		case 'rename':
			return ofUser(content, change.user, ({raw}) => {
				const {petname: _, ...others} = raw;
				return change.name === '' ? others : {...others, petname: change.name};
			});
		case 'prefer':
			return ofUser(content, change.user, ({raw}) => {
				const {prefers, ...others} = raw;
				if (change.isSet) return {...others, prefers: change.user};
				return prefers === change.user || prefers === undefined ? others : raw;
			});
		default:
			return change satisfies never;
	}
};
