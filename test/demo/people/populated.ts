/** The demo's people on a server of their own: in the test alone, or answering requests. */
import {startDemo, type Demo, type DemoOptions} from '../../../source/demo/demo.ts';
import {createWorld, stateEvent, type Room, type StoredEvent} from '../../../source/demo/homeserver/world.ts';
import {populate} from '../../../source/demo/people/populate.ts';
import type {Stage} from '../../../source/demo/people/stage.ts';
import type {JsonObject} from '../../../source/domain/json.ts';
import type {Owner} from '../../helpers/synapse.ts';

/** Milliseconds since the Unix epoch. */
export const fixedNow = Date.UTC(2026, 10, 26, 12, 45);

/** @returns everybody, at a fixed time, on a server that nobody can reach. */
export const populateAt = (now: number = fixedNow): Stage => populate(createWorld('demo.test', () => now));

/** @throws Error where there is no such room */
export const roomOf = ({rooms}: Stage, key: string): Room => {
	const room = rooms.get(key);
	if (room === undefined) throw new Error(`There is no room ${key}`);
	return room;
};

export const contentOf = (room: Room, type: string, stateKey = ''): JsonObject | undefined =>
	stateEvent(room, type, stateKey)?.content;

export const everything = ({rooms}: Stage): readonly StoredEvent[] =>
	[...rooms.values()].flatMap(room => room.timeline);

/**
 * Starts the demo; it ends with its owner. People live fifty times as fast as in life, and do nothing by themselves; with
 * `script: undefined` they do.
 */
export const startQuickDemo = async (owner: Owner, options: DemoOptions = {}): Promise<Demo> => {
	const demo = await startDemo({speed: 50, script: [], ...options});
	owner.after(() => demo.stop());
	return demo;
};
