/** Which rooms are bridged, and what is known of the bots of bridges. Rooms that changed wait in `portal_due` to be looked at. */
import {bridgesType, bridgeWords} from '../domain/bridge-words.ts';
import {asArray, asObject, asString, type JsonObject} from '../domain/json.ts';
import {
	isGrouped,
	type BotFacts,
	type BridgeState,
	type BridgeTrust,
	type KnownBridge,
	type Portal,
	type PortalKind,
	type RoomEvidence,
} from '../domain/portal.ts';
import type {Membership} from '../domain/room.ts';
import type {AccountDatabase} from './account-database.ts';
import {createAttention} from './attention.ts';
import {prepare} from './bind.ts';
import {flag, integer, json, optionalText, text} from './columns.ts';
import {createDirectRooms} from './direct-rooms.ts';
import {createSectionWriter} from './inbox-sections.ts';
import type {Database, Row} from './open-database.ts';

/** Members that are looked at; the bot of a bridge made the room, and its ghosts are among the first. */
const mostMembers = 50;

/** People that are looked at to learn how ghosts are called. */
const mostPeople = 500;

/** State that says something of a bridge. */
const bridgeTypes = `type IN ('m.bridge', 'uk.half-shot.bridge', 'com.beeper.room_features')
	OR (type >= 'uk.half-shot.matrix-hookshot.' AND type < 'uk.half-shot.matrix-hookshot/')`;

/** A room that is to be looked at. */
export type DueRoom = {readonly rid: number; readonly roomId: string};

/** What a bot was found to be, and when the server was asked last. */
export type KnownBot = {
	readonly userId: string;
	readonly verdict: BotFacts['verdict'];
	/** Milliseconds since the Unix epoch. */
	readonly askedAt: number;
};

const stateOf = (row: Row): BridgeState => {
	const event = asObject(json(row, 'json'));
	return {
		type: text(row, 'type'),
		stateKey: text(row, 'state_key'),
		sender: asString(event['sender']) ?? '',
		content: asObject(event['content']),
	};
};

const strings = (value: unknown): readonly string[] => asArray(value).filter(each => typeof each === 'string');

const portalOf = (row: Row): Portal => {
	const network = optionalText(row, 'network');
	return {
		protocol: text(row, 'protocol'),
		trust: row['trust'] as BridgeTrust,
		kind: row['kind'] as PortalKind,
		bot: optionalText(row, 'bot'),
		account: optionalText(row, 'account'),
		network: network === undefined ? undefined : {id: network, name: text(row, 'network_name')},
		channel: optionalText(row, 'channel'),
		ownGhost: optionalText(row, 'own_ghost'),
		formerly: optionalText(row, 'formerly'),
		isRequest: flag(row, 'is_request'),
	};
};

const factsOf = (row: Row): BotFacts => ({
	verdict: row['verdict'] as BotFacts['verdict'],
	protocol: optionalText(row, 'protocol'),
	ghostPrefix: optionalText(row, 'ghost_prefix'),
});

export type PortalReader = {
	readonly portal: (rid: number) => Portal | undefined;
	/** What detection looks at (`bridges/detect.ts`). @throws RangeError for a room that is not known */
	readonly evidence: (rid: number) => RoomEvidence;
	/** Bridge events, limits and timers of a room, which are as untrusted as the rest. */
	readonly bridgeStates: (rid: number) => readonly BridgeState[];
	/** Bots of which it is settled what they are, or known how their ghosts are called, by user id; the person's word comes first. */
	readonly knownBots: () => ReadonlyMap<string, BotFacts>;
	/** Whether the invitation to a room is accepted without the person. */
	readonly isAccepted: (rid: number) => boolean;
	/** User ids of who is in the chats that a bot surely made, besides it and the account. */
	readonly peopleOf: (bot: string) => readonly string[];
};

/** @param ownUserId the account's user id */
export const createPortalReader = (database: Database, ownUserId: string): PortalReader => {
	const portal = prepare(database, 'SELECT * FROM portal WHERE rid = ?');
	const room = prepare(
		database,
		'SELECT membership, joined_count, invited_count, inviter, name, topic FROM room WHERE rid = ?',
	);
	const create = prepare(
		database,
		`SELECT json FROM state WHERE rid = ? AND type = 'm.room.create' AND state_key = ''`,
	);
	const states = prepare(database, `SELECT type, state_key, json FROM state WHERE rid = ? AND (${bridgeTypes})`);
	const stated = prepare(
		database,
		`SELECT type, state_key, json FROM state WHERE rid = ? AND (${bridgeTypes} OR type = 'com.beeper.disappearing_timer')`,
	);
	const members = prepare(
		database,
		`SELECT user_id FROM member WHERE rid = ? AND user_id <> ? AND membership IN ('join', 'invite') LIMIT ${mostMembers}`,
	);
	const membership = prepare(database, 'SELECT membership FROM member WHERE rid = ? AND user_id = ?');
	const bots = prepare(database, `SELECT * FROM bridge_bot WHERE verdict <> 'unknown' OR ghost_prefix IS NOT NULL`);
	const people = prepare(
		database,
		`SELECT DISTINCT user_id FROM portal CROSS JOIN member ON member.rid = portal.rid
		WHERE bot = ? AND trust = 'attested' AND membership IN ('join', 'invite') AND user_id NOT IN (?, bot) LIMIT ${mostPeople}`,
	);

	const words = prepare(database, `SELECT json FROM account_data WHERE type = '${bridgesType}'`);

	const said = () => bridgeWords(asObject(json(words.get(), 'json')));

	const creatorsOf = (event: JsonObject): readonly string[] => {
		const sender = asString(event['sender']);
		return [...(sender === undefined ? [] : [sender]), ...strings(asObject(event['content'])['additional_creators'])];
	};

	return {
		portal(rid) {
			const row = portal.get(rid);
			return row === undefined ? undefined : portalOf(row);
		},
		bridgeStates: rid => stated.all(rid).map(stateOf),
		evidence(rid) {
			const row = room.get(rid);
			if (row === undefined) throw new RangeError(`There is no room ${rid}`);
			const found = states.all(rid).map(stateOf);
			const creators = creatorsOf(asObject(json(create.get(rid), 'json')));
			const named = [...creators, ...found.flatMap(({content}) => asString(content['bridgebot']) ?? [])];
			// A bot may be far down the list of a large room.
			const known = new Map(named.map(userId => [userId, optionalText(membership.get(rid, userId), 'membership')]));
			const present = named.filter(userId => ['join', 'invite'].includes(known.get(userId) ?? ''));
			const others = members.all(rid, ownUserId).map(member => text(member, 'user_id'));
			const all = [...new Set([...present.filter(userId => userId !== ownUserId), ...others])];
			const counted = integer(row, 'joined_count') + integer(row, 'invited_count');
			return {
				membership: row['membership'] as Membership,
				creators,
				states: found,
				members: all,
				departed: named.filter(userId => ['leave', 'ban'].includes(known.get(userId) ?? '')),
				memberCount: Math.max(counted, all.length + 1),
				inviter: optionalText(row, 'inviter'),
				name: optionalText(row, 'name'),
				topic: optionalText(row, 'topic'),
			};
		},
		isAccepted: rid => text(portal.get(rid), 'trust') === 'attested' && !said().isAskedFirst,
		peopleOf: bot => people.all(bot, ownUserId).map(row => text(row, 'user_id')),
		knownBots() {
			const found = new Map<string, BotFacts>(bots.all().map(row => [text(row, 'user_id'), factsOf(row)]));
			for (const [bot, facts] of said().bots) found.set(bot, {...facts, ghostPrefix: found.get(bot)?.ghostPrefix});
			return found;
		},
	};
};

/** Each call that writes: inside a transaction. */
export const createPortalStore = ({database}: AccountDatabase, ownUserId: string) => {
	const reader = createPortalReader(database, ownUserId);
	const sections = createSectionWriter(database);
	const directs = createDirectRooms(database, ownUserId);
	const attention = createAttention(database, ownUserId);
	const due = prepare(database, 'SELECT rid, room_id FROM portal_due CROSS JOIN room USING(rid) ORDER BY rid LIMIT ?');
	const done = prepare(database, 'DELETE FROM portal_due WHERE rid = ?');
	const add = prepare(
		database,
		`INSERT OR IGNORE INTO portal_due SELECT rid FROM portal WHERE bot = ?
		UNION SELECT rid FROM member WHERE user_id = ? UNION SELECT rid FROM room WHERE inviter IS NOT NULL AND membership = 'invite'`,
	);
	const ownGhost = prepare(database, 'SELECT 1 FROM own_ghost WHERE user_id = ?');
	const lookAgain = prepare(database, `INSERT OR IGNORE INTO portal_due SELECT rid FROM portal WHERE bot = ?`);
	const put = prepare(
		database,
		`INSERT OR REPLACE INTO portal(rid, protocol, trust, kind, bot, account, network, network_name, channel, own_ghost, formerly, is_request)
		VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const remove = prepare(database, 'DELETE FROM portal WHERE rid = ?');
	const setProtocol = prepare(database, 'UPDATE room SET protocol = ? WHERE rid = ?');
	const bridges = prepare(
		database,
		`SELECT bot, portal.protocol AS protocol,
			CASE min(CASE trust WHEN 'attested' THEN 0 WHEN 'inferred' THEN 1 WHEN 'announced' THEN 2 ELSE 3 END)
				WHEN 0 THEN 'attested' WHEN 1 THEN 'inferred' WHEN 2 THEN 'announced' ELSE 'claimed' END AS trust,
			sum(trust IN ('attested', 'inferred') AND kind IN ('direct', 'group', 'channel')) AS rooms
		FROM portal CROSS JOIN room USING(rid) WHERE membership = 'join' AND bot IS NOT NULL
		GROUP BY bot, portal.protocol ORDER BY rooms DESC, bot`,
	);
	const invitations = prepare(
		database,
		`SELECT room_id FROM room CROSS JOIN portal USING(rid) WHERE membership = 'invite' AND trust = 'attested' ORDER BY rid`,
	);
	const bot = prepare(database, 'SELECT * FROM bridge_bot WHERE user_id = ?');
	const putBot = prepare(
		database,
		`INSERT INTO bridge_bot(user_id, verdict, protocol, ghost_prefix, asked_at) VALUES(?, ?, ?, ?, ?)
		ON CONFLICT(user_id) DO UPDATE SET verdict = excluded.verdict, asked_at = excluded.asked_at,
			protocol = coalesce(excluded.protocol, bridge_bot.protocol), ghost_prefix = coalesce(excluded.ghost_prefix, bridge_bot.ghost_prefix)`,
	);
	const putPortal = (rid: number, portal: Portal): void => {
		const {protocol, trust, kind, account, network, channel, ownGhost, formerly, isRequest} = portal;
		put.run(
			rid,
			protocol,
			trust,
			kind,
			portal.bot,
			account,
			network?.id,
			network?.name,
			channel,
			ownGhost,
			formerly,
			isRequest,
		);
	};

	return {
		...reader,
		/** @returns rooms that are to be looked at */
		due: (limit: number): readonly DueRoom[] =>
			due.all(limit).map(row => ({rid: integer(row, 'rid'), roomId: text(row, 'room_id')})),
		/** Writes what a room was found to be; it is looked at no more until something changes. */
		write(rid: number, portal: Portal | undefined): void {
			done.run(rid);
			setProtocol.run(portal !== undefined && isGrouped(portal) ? portal.protocol : null, rid);
			const wasSplit = sections.isSplit(portal);
			const before = reader.portal(rid);
			if (portal === undefined) remove.run(rid);
			else putPortal(rid, portal);
			sections.place(rid, portal, before, wasSplit);
			directs.applyPortal(rid, portal, before?.kind === 'direct');
			attention.settle(rid);
		},
		/** Whether somebody is the person themselves, as a bridge has them. */
		isOwnGhost: (userId: string): boolean => ownGhost.get(userId) !== undefined,
		/** The rooms of a bot are to be looked at once more. */
		lookAgain: (userId: string): void => void lookAgain.run(userId),
		/** Bots and their networks, those with the most rooms first. */
		bridges: (): readonly KnownBridge[] =>
			bridges.all().map(row => ({
				bot: text(row, 'bot'),
				protocol: text(row, 'protocol'),
				trust: row['trust'] as BridgeTrust,
				rooms: integer(row, 'rooms'),
			})),
		/** Room ids of invitations that bots and ghosts of certain bridges sent. */
		invitations: (): readonly string[] => invitations.all().map(row => text(row, 'room_id')),
		bot(userId: string): KnownBot | undefined {
			const row = bot.get(userId);
			if (row === undefined) return undefined;
			return {userId, verdict: row['verdict'] as KnownBot['verdict'], askedAt: integer(row, 'asked_at')};
		},
		/** Writes what a bot was found to be; rooms that it may have to do with are looked at again. */
		writeBot(known: KnownBot, facts: Partial<Pick<BotFacts, 'protocol' | 'ghostPrefix'>> = {}): void {
			putBot.run(known.userId, known.verdict, facts.protocol, facts.ghostPrefix, known.askedAt);
			add.run(known.userId, known.userId);
		},
	};
};
