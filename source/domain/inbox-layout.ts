/** How the person has laid out the inbox, in account data, so that it holds on all devices. */
import type {InboxLayout, InboxSection} from './inbox-section.ts';
import {fixedSections} from './inbox-section.ts';
import {asArray, type JsonObject} from './json.ts';

/** Type of the account data. */
export const inboxType = 'chat.mx.inbox';

/** Sections that are remembered: more than anybody has. */
const mostKeys = 500;

/** Characters of a key: a network and an account, by their ids. */
const longestKey = 300;

const keys = (value: unknown): readonly string[] => [
	...new Set(
		asArray(value)
			.filter((key): key is string => typeof key === 'string' && key !== '' && key.length <= longestKey)
			.slice(0, mostKeys),
	),
];

/** @returns what account data of `inboxType` say; what makes no sense is left out. */
export const parseInboxLayout = (content: JsonObject): InboxLayout => ({
	isByTime: content['is_by_time'] === true,
	folded: keys(content['folded']),
	order: keys(content['order']),
});

export const inboxLayoutContent = ({isByTime, folded, order}: InboxLayout): JsonObject => ({
	is_by_time: isByTime,
	folded: keys(folded),
	order: keys(order),
});

const fixedKeys: ReadonlyMap<number, string> = new Map(Object.entries(fixedSections).map(([name, id]) => [id, name]));

/** @returns what a section is remembered by, in whatever store. */
export const sectionKey = ({id, protocol, network, account}: InboxSection): string =>
	fixedKeys.get(id) ??
	[protocol ?? '', network ?? '', account ?? '']
		.map(encodeURIComponent)
		.join('/')
		.replace(/\/+$/, '')
		.slice(0, longestKey);
