/** How deep JSON from the network may be nested. Whoever walks it, JSON.stringify among them, recurses; this does not. */

/** Levels of objects and arrays in one event. Well-meant events have about 6; servers let members send hundreds. */
export const maximumEventDepth = 90;

/** @returns whether objects and arrays within `value` are more than `limit` levels deep. */
export const isNestedDeeper = (value: unknown, limit = maximumEventDepth): boolean => {
	let level: readonly unknown[] = [value];
	for (let depth = 0; level.length > 0; depth += 1) {
		const next: unknown[] = [];
		for (const outer of level) {
			if (typeof outer !== 'object' || outer === null) continue;
			if (depth === limit) return true;
			for (const inner of Object.values(outer)) if (typeof inner === 'object' && inner !== null) next.push(inner);
		}
		level = next;
	}
	return false;
};
