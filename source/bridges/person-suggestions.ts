/** Which chats may be with one person, and why: the same number or address of ghosts that are certain, else the same name. Pure. */
import {asArray} from '../domain/json.ts';
import type {Contact, PersonSuggestion, SuggestionReason} from '../domain/people-requests.ts';
import {nameInNetwork} from '../domain/room-name.ts';

/** Identifiers of one ghost that are looked at, and characters of one. */
const mostIdentifiers = 20;
const longestIdentifier = 200;

/** What is suggested at a time: more nobody looks through. */
const mostSuggestions = 200;

/** Digits of a number that names one person: fewer are short codes of services. */
const shortestNumber = 7;

/** @returns `tel:+…` or `mailto:…` in one way of writing; `undefined` for what names nobody in other networks */
const normalizeIdentifier = (value: string): string | undefined => {
	const [, scheme = '', rest = ''] = /^(tel|mailto):(.+)$/is.exec(value.trim()) ?? [];
	if (scheme.toLowerCase() === 'mailto') {
		const address = rest.trim().toLowerCase();
		return /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(address) ? `mailto:${address}` : undefined;
	}
	const digits = rest.replaceAll(/[\s().\-/]/g, '').replace(/^00/, '+');
	return new RegExp(`^\\+\\d{${shortestNumber},15}$`).test(digits) ? `tel:${digits}` : undefined;
};

/** @param value `com.beeper.bridge.identifiers` of a profile. @returns each once, in one way of writing */
export const parseIdentifiers = (value: unknown): readonly string[] => [
	...new Set(
		asArray(value)
			.slice(0, mostIdentifiers)
			.flatMap(each =>
				typeof each === 'string' && each.length <= longestIdentifier ? (normalizeIdentifier(each) ?? []) : [],
			),
	),
];

/** WhatsApp has the number in the name of the ghost. @param userId of a ghost that is certain */
export const identifiersOfGhost = (userId: string, protocol: string | undefined): readonly string[] => {
	const [, number] = /^@whatsapp_(\d{7,15}):/.exec(userId) ?? [];
	return protocol === 'whatsapp' && number !== undefined ? [`tel:+${number}`] : [];
};

/** @returns a name as it is compared: `Anna (WA)` on WhatsApp is Anna, as everywhere */
const plainName = ({name, protocol}: Contact): string => {
	const text = name.normalize('NFC').trim().replaceAll(/\s+/g, ' ');
	return protocol === undefined ? text : nameInNetwork(text, undefined);
};

const reasonOf = (identifier: string): SuggestionReason =>
	identifier.startsWith('tel:')
		? {kind: 'number', value: identifier.slice(4)}
		: {kind: 'address', value: identifier.slice(7)};

/** @returns the reason in words: `the same number +49 151 234`. The value is untrusted text. */
export const reasonWords = ({kind, value}: SuggestionReason): string =>
	kind === 'name' ? `the same name, ${value}` : `the same ${kind}, ${value}`;

const groupsOf = (contacts: readonly Contact[], keysOf: (contact: Contact) => readonly string[]) => {
	const groups = new Map<string, Contact[]>();
	for (const contact of contacts)
		for (const key of keysOf(contact)) groups.set(key, [...(groups.get(key) ?? []), contact]);
	return [...groups].filter(([, group]) => group.length > 1);
};

export type SuggestionFacts = {
	/** Chats with people, the last active first. */
	readonly contacts: readonly Contact[];
	/** Numbers and addresses of a ghost, as `parseIdentifiers` has them. */
	readonly identifiersOf: (contact: Contact) => readonly string[];
	/** Pairs that the owner said are two. */
	readonly apart: readonly (readonly [string, string])[];
};

/** @returns pairs of chats that may be with one person, the surest first; each pair once */
export const suggestPersons = ({contacts, identifiersOf, apart}: SuggestionFacts): readonly PersonSuggestion[] => {
	const pairKey = (first: string, second: string): string => [first, second].toSorted().join(' ');
	const told = new Set(apart.map(([first, second]) => pairKey(first, second)));
	const usersOf = new Map<number, string[]>();
	for (const {person, userId} of contacts)
		if (person !== undefined) usersOf.set(person, [...(usersOf.get(person) ?? []), userId]);
	const allOf = ({person, userId}: Contact): readonly string[] =>
		person === undefined ? [userId] : (usersOf.get(person) ?? [userId]);
	/** One already, or said to be two: of people, any of the one and any of the other. */
	const isSettled = (first: Contact, second: Contact): boolean =>
		first.userId === second.userId ||
		(first.person !== undefined && first.person === second.person) ||
		allOf(first).some(one => allOf(second).some(other => told.has(pairKey(one, other))));
	const unitOf = ({person, userId}: Contact): string => (person === undefined ? userId : `${person}`);
	const known = new Set<string>();
	const pairs = (group: readonly Contact[], reason: SuggestionReason): readonly PersonSuggestion[] =>
		group.flatMap((second, index) => {
			const first = group.slice(0, index).find(each => !isSettled(each, second));
			const key = first === undefined ? '' : pairKey(unitOf(first), unitOf(second));
			if (first === undefined || known.has(key)) return [];
			known.add(key);
			return [{first, second, reason}];
		});
	const byIdentifier = groupsOf(contacts, identifiersOf).flatMap(([identifier, group]) =>
		pairs(group, reasonOf(identifier)),
	);
	const byName = groupsOf(contacts, contact => [plainName(contact)]).flatMap(([name, group]) =>
		name === '' ? [] : pairs(group, {kind: 'name', value: name}),
	);
	return [...byIdentifier, ...byName].slice(0, mostSuggestions);
};
