/** The order of the chunks of a room, and which of them lie side by side without anything missing between them. */
import {prepare} from './bind.ts';
import type {Database} from './open-database.ts';

/** A run of events without a gap. */
export type ChunkRow = {
	readonly chunk: number;
	readonly chunk_order: number;
	/** Positions: the next one that is free below, and the highest that is taken. */
	readonly lowest: number;
	readonly highest: number;
	readonly is_live: number;
	/** 1: fetched around a single message, apart from what the sync brought. */
	readonly is_apart: number;
	readonly previous_token: string | null;
	/** For the page that follows its newest event; only of a chunk that is apart. */
	readonly next_token: string | null;
	/** 0: a gap before it, 1: joins the older chunk, 2: the room's start */
	readonly older: number;
};

/** Messages that are not placed in a timeline have the order 0. */
const below = (order: number): number => (order - 1 === 0 ? -1 : order - 1);

export const createChunkOrder = (database: Database) => {
	const chunksOf = prepare(database, 'SELECT * FROM chunk WHERE rid = ? ORDER BY chunk_order DESC');
	const setOrder = prepare(database, 'UPDATE chunk SET chunk_order = ? WHERE chunk = ?');
	const setJoined = prepare(database, 'UPDATE chunk SET older = 1 WHERE chunk = ?');
	const endNewer = prepare(database, 'UPDATE chunk SET next_token = NULL WHERE chunk = ?');

	/** @returns all chunks of a room, newest first. */
	const all = (rid: number): readonly ChunkRow[] => chunksOf.all(rid) as ChunkRow[];

	/** Gives the chunks the orders that their places in the list need; who is in place already keeps theirs. */
	const arrange = (wanted: readonly ChunkRow[]): void => {
		let next = Number.POSITIVE_INFINITY;
		for (const {chunk, chunk_order: order} of wanted) {
			const own = order < next ? order : below(next);
			if (own !== order) setOrder.run(own, chunk);
			next = own;
		}
	};

	return {
		all,
		arrange,

		/**
		 * Notes that nothing is missing between two chunks. Where others stand between them, that was a guess by time: what
		 * was learnt from the server counts, and the older chunk, with all that joins it, moves to where it belongs.
		 */
		join(rid: number, upper: number, lower: number): void {
			const chunks = all(rid);
			const at = chunks.findIndex(({chunk}) => chunk === upper);
			const from = chunks.findIndex(({chunk}) => chunk === lower);
			if (at === -1 || from === -1 || at === from) return;
			setJoined.run(upper);
			endNewer.run(lower);
			// What something else joins stays there: one of the two is wrong, and nothing says which.
			if (from === at + 1 || chunks[from]?.is_live === 1 || chunks[from - 1]?.older === 1) return;
			let to = from;
			while (chunks[to]?.older === 1 && to + 1 < chunks.length && to + 1 !== at) to += 1;
			const group = chunks.slice(from, to + 1);
			const others = chunks.filter(each => !group.includes(each));
			const place = others.findIndex(({chunk}) => chunk === upper) + 1;
			const wanted = others.toSpliced(place, 0, ...group);
			// The orders that there are, given out anew.
			const orders = chunks.map(({chunk_order: order}) => order);
			for (const [index, {chunk}] of wanted.entries()) setOrder.run(orders[index], chunk);
		},
	};
};
