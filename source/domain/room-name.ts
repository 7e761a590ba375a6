/** The name of a room (client-server API §Calculating the display name for a room). */

/** Somebody whose name may stand for the room's. */
export type Hero = {readonly userId: string; readonly displayName: string | undefined; readonly isGone: boolean};

const joinNames = (names: readonly string[], others: number): string => {
	if (names.length === 0) return '';
	if (others > 0) return `${names.join(', ')} and ${others} other${others === 1 ? '' : 's'}`;
	if (names.length === 1) return names[0] ?? '';
	return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
};

/**
 * @param heroes up to five members other than oneself
 * @param memberCount joined and invited members, oneself included
 * @returns the name from the state, else from the alias, else from the heroes
 */
export const calculateRoomName = (room: {
	readonly name: string | undefined;
	readonly alias: string | undefined;
	readonly heroes: readonly Hero[];
	readonly memberCount: number;
}): string => {
	if (room.name !== undefined && room.name.trim() !== '') return room.name;
	if (room.alias !== undefined && room.alias !== '') return room.alias;
	const present = room.heroes.filter(hero => !hero.isGone);
	const shown = present.length > 0 ? present : room.heroes;
	const names = shown.map(hero => hero.displayName ?? hero.userId);
	const others = Math.max(0, room.memberCount - 1 - names.length);
	if (room.memberCount > 1 && names.length > 0) return joinNames(names, others);
	return names.length > 0 ? `Empty room (was ${joinNames(names, 0)})` : 'Empty room';
};

/** What bridges put behind the names of people. Not `(bot)`, which is said nowhere else, and nothing behind a dash: people write that. */
const suffix =
	/ \((?:WA|WhatsApp|iMessage|Signal|Telegram|FB|Facebook|Messenger|IG|Instagram|SMS|Discord|Slack|Google Chat|Google Voice|LinkedIn|Twitter)\)$/;

/**
 * @param network what the network is called, where there are several of the kind
 * @returns the name of a bridged room, or of a ghost, without what is said beside it: `#lab (six)` on six is `#lab`, `Anna (WA)` is `Anna`
 */
export const nameInNetwork = (name: string, network: string | undefined): string => {
	const behind = network === undefined ? undefined : ` (${network})`;
	const bare = behind !== undefined && name.endsWith(behind) ? name.slice(0, -behind.length) : name.replace(suffix, '');
	return bare.trim() === '' ? name : bare;
};

/** @returns what a login is called, of the name of its space: bridges call that `Signal (+44 7700 900142)` */
export const loginName = (spaceName: string | undefined): string | undefined =>
	spaceName?.replace(/^[^()]+ \((.+)\)$/, '$1');
