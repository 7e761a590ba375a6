/** The sections of the inbox on the screen: in which order they stand, what they are called, and their headers as lines. */
import {protocolOf, protocols} from '../bridges/protocols.ts';
import {sectionKey} from '../domain/inbox-layout.ts';
import {fixedSections, type InboxSection} from '../domain/inbox-section.ts';
import {loginName} from '../domain/room-name.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {networkLabel} from './network-label.ts';
import {pad, textWidth} from '../text/width.ts';
import {
	boldSpan,
	fillLine,
	lineWidth,
	paintLine,
	span,
	spreadLine,
	type ScreenLine,
	type ThemeRole,
} from './screen-line.ts';

const {requests, favourites, matrix, bridges} = fixedSections;

const places: ReadonlyMap<string, number> = new Map(protocols.map(({id}, index) => [id, index]));

/** Networks as the registry has them, those that it does not know behind, then Matrix, then the bots. */
const rankOf = ({id, protocol}: InboxSection): number => {
	if (protocol !== undefined) return places.get(protocol) ?? protocols.length;
	return id === matrix ? protocols.length + 1 : protocols.length + 2;
};

/** Of networks, and Matrix. */
const hasLabel = ({id, protocol}: InboxSection): boolean => protocol !== undefined || id === matrix;

/** Of the network and the account, as far as there are some. */
const placeName = ({network, networkName, account, accountName}: InboxSection): string =>
	[networkName ?? network, loginName(accountName) ?? account].filter(part => part !== undefined).join(' · ');

const fixedNames: ReadonlyMap<number, SafeText> = new Map([
	[requests, literal`Requests`],
	[favourites, literal`Favourites`],
	[matrix, literal`Matrix`],
	[bridges, literal`Bridges`],
]);

/** @returns what a section is called; where the network has several, with the network or account. */
export const sectionName = (section: InboxSection): SafeText => {
	const fixed = fixedNames.get(section.id);
	if (fixed !== undefined) return fixed;
	const place = placeName(section);
	const name = safeText(protocolOf(section.protocol).name, 'name');
	return place === '' ? name : literal`${name} · ${safeText(place, 'name')}`;
};

/** What a hint says of the section that the cursor is in. */
export type SectionFacts = {
	readonly name: SafeText;
	readonly isHeader: boolean;
	/** What the key does that helps. */
	readonly cure: SafeText | undefined;
};

const cureOf = (trouble: InboxSection['trouble']): SafeText | undefined => {
	if (trouble === 'logged-out') return literal`signs in again`;
	return trouble === 'disconnected' ? literal`connects again` : undefined;
};

/** @param isHeader whether the cursor is on its header */
export const sectionFacts = (section: InboxSection | undefined, isHeader: boolean): SectionFacts | undefined =>
	section && {name: sectionName(section), isHeader, cure: cureOf(section.trouble)};

const compareSections = (first: InboxSection, second: InboxSection): number =>
	rankOf(first) - rankOf(second) || placeName(first).localeCompare(placeName(second)) || first.id - second.id;

/**
 * @param order keys of sections as the person has put them; one that is not named stands behind the one that it follows by
 *   default
 * @returns requests and favourites, then the others
 */
export const inSectionOrder = (
	sections: readonly InboxSection[],
	order: readonly string[],
): readonly InboxSection[] => {
	const isOnTop = ({id}: InboxSection): boolean => id === requests || id === favourites;
	const onTop = sections.filter(isOnTop).toSorted((first, second) => first.id - second.id);
	const byDefault = sections.filter(section => !isOnTop(section)).toSorted(compareSections);
	const wanted = new Map(order.map((key, index) => [key, index]));
	const isPlaced = (section: InboxSection): boolean => wanted.has(sectionKey(section));
	const placeOf = (section: InboxSection): number => wanted.get(sectionKey(section)) ?? 0;
	const placed = byDefault.filter(isPlaced).toSorted((first, second) => placeOf(first) - placeOf(second));
	for (const [index, section] of byDefault.entries()) {
		if (isPlaced(section)) continue;
		const before = byDefault[index - 1];
		placed.splice(before === undefined ? 0 : placed.indexOf(before) + 1, 0, section);
	}
	return [...onTop, ...placed];
};

/** @returns the order in which a section has moved by some places; the same where it cannot. */
export const movedSection = (sections: readonly InboxSection[], moved: InboxSection, by: number): readonly string[] => {
	const keys = sections.filter(({id}) => id !== requests && id !== favourites).map(sectionKey);
	const from = keys.indexOf(sectionKey(moved));
	if (from === -1) return keys;
	const to = Math.max(0, Math.min(keys.length - 1, from + by));
	return keys.toSpliced(from, 1).toSpliced(to, 0, sectionKey(moved));
};

/** What is asked of the header of a section. */
export type SectionLineOptions = {
	/** Cells. */
	readonly width: number;
	readonly isFolded: boolean;
	readonly isSelected: boolean;
};

/** How a login that is not well is said; the sign alone where there is no room. */
const troubleWords: Readonly<
	Record<NonNullable<InboxSection['trouble']>, readonly [sign: SafeText, words: SafeText, role: ThemeRole]>
> = {
	connecting: [literal`⚠`, literal`reconnecting`, 'warning'],
	disconnected: [literal`✗`, literal`not connected`, 'error'],
	'logged-out': [literal`✗`, literal`logged out`, 'error'],
	failed: [literal`✗`, literal`does not work`, 'error'],
};

/** @param isSelected where the key is, that helps, is said. */
const troubleSpans = (trouble: InboxSection['trouble'], free: number, isSelected: boolean): ScreenLine => {
	if (trouble === undefined) return [];
	const [sign, words, role] = troubleWords[trouble];
	const whole = literal`${sign} ${words}`;
	const cure = trouble === 'logged-out' ? literal`relogin` : literal`connect`;
	const key = isSelected && cureOf(trouble) !== undefined ? literal`${whole} — r: ${cure}` : whole;
	return [boldSpan([key, whole].find(text => textWidth(text) <= free) ?? sign, role)];
};

/** @returns a line of exactly `width` cells */
export const sectionLine = (section: InboxSection, {width, isFolded, isSelected}: SectionLineOptions): ScreenLine => {
	const left = [
		span(isFolded ? literal`▸ ` : literal`▾ `, isSelected ? 'accent' : 'muted'),
		...(hasLabel(section) ? [networkLabel(section.protocol), span(literal` `)] : []),
		boldSpan(sectionName(section), 'heading'),
	];
	const {unread, mentions, trouble} = section;
	const count = unread === 0 ? literal`` : literal`${unread}${mentions > 0 ? literal`@` : literal``}`;
	const counts = [boldSpan(pad(count, 4, 'start'), mentions > 0 ? 'mention' : 'unread'), span(literal` `)];
	const right = [...troubleSpans(trouble, width - lineWidth(left) - lineWidth(counts) - 1, isSelected), ...counts];
	const line = fillLine(spreadLine(left, right, width), width);
	return isSelected ? paintLine(line, 'selection') : line;
};
