/** The rooms of a synthetic account as a homeserver sends them. The same seed and room number always give the same room. */

import {createRandom} from '../test/helpers/random.ts';

/** Shape of the account. */
export type SyntheticAccount = {
	readonly rooms: number;
	/** @default 1 */
	readonly seed?: number;
	/** The first so many rooms are large ones. @default 2 */
	readonly bigRooms?: number;
	/** Members of a large room. @default 50000 */
	readonly bigMembers?: number;
};

export type Json = Readonly<Record<string, unknown>>;

export const serverName = 'synthetic.test';
export const ownUser = `@me:${serverName}`;

/** Milliseconds since the Unix epoch: the newest message of the first sync is not younger. */
const newest = Date.UTC(2026, 9, 1);
const day = 86_400_000;
const timelineLength = 20;

const words =
	'lorem ipsum dolor sit amet consetetur sadipscing elitr sed diam nonumy eirmod tempor invidunt ut labore et dolore magna aliquyam erat voluptua at vero eos accusam justo duo dolores ea rebum stet clita kasd gubergren no sea takimata sanctus est'.split(
		' ',
	);
const networks = [undefined, undefined, undefined, 'signal', 'whatsapp', 'telegram', 'discord', 'irc', 'slack'];

/** Choices that follow from a seed. */
export const createChoices = (seed: number) => {
	const {below, pick, chance} = createRandom(seed);
	const between = (low: number, high: number): number => low + below(high - low + 1);
	const code = (length: number): string => {
		let text = '';
		while (text.length < length) text += below(4_294_967_296).toString(36);
		return text.slice(0, length);
	};
	return {
		fraction: () => below(1_000_000) / 1_000_000,
		chance,
		between,
		pick,
		code,
		sentence: (length: number): string => Array.from({length}, () => pick(words)).join(' '),
	};
};

type Choices = ReturnType<typeof createChoices>;

export const roomIdOf = (index: number): string => `!room${index}:${serverName}`;
export const roomIndexOf = (roomId: string): number => Number(/^!room(\d+):/.exec(roomId)?.[1] ?? Number.NaN);

export const isBig = ({bigRooms = 2}: SyntheticAccount, index: number): boolean => index < bigRooms;

const memberEvent = (userId: string, id: string, time: number): Json => ({
	type: 'm.room.member',
	state_key: userId,
	sender: userId,
	event_id: `$${id}`,
	origin_server_ts: time,
	content: {
		membership: 'join',
		displayname: `User ${userId.slice(1, 12)}`,
		avatar_url: `mxc://${serverName}/${id.slice(0, 24)}`,
	},
	unsigned: {age: 1_000_000},
});

/** What is fixed about a room before anybody writes. */
export const sketchOf = (account: SyntheticAccount, index: number, choices: Choices) => {
	const big = isBig(account, index);
	const isDirect = !big && choices.chance(0.45);
	const isEncrypted = choices.chance(0.35);
	const network = choices.pick(networks);
	const peopleCount = account.rooms * 3;
	const others = new Set<string>();
	for (let count = isDirect ? 1 : choices.between(2, big ? 40 : 13); count > 0; count--)
		others.add(`@user${choices.between(0, Math.max(500, peopleCount))}:other.example`);
	return {big, isDirect, isEncrypted, network, others: [...others]};
};

type Sketch = ReturnType<typeof sketchOf>;

const powerLevels = (creator: string): Json => ({
	users: {[creator]: 100},
	users_default: 0,
	events_default: 0,
	state_default: 50,
	ban: 50,
	kick: 50,
	redact: 50,
	invite: 0,
	events: {
		'm.room.name': 50,
		'm.room.power_levels': 100,
		'm.room.history_visibility': 100,
		'm.room.canonical_alias': 50,
		'm.room.avatar': 50,
		'm.room.tombstone': 100,
		'm.room.server_acl': 100,
		'm.room.encryption': 100,
	},
});

const bridgeOf = (network: string, choices: Choices): Json => ({
	bridgebot: `@${network}bot:${serverName}`,
	creator: `@${network}bot:${serverName}`,
	protocol: {id: network, displayname: network, avatar_url: `mxc://${serverName}/${choices.code(24)}`},
	channel: {id: choices.code(20), displayname: choices.sentence(2)},
});

export const stateOf = (index: number, sketch: Sketch, choices: Choices): readonly Json[] => {
	const {isDirect, isEncrypted, network, others} = sketch;
	const [creator = ownUser] = others;
	const time = newest - 60 * day - choices.between(0, 300) * day;
	const state: Json[] = [];
	const add = (type: string, content: Json, key = ''): void =>
		void state.push({
			type,
			state_key: key,
			content,
			sender: creator,
			event_id: `$${choices.code(43)}`,
			origin_server_ts: time,
			unsigned: {age: choices.between(1, 1_000_000_000)},
		});
	add('m.room.create', {creator, room_version: '10'});
	add('m.room.power_levels', powerLevels(creator));
	add('m.room.join_rules', {join_rule: isDirect ? 'invite' : 'public'});
	add('m.room.history_visibility', {history_visibility: 'shared'});
	add('m.room.guest_access', {guest_access: 'forbidden'});
	if (!isDirect || network !== undefined) add('m.room.name', {name: `${choices.sentence(2)} ${index}`});
	if (!isDirect) {
		add('m.room.topic', {topic: choices.sentence(choices.between(5, 25))});
		add('m.room.avatar', {url: `mxc://${serverName}/${choices.code(24)}`});
		if (choices.chance(0.4)) add('m.room.canonical_alias', {alias: `#room${index}:${serverName}`});
	}
	if (isEncrypted) add('m.room.encryption', {algorithm: 'm.megolm.v1.aes-sha2'});
	if (network !== undefined) {
		const bridge = bridgeOf(network, choices);
		add('m.bridge', bridge, `${network}://${choices.code(12)}`);
		add('uk.half-shot.bridge', bridge, `${network}://${choices.code(12)}`);
	}
	for (const user of [ownUser, ...others]) state.push(memberEvent(user, choices.code(43), time));
	return state;
};

/** Types of text events by weight; relations may point to events that are older than the timeline ("orphans"). */
const contentOf = (choices: Choices, known: readonly string[]): {readonly type: string; readonly content: Json} => {
	const kind = choices.fraction();
	const isOrphan = choices.chance(0.1);
	const target = isOrphan || known.length === 0 ? `$${choices.code(43)}` : choices.pick(known);
	const body = choices.sentence(choices.between(2, 40));
	const message = (more: Json = {}) => ({type: 'm.room.message', content: {msgtype: 'm.text', body, ...more}});
	if (kind < 0.5) return message({'m.mentions': {}});
	if (kind < 0.72)
		return message({format: 'org.matrix.custom.html', formatted_body: `<p>${body}</p>`, 'm.mentions': {}});
	if (kind < 0.84)
		return {
			type: 'm.reaction',
			content: {
				'm.relates_to': {rel_type: 'm.annotation', event_id: target, key: choices.pick(['👍', '❤️', '😂', '🎉'])},
			},
		};
	if (kind < 0.9)
		return message({
			body: `* ${body}`,
			'm.new_content': {msgtype: 'm.text', body},
			'm.relates_to': {rel_type: 'm.replace', event_id: target},
		});
	if (kind < 0.96) return message({'m.relates_to': {'m.in_reply_to': {event_id: target}}});
	const info = {w: 1000, h: 800, size: 123_456, mimetype: 'image/jpeg'};
	return message({msgtype: 'm.image', body: 'image.jpg', url: `mxc://${serverName}/${choices.code(24)}`, info});
};

/** A Megolm session per sender, as long as nobody leaves. */
const encryptedContent = (choices: Choices, index: number, sender: string): Json => ({
	algorithm: 'm.megolm.v1.aes-sha2',
	sender_key: 'A'.repeat(43),
	device_id: 'SYNTHETIC',
	session_id: `${index}${sender.replaceAll(/[^a-z0-9]/g, '')}`.padEnd(43, 'A').slice(0, 43),
	ciphertext: choices.code(choices.between(200, 500)),
});

type TimelineOptions = {
	readonly index: number;
	readonly sketch: Sketch;
	readonly choices: Choices;
	readonly count: number;
	readonly start: number;
};

const timelineOf = ({index, sketch, choices, count, start}: TimelineOptions): readonly Json[] => {
	const known: string[] = [];
	let time = start;
	return Array.from({length: count}, () => {
		time += choices.between(1000, 3_000_000);
		const sender = choices.chance(0.25) ? ownUser : choices.pick(sketch.others);
		const eventId = `$${choices.code(43)}`;
		const clear = contentOf(choices, known);
		const isEncrypted = sketch.isEncrypted && choices.chance(0.85);
		if (!isEncrypted && clear.type === 'm.room.message' && clear.content['m.relates_to'] === undefined)
			known.push(eventId);
		return {
			type: isEncrypted ? 'm.room.encrypted' : clear.type,
			content: isEncrypted ? encryptedContent(choices, index, sender) : clear.content,
			sender,
			event_id: eventId,
			origin_server_ts: time,
			unsigned: {age: newest + 10 * day - time},
		};
	});
};

/** About six receipts: a person rarely reads without leaving one. */
const receiptsOf = (sketch: Sketch, timeline: readonly Json[], choices: Choices): Json => {
	const receipts: Record<string, {'m.read': Record<string, Json>}> = {};
	for (const user of [ownUser, ...sketch.others.slice(0, 12)]) {
		const eventId = String(timeline[choices.between(8, timeline.length - 1)]?.['event_id']);
		receipts[eventId] ??= {'m.read': {}};
		receipts[eventId]['m.read'][user] = {ts: newest - choices.between(0, 1_000_000)};
	}
	return receipts;
};

const summaryOf = ({bigMembers = 50_000}: SyntheticAccount, {big, others}: Sketch): Json => ({
	'm.heroes': others.slice(0, 5),
	'm.joined_member_count': big ? bigMembers : others.length + 1,
	'm.invited_member_count': 0,
});

export const bigMemberEvent = (index: number, member: number): Json =>
	memberEvent(`@crowd${member}:room${index}.example`, `crowd${member}in${index}`.padEnd(43, 'A'), newest - 90 * day);

export const seedOf = ({seed = 1}: SyntheticAccount, index: number, round: number): number =>
	Math.imul(seed, 1_000_003) + index * 31 + round * 7_919;

/** One room of the first sync. */
export const firstRoom = (account: SyntheticAccount, index: number): Json => {
	const choices = createChoices(seedOf(account, index, 0));
	const sketch = sketchOf(account, index, choices);
	const state = stateOf(index, sketch, choices);
	const start = newest - timelineLength * 3_000_000 - choices.between(0, 20 * day);
	const timeline = timelineOf({index, sketch, choices, count: timelineLength, start});
	const tags = {type: 'm.tag', content: {tags: {'m.favourite': {order: choices.fraction()}}}};
	const isUnread = choices.chance(0.25);
	return {
		timeline: {events: timeline, prev_batch: `t1-${choices.code(12)}`, limited: true},
		state: {events: state},
		account_data: {
			events: [
				{type: 'm.fully_read', content: {event_id: choices.pick(timeline)['event_id']}},
				...(choices.chance(0.08) ? [tags] : []),
			],
		},
		ephemeral: {events: [{type: 'm.receipt', content: receiptsOf(sketch, timeline, choices)}]},
		unread_notifications: {
			notification_count: isUnread ? choices.between(1, 40) : 0,
			highlight_count: isUnread ? choices.between(0, 2) : 0,
		},
		summary: summaryOf(account, sketch),
	};
};

/** A room of a later sync with `count` new events; with `isLimited`, more were left out before them. */
export const laterRoom = (
	account: SyntheticAccount,
	{index, round, count, isLimited}: {index: number; round: number; count: number; isLimited: boolean},
): Json => {
	const sketch = sketchOf(account, index, createChoices(seedOf(account, index, 0)));
	const choices = createChoices(seedOf(account, index, round));
	const events =
		count === 1
			? [plainMessage(sketch, choices, round)]
			: timelineOf({index, sketch, choices, count, start: newest + round * 60_000});
	return {
		timeline: {events, prev_batch: `t${round}-${choices.code(12)}`, limited: isLimited},
		state: {events: []},
		account_data: {events: []},
		ephemeral: {events: []},
		unread_notifications: {notification_count: count, highlight_count: 0},
		summary: summaryOf(account, sketch),
	};
};

/** The same in every room, whether it is encrypted or not, so that what a message costs can be compared. */
const plainMessage = (sketch: Sketch, choices: Choices, round: number): Json => ({
	type: 'm.room.message',
	content: {msgtype: 'm.text', body: `Message number ${round}, of ordinary length: ${choices.sentence(8)}`},
	sender: sketch.others[0],
	event_id: `$${choices.code(43)}`,
	origin_server_ts: newest + 20 * day + round * 60_000,
	unsigned: {age: 100},
});
