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
