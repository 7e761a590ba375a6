/**
 * A large account that exists only as what a homeserver would send of it: made from a seed, one room at a time, so that
 * nobody has to hold it.
 */
import {
	bigMemberEvent,
	createChoices,
	firstRoom,
	isBig,
	laterRoom,
	roomIdOf,
	roomIndexOf,
	seedOf,
	sketchOf,
	stateOf,
	type Json,
	type SyntheticAccount,
} from './synthetic-room.ts';

export {ownUser, roomIdOf, type SyntheticAccount} from './synthetic-room.ts';

const emptyTop = {
	presence: {events: []},
	to_device: {events: []},
	device_lists: {changed: [], left: []},
	device_one_time_keys_count: {signed_curve25519: 50},
	device_unused_fallback_key_types: ['signed_curve25519'],
};

const directRooms = (account: SyntheticAccount): Json => {
	const direct: Record<string, string[]> = {};
	for (let index = 0; index < account.rooms; index++) {
		const sketch = sketchOf(account, index, createChoices(seedOf(account, index, 0)));
		const [other] = sketch.others;
		if (sketch.isDirect && other !== undefined) (direct[other] ??= []).push(roomIdOf(index));
	}
	return direct;
};

const topOf = (nextBatch: string, accountData: readonly Json[]): string => {
	const top = JSON.stringify({next_batch: nextBatch, ...emptyTop, account_data: {events: accountData}});
	return `${top.slice(0, -1)},"rooms":{"join":{`;
};

/** The body of a first /sync in pieces. @param isLazy whether the members of the large rooms are left out */
export function* firstSync(
	account: SyntheticAccount,
	{nextBatch, isLazy}: {readonly nextBatch: string; readonly isLazy: boolean},
): Generator<string> {
	yield topOf(nextBatch, [
		{type: 'm.direct', content: directRooms(account)},
		{
			type: 'm.push_rules',
			content: {global: {override: [], content: [], room: [], sender: [], underride: []}},
		},
	]);
	for (let index = 0; index < account.rooms; index++) {
		const json = JSON.stringify(firstRoom(account, index));
		yield `${index === 0 ? '' : ','}"${roomIdOf(index)}":`;
		if (isLazy || !isBig(account, index)) {
			yield json;
			continue;
		}
		const state = '"state":{"events":[';
		const [before = '', after = ''] = json.split(state);
		yield before + state;
		for (let member = 0; member < (account.bigMembers ?? 50_000); member++)
			yield `${JSON.stringify(bigMemberEvent(index, member))},`;
		yield after;
	}
	yield '}}}';
}

/** What happened in some rooms: a later /sync. */
export type News = {
	readonly roomIndexes: readonly number[];
	/** Events in each room; a single one is a text in the clear. */
	readonly count: number;
	readonly isLimited: boolean;
};

/** The body of a later /sync in pieces. @param round its number, which makes it different from others */
export function* laterSync(
	account: SyntheticAccount,
	{news, round, nextBatch}: {readonly news: News | undefined; readonly round: number; readonly nextBatch: string},
): Generator<string> {
	yield topOf(nextBatch, []);
	let separator = '';
	for (const index of news?.roomIndexes ?? []) {
		const {count = 0, isLimited = false} = news ?? {};
		yield `${separator}"${roomIdOf(index)}":${JSON.stringify(laterRoom(account, {index, round, count, isLimited}))}`;
		separator = ',';
	}
	yield '}}}';
}

/** The body of GET /rooms/{roomId}/members in pieces. */
export function* membersOf(account: SyntheticAccount, roomId: string): Generator<string> {
	const index = roomIndexOf(roomId);
	const choices = createChoices(seedOf(account, index, 0));
	const state = stateOf(index, sketchOf(account, index, choices), choices);
	const members = state.filter(event => event['type'] === 'm.room.member');
	yield `{"chunk":[${members.map(event => JSON.stringify(event)).join(',')}`;
	for (let member = 0; isBig(account, index) && member < (account.bigMembers ?? 50_000); member++)
		yield `,${JSON.stringify(bigMemberEvent(index, member))}`;
	yield ']}';
}
