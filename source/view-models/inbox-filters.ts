/** The filters of the inbox: which there are, what they are called, and how its heading says which one holds. */
import type {InboxFilter} from '../domain/inbox-filter.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {boldSpan, fillLine, lineWidth, span, spreadLine, type ScreenLine} from './screen-line.ts';

/** A filter and what it is called; the name of a space is untrusted. */
export type NamedFilter = {readonly filter: InboxFilter; readonly name: string};

/** The same for every account, in the order of their keys. */
const fixed: readonly NamedFilter[] = [
	{filter: {kind: 'all'}, name: 'all'},
	{filter: {kind: 'unread'}, name: 'unread'},
	{filter: {kind: 'mentions'}, name: 'mentions'},
	{filter: {kind: 'needsReply'}, name: 'needs reply'},
	{filter: {kind: 'people'}, name: 'people'},
	{filter: {kind: 'snoozed'}, name: 'snoozed'},
	{filter: {kind: 'archived'}, name: 'archived'},
];

/** @returns all filters: behind the fixed ones, a filter for each space. */
export const namedFilters = (
	spaces: readonly {readonly rid: number; readonly name: string}[],
): readonly NamedFilter[] => [
	...fixed,
	...spaces.map(({rid, name}) => ({filter: {kind: 'space', rid} as const, name})),
];

export const isSameFilter = (first: InboxFilter, second: InboxFilter): boolean =>
	first.kind === second.kind && (first.kind !== 'space' || (second.kind === 'space' && first.rid === second.rid));

/** Lists that what was just read would leave at once: it stays there until the list is chosen again. */
export const isFleeting = ({kind}: InboxFilter): boolean =>
	kind === 'unread' || kind === 'mentions' || kind === 'needsReply';

/** What an empty list says in its first row. */
export const emptyText = ({
	filter,
	isNarrowed,
}: {
	readonly filter: InboxFilter;
	readonly isNarrowed: boolean;
}): SafeText => {
	if (isNarrowed) return literal`nothing is called like that`;
	switch (filter.kind) {
		case 'all':
		case 'section':
			return literal`no rooms`;
		case 'unread':
			return literal`everything is read`;
		case 'mentions':
			return literal`nobody has mentioned you`;
		case 'people':
			return literal`no chats with people`;
		case 'needsReply':
			return literal`nobody waits for a reply`;
		case 'snoozed':
			return literal`nothing is snoozed`;
		case 'archived':
			return literal`nothing is archived`;
		case 'space':
			return literal`you are in none of its rooms`;
		default:
			return filter satisfies never;
	}
};

/** What the heading tells. */
export type HeadingFacts = {
	/** Cells. */
	readonly width: number;
	readonly isFocused: boolean;
	/** Of the filter that holds, but for the first. */
	readonly name: string | undefined;
	/** What the list is narrowed by; `undefined`: not at all. */
	readonly narrow: string | undefined;
	/** Rooms of the list, and how many are unread in all. */
	readonly count: number;
	readonly unread: number;
};

/** @returns a line of exactly `width` cells */
export const headingLine = ({width, isFocused, name, narrow, count, unread}: HeadingFacts): ScreenLine => {
	const role = isFocused ? 'accent' : 'muted';
	const total = span(literal`${count} `, 'muted');
	if (narrow !== undefined) {
		const typed = [span(literal` /`, 'accent'), span(safeText(narrow, 'line')), span(literal`▏`, 'accent')];
		return fillLine(spreadLine(typed, [total], width), width);
	}
	const title = [boldSpan(literal` INBOX`, role)];
	const left =
		name === undefined ? title : [...title, span(literal` · `, 'muted'), boldSpan(safeText(name, 'name'), role)];
	const both = [span(literal`${unread} unread`, 'unread'), span(literal` · `, 'muted'), total];
	const hasBoth = unread > 0 && name === undefined && lineWidth(left) + lineWidth(both) + 2 <= width;
	return fillLine(spreadLine(left, hasBoth ? both : [total], width), width);
};
