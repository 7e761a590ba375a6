/** Answers of /sync that are full of malformed events, with well-formed ones before and after them as witnesses. */
import type {JsonObject} from '../../source/domain/json.ts';
import {envelopeTemplate, eventTemplates, roomTemplate} from '../corpus/event-templates.ts';
import {anna, owner, targetId, type EventPlace, type EventTemplate} from '../corpus/state-templates.ts';
import {everyMalformed, someMalformed} from '../corpus/malformed-json.ts';
import type {Random} from '../helpers/random.ts';

/** Above 40 rooms in an answer the SDK gets only those that it holds. */
const roomCount = 24;
const invitations = 2;
const casesPerAnswer = 1000;

export type MalformedAnswers = {
	/** JSON; the first one is the first sync, in which nothing is wrong. */
	readonly bodies: readonly string[];
	/** Of each answer, by room: the ids of its witnesses, in order. */
	readonly witnesses: ReadonlyArray<ReadonlyMap<string, readonly string[]>>;
	/** Malformed values in all answers. */
	readonly count: number;
};

/** What an answer is made of, as JSON. */
type Place = EventPlace | 'invite' | 'room' | 'envelope';
type Cases = Record<Place, string[]>;

/** Each case gets an event id of its own, unless the id is what is wrong. */
const numbered = (json: string, number: number): string => json.replaceAll('"$own"', `"$case${number}"`);

const isState = ({place}: EventTemplate): boolean => place === 'state';

const createCases = (wanted: number, random: Random): {readonly cases: Cases; readonly count: number} => {
	const cases: Cases = {
		timeline: [],
		state: [],
		'room-account-data': [],
		ephemeral: [],
		'account-data': [],
		'to-device': [],
		presence: [],
		invite: [],
		room: [],
		envelope: [],
	};
	let count = 0;
	const add = (place: Place, json: string): void => {
		count += 1;
		cases[place].push(numbered(json, count));
	};
	for (const template of eventTemplates) {
		for (const json of everyMalformed(template.event)) {
			add(template.place, json);
			if (!isState(template)) continue;
			add('timeline', json);
			add('invite', json);
		}
	}
	for (const json of everyMalformed(roomTemplate)) add('room', json);
	for (const json of everyMalformed(envelopeTemplate)) add('envelope', json);
	while (count < wanted) {
		const template = random.pick(eventTemplates);
		const json = someMalformed(template.event, random);
		add(isState(template) ? random.pick(['timeline', 'state', 'invite'] as const) : template.place, json);
	}
	return {cases, count};
};

const own = (membership: string): JsonObject => ({
	type: 'm.room.member',
	state_key: owner,
	sender: membership === 'invite' ? anna : owner,
	content: {membership},
});

const message = (eventId: string): JsonObject => ({
	type: 'm.room.message',
	event_id: eventId,
	sender: anna,
	origin_server_ts: 1_700_000_000_000,
	content: {msgtype: 'm.text', body: eventId},
});

const ownEvent = {...own('join'), origin_server_ts: 1};

const firstAnswer = (roomIds: readonly string[]): string =>
	JSON.stringify({
		next_batch: 's0',
		device_one_time_keys_count: {signed_curve25519: 50},
		rooms: {
			join: Object.fromEntries(
				roomIds.map((roomId, index) => [
					roomId,
					{
						state: {events: [{...ownEvent, event_id: `$own${index}`}]},
						timeline: {events: [index === 0 ? message(targetId) : message(`$first${index}`)], prev_batch: 'p'},
					},
				]),
			),
		},
	});

const list = (events: readonly string[]): string => `{"events":[${events.join(',')}]}`;

/** @returns the part of `all` that belongs to one of `of` */
const share = (all: readonly string[], index: number, of: number): readonly string[] =>
	all.slice(Math.floor((all.length * index) / of), Math.floor((all.length * (index + 1)) / of));

/** The members of a JSON object, without its braces. */
const inner = (json: string): string => json.slice(1, -1);

const joinedRoom = (
	parts: Record<'timeline' | 'state' | 'ephemeral' | 'data', readonly string[]>,
	witnesses: readonly string[],
): string => {
	const [before = '', after = ''] = witnesses.map(id => JSON.stringify(message(id)));
	return `{"timeline":${list([before, ...parts.timeline, after])},"state":${list(parts.state)},"ephemeral":${list(parts.ephemeral)},"account_data":${list(parts.data)}}`;
};

/** Makes answers of about a thousand cases each. */
export const createMalformedAnswers = ({
	wanted,
	random,
}: {
	readonly wanted: number;
	readonly random: Random;
}): MalformedAnswers => {
	const {cases, count} = createCases(wanted, random);
	const roomIds = Array.from({length: roomCount}, (_, index) => `!r${index}:example.org`);
	const number = Math.ceil(count / casesPerAnswer);
	const bodies = [firstAnswer(roomIds)];
	const witnesses: Array<ReadonlyMap<string, readonly string[]>> = [new Map()];
	for (let answer = 1; answer <= number; answer++) {
		const of = (place: Place): readonly string[] => share(cases[place], answer - 1, number);
		const present = new Map(
			roomIds.map((id, index) => [id, [`$witness${answer}-${index}-a`, `$witness${answer}-${index}-b`]]),
		);
		const joined = roomIds.map((id, index) => {
			const part = (place: Place): readonly string[] => share(of(place), index, roomCount);
			const parts = {
				timeline: part('timeline'),
				state: part('state'),
				ephemeral: part('ephemeral'),
				data: part('room-account-data'),
			};
			return `${JSON.stringify(id)}:${joinedRoom(parts, present.get(id) ?? [])}`;
		});
		const odd = of('room').map((room, index) => `"!odd${answer}-${index}:example.org":${room}`);
		const invited = Array.from({length: invitations}, (_, index) => {
			const events = [JSON.stringify(own('invite')), ...share(of('invite'), index, invitations)];
			return `"!i${answer}-${index}:example.org":{"invite_state":${list(events)}}`;
		});
		const top = [
			`"account_data":${list(of('account-data'))}`,
			`"to_device":${list(of('to-device'))}`,
			`"presence":${list(of('presence'))}`,
			'"device_one_time_keys_count":{"signed_curve25519":50}',
			`"rooms":{"join":{${[...joined, ...odd].join(',')}},"invite":{${invited.join(',')}}}`,
		];
		bodies.push(`{${top.join(',')},"next_batch":"s${bodies.length}"}`);
		witnesses.push(present);
		for (const envelope of of('envelope')) {
			if (!envelope.startsWith('{')) continue;
			const members = inner(envelope);
			bodies.push(`{${members}${members === '' ? '' : ','}"next_batch":"s${bodies.length}"}`);
			witnesses.push(new Map());
		}
	}
	return {bodies, witnesses, count};
};
