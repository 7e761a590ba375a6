/** Spaces as a tree: what is unfolded, and one row for each room. */
import type {Membership} from '../domain/room.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {PanelRow} from './panel.ts';
import {blanks, boldSpan, cutLine, span, spreadLine} from './screen-line.ts';

/** A room as part of a space. Names are untrusted. */
export type SpaceEntry = {
	readonly roomId: string;
	readonly name: string | undefined;
	readonly isSpace: boolean;
	readonly membership: Membership | undefined;
	/** Unread messages; 0 for none. */
	readonly unread: number;
};

export type SpaceNode = {
	/** Ids of the spaces above and of the room itself. */
	readonly path: readonly string[];
	readonly entry: SpaceEntry;
	readonly isUnfolded: boolean;
};

/** Where spaces are parts of each other, they are unfolded no further. */
const deepest = 8;

export const pathKey = (path: readonly string[]): string => JSON.stringify(path);

/**
 * @param roots spaces that are not part of another one
 * @param children rooms of a space in their order
 * @param unfolded keys of paths
 */
export const spaceNodes = (
	roots: readonly SpaceEntry[],
	children: (spaceId: string) => readonly SpaceEntry[],
	unfolded: ReadonlySet<string>,
): readonly SpaceNode[] => {
	const visit = (entry: SpaceEntry, above: readonly string[]): readonly SpaceNode[] => {
		const path = [...above, entry.roomId];
		const isUnfolded = unfolded.has(pathKey(path)) && path.length < deepest && !above.includes(entry.roomId);
		const below = isUnfolded ? children(entry.roomId).flatMap(child => visit(child, path)) : [];
		return [{path, entry, isUnfolded}, ...below];
	};
	return roots.flatMap(root => visit(root, []));
};

const markOf = ({entry, isUnfolded}: SpaceNode): SafeText => {
	if (!entry.isSpace) return literal`  `;
	return isUnfolded ? literal`▾ ` : literal`▸ `;
};

const noteOf = ({membership, unread}: SpaceEntry): SafeText => {
	if (membership === 'invite') return literal`invites you`;
	if (membership === 'knock') return literal`asked`;
	if (membership !== 'join') return literal`not joined`;
	return unread > 0 ? literal`${unread}` : literal``;
};

const rowOf = (node: SpaceNode): PanelRow => {
	const {entry, path} = node;
	const isIn = entry.membership === 'join';
	const name = safeText(entry.name, 'name', entry.roomId);
	return {
		key: pathKey(path),
		lines(width) {
			const indent = Math.min((path.length - 1) * 2, Math.floor(width / 3));
			const shown = entry.isSpace ? boldSpan(name) : span(name, isIn ? undefined : 'muted');
			const right = [span(literal` ${noteOf(entry)} `, isIn ? 'unread' : 'muted')];
			return [cutLine(spreadLine([span(blanks(indent)), span(markOf(node), 'accent'), shown], right, width), width)];
		},
	};
};

export const spaceRows = (nodes: readonly SpaceNode[]): readonly PanelRow[] => nodes.map(rowOf);
