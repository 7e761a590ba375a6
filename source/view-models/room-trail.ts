/** Where the person has been: back and forward through rooms as in a browser, and which rooms were open last. */

/** One stop. The place is what the timeline needs to come back to it; `undefined`: its end. */
export type TrailStop<Place> = {readonly rid: number; readonly place: Place | undefined};

type Entry<Place> = TrailStop<Place> & {
	/** The person only came by, on the way to another room of the list. */
	readonly isPassing: boolean;
	/** Milliseconds since the Unix epoch. */
	readonly time: number;
};

const maxStops = 100;
const maxRecent = 50;

/** Milliseconds after which somebody who came by has stayed. */
const stayTime = 1500;

/** @param now milliseconds since the Unix epoch */
export const createRoomTrail = <Place>(now: () => number) => {
	let stops: Entry<Place>[] = [];
	let current = -1;
	/** Last opened first. */
	let recent: number[] = [];

	const touch = (rid: number): void => {
		recent = [rid, ...recent.filter(other => other !== rid)].slice(0, maxRecent);
	};

	const step = (by: -1 | 1): TrailStop<Place> | undefined => {
		const stop = stops[current + by];
		if (stop === undefined) return undefined;
		current += by;
		touch(stop.rid);
		return stop;
	};

	return {
		/** Notes where the current stop is left, before another one is visited or returned to. */
		leave(place: Place | undefined): void {
			const stop = stops[current];
			if (stop !== undefined) stops[current] = {...stop, place};
		},

		/** @param isPassing by a step in the list: the next step takes its place, unless the person stayed */
		visit(rid: number, isPassing = false): void {
			const stop = stops[current];
			const hasStayed = stop === undefined || !stop.isPassing || !isPassing || now() - stop.time >= stayTime;
			if (!hasStayed) recent = recent.filter(other => other !== stop.rid);
			stops = [...stops.slice(0, hasStayed ? current + 1 : current), {rid, place: undefined, isPassing, time: now()}];
			stops = stops.slice(-maxStops);
			current = stops.length - 1;
			touch(rid);
		},

		/** @returns the stop to go to; `undefined` at the first one. */
		back: (): TrailStop<Place> | undefined => step(-1),
		/** @returns the stop to go to; `undefined` at the last one. */
		forward: (): TrailStop<Place> | undefined => step(1),

		/** @returns numbers of rooms, the one that was opened last first. */
		recent: (): readonly number[] => recent,
	};
};

export type RoomTrail<Place> = ReturnType<typeof createRoomTrail<Place>>;
