/** Anna on three networks, for tests: a chat on Signal, one on WhatsApp and one on Matrix, whose messages alternate. */
import type {JsonObject} from '../../source/domain/json.ts';
import {at, me, member, text, type SampleAccount, type SampleEvent} from './sample-account.ts';

/** A chat of Anna's. */
export type SampleChat = {readonly id: string; readonly user: string; readonly protocol: string | undefined};

export const onSignal: SampleChat = {
	id: '!signal:one.test',
	user: '@signal_5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d:one.test',
	protocol: 'signal',
};
export const onWhatsApp: SampleChat = {
	id: '!whatsapp:one.test',
	user: '@whatsapp_49170:one.test',
	protocol: 'whatsapp',
};
export const onMatrix: SampleChat = {id: '!matrix:one.test', user: '@anna:one.test', protocol: undefined};

export const chats = [onSignal, onWhatsApp, onMatrix] as const;

const directChats = (all: readonly SampleChat[]): JsonObject =>
	Object.fromEntries(all.map(({id, user}) => [user, [id]]));

/** Writes what the owner said of people. */
export const linkPeople = (account: SampleAccount, users: readonly string[], name?: string): void =>
	account.tell('chat.mx.people', {people: [{id: 'p1', users, ...(name === undefined ? {} : {name})}]});

/** A message of Anna's, in the words of which its network stands. */
export const annaSays = ({user}: SampleChat, body: string, clock: string, daysAgo = 0): SampleEvent =>
	text(user, body, {origin_server_ts: at(clock, daysAgo)});

export const iSay = (body: string, clock: string, daysAgo = 0): SampleEvent =>
	text(me, body, {origin_server_ts: at(clock, daysAgo)});

/** Makes the rooms; linked without `isApart`. @returns their numbers in the order of `chats` */
export const addAnna = (
	account: SampleAccount,
	timelines: readonly (readonly SampleEvent[])[] = [
		[annaSays(onSignal, 'are you coming?', '18:02', 1), annaSays(onSignal, 'bring the salad', '12:31')],
		[iSay('yes! what shall I bring', '18:40', 1), annaSays(onWhatsApp, 'look at this', '12:33')],
		[annaSays(onMatrix, 'hello from Matrix', '09:00')],
	],
	{isApart = false, name = 'Anna'}: {readonly isApart?: boolean; readonly name?: string} = {},
): readonly number[] => {
	const rids = chats.map(({id, user, protocol}, index) => {
		const [rid = 0] = account.sync({
			id,
			state: [member(user, name), member(me, 'Alice')],
			timeline: timelines[index] ?? [],
		});
		if (protocol !== undefined) account.bridge(rid, {protocol, bot: `@${protocol}bot:one.test`});
		return rid;
	});
	account.tell('m.direct', directChats(chats));
	if (!isApart)
		linkPeople(
			account,
			chats.map(({user}) => user),
		);
	return rids;
};
