/** The members of a room as a list: by power, then by name; narrowed by words of a name or an id. */
import {powerName} from '../domain/room-power.ts';
import type {Membership} from '../domain/room.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {PanelRow} from './panel.ts';
import {boldSpan, span, spreadLine, type ScreenLine} from './screen-line.ts';

/** Somebody in a room, invited to it, or kept out of it. The name is untrusted. */
export type MemberEntry = {
	readonly userId: string;
	readonly displayName: string | undefined;
	readonly membership: Membership;
	readonly power: number;
	readonly isIgnored: boolean;
};

const groups: ReadonlyArray<readonly [SafeText, (entry: MemberEntry) => boolean]> = [
	[literal`Asking to be let in`, ({membership}) => membership === 'knock'],
	[literal`Creators`, ({membership, power}) => membership === 'join' && powerName(power) === 'creator'],
	[literal`Admins`, ({membership, power}) => membership === 'join' && powerName(power) === 'admin'],
	[literal`Moderators`, ({membership, power}) => membership === 'join' && powerName(power) === 'moderator'],
	[literal`Members`, ({membership, power}) => membership === 'join' && powerName(power) === 'member'],
	[literal`Muted`, ({membership, power}) => membership === 'join' && powerName(power) === 'muted'],
	[literal`Invited`, ({membership}) => membership === 'invite'],
	[literal`Banned`, ({membership}) => membership === 'ban'],
];

const nameOf = ({displayName, userId}: MemberEntry): SafeText => safeText(displayName, 'name', userId);

/** What a level says that its group does not. */
const powerText = ({power, membership}: MemberEntry): SafeText =>
	membership !== 'join' || power === 0 || power === 100 || power === 50 || !Number.isFinite(power)
		? literal``
		: literal`${power} `;

/** Of two with the same name both show who they are, whatever the width. */
const memberLines = (entry: MemberEntry, isAmbiguous: boolean, width: number): readonly ScreenLine[] => {
	const ignored = entry.isIgnored ? [span(literal` ignored`, 'muted')] : [];
	const right = [...ignored, span(literal` ${powerText(entry)}`, 'muted')];
	const id = span(safeText(entry.userId, 'name'), 'muted');
	const name = [span(literal` `), boldSpan(nameOf(entry), 'name'), span(literal`  `)];
	if (!isAmbiguous) return [spreadLine([...name, id], right, width)];
	return [spreadLine(name, right, width), [span(literal`   `), id]];
};

const collator = new Intl.Collator(undefined, {sensitivity: 'base', numeric: true});

/** An entry with what is needed at each key. */
export type SortedMember = {
	readonly entry: MemberEntry;
	/** Name and id in lower case. */
	readonly search: string;
	/** Others are called so too. */
	readonly isAmbiguous: boolean;
};

/** Sorts by name, once for a list: a room may have tens of thousands. */
export const sortMembers = (entries: readonly MemberEntry[]): readonly SortedMember[] => {
	const named = entries.map(entry => ({entry, name: nameOf(entry)}));
	const counts = new Map<string, number>();
	for (const {name} of named) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
	return named
		.toSorted(
			(first, second) =>
				collator.compare(first.name, second.name) || collator.compare(first.entry.userId, second.entry.userId),
		)
		.map(({entry, name}) => ({
			entry,
			search: `${name} ${entry.userId}`.toLowerCase(),
			isAmbiguous: (counts.get(name.toLowerCase()) ?? 0) > 1,
		}));
};

const headingRow = (title: SafeText, count: number): PanelRow => ({
	key: `# ${title}`,
	isHeading: true,
	lines: () => [[boldSpan(literal`${title}  `, 'heading'), span(literal`${count}`, 'muted')]],
});

/** @param query words that name or id must have */
export const memberRows = (sorted: readonly SortedMember[], query: string): readonly PanelRow[] => {
	const words = query.toLowerCase().split(/\s+/);
	const found = sorted.filter(({search}) => words.every(word => search.includes(word)));
	return groups.flatMap(([title, isIn]): readonly PanelRow[] => {
		const members = found.filter(({entry}) => isIn(entry));
		if (members.length === 0) return [];
		const rows = members.map(({entry, isAmbiguous}) => ({
			key: entry.userId,
			lines: (width: number) => memberLines(entry, isAmbiguous, width),
		}));
		return [headingRow(title, members.length), ...rows];
	});
};
