/** How the logins of bridges are, as their bots said last. Only what bots that are certain said is read. */
import {
	isOut,
	type BridgeCondition,
	type BridgeHealth,
	type BridgeRemedy,
	type BridgeReport,
	type QuietLogin,
} from '../domain/bridge-health.ts';
import {loginName} from '../domain/room-name.ts';
import type {AccountDatabase} from './account-database.ts';
import {prepare} from './bind.ts';
import {integer, optionalText, text} from './columns.ts';
import type {Database, Row} from './open-database.ts';

/** A room with the bot of a bridge, which is certain to be one. */
export type ConsoleRoom = {
	readonly rid: number;
	/** User id. */
	readonly bot: string;
	/** Id of the registry. */
	readonly protocol: string;
};

export type BridgeHealthReader = {
	/** The logins that bots spoke of, by network and name. */
	readonly health: () => readonly BridgeHealth[];
	/** The logins that rooms tell of, and of which bots said nothing. */
	readonly quiet: () => readonly QuietLogin[];
	/** The login over which a room is written to, where nothing arrives there now; `undefined` where all is well, or nothing is known. */
	readonly outage: (rid: number) => BridgeHealth | undefined;
	/** Rooms with bots, those that were active last first. */
	readonly consoles: () => readonly ConsoleRoom[];
};

const healthOf = (row: Row): BridgeHealth => ({
	bot: text(row, 'bot'),
	protocol: text(row, 'protocol'),
	rid: integer(row, 'rid'),
	account: text(row, 'account'),
	name: optionalText(row, 'name'),
	condition: row['condition'] as BridgeCondition,
	state: text(row, 'state'),
	error: optionalText(row, 'error'),
	message: optionalText(row, 'message'),
	remedy: optionalText(row, 'remedy') as BridgeRemedy | undefined,
	since: integer(row, 'since'),
});

export const createBridgeHealthReader = (database: Database): BridgeHealthReader => {
	// A bot that is believed no more says nothing any more. The logins are few: from them to their portals, not the other way.
	const health = prepare(
		database,
		`SELECT bridge_health.*, protocol FROM bridge_health
		CROSS JOIN portal ON portal.rid = bridge_health.rid AND portal.bot = bridge_health.bot AND kind = 'console' AND trust = 'attested'
		WHERE condition <> 'gone' ORDER BY protocol, name, account`,
	);
	const quiet = prepare(
		database,
		`SELECT bot, portal.protocol AS protocol, account, (SELECT calculated_name FROM portal AS space CROSS JOIN room USING(rid)
			WHERE space.bot = portal.bot AND space.account = portal.account AND space.kind = 'account' AND space.trust = 'attested') AS name
		FROM portal CROSS JOIN room USING(rid) WHERE account IS NOT NULL AND bot IS NOT NULL AND trust = 'attested' AND membership = 'join'
			AND NOT EXISTS(SELECT 1 FROM bridge_health AS said WHERE said.bot = portal.bot AND said.account = portal.account)
		GROUP BY bot, portal.protocol, account ORDER BY protocol, name, account`,
	);
	const consoles = prepare(
		database,
		`SELECT portal.rid AS rid, bot, portal.protocol AS protocol FROM portal CROSS JOIN room USING(rid)
		WHERE kind = 'console' AND trust = 'attested' AND bot IS NOT NULL AND membership = 'join' ORDER BY last_activity DESC`,
	);
	const portal = prepare(
		database,
		`SELECT bot, protocol, network, account FROM portal WHERE rid = ? AND kind <> 'console' AND trust IN ('attested', 'inferred')`,
	);
	const accounts = prepare(
		database,
		`SELECT DISTINCT account FROM portal INDEXED BY portal_of_network
		WHERE protocol = ? AND network = ? AND account IS NOT NULL AND trust = 'attested'`,
	);

	/** Ids of the logins by which a room may be reached; groups mostly do not say of which they are. */
	const accountsOf = (row: Row): readonly string[] => {
		const account = optionalText(row, 'account');
		if (account !== undefined) return [account];
		const network = optionalText(row, 'network');
		return network === undefined ? [] : accounts.all(text(row, 'protocol'), network).map(each => text(each, 'account'));
	};

	const logins = (): readonly BridgeHealth[] => health.all().map(healthOf);

	return {
		health: logins,
		quiet: () =>
			quiet.all().map(row => ({
				bot: text(row, 'bot'),
				protocol: text(row, 'protocol'),
				account: text(row, 'account'),
				name: loginName(optionalText(row, 'name')),
			})),
		outage(rid) {
			const row = portal.get(rid);
			if (row === undefined) return undefined;
			const ofBot = logins().filter(({bot}) => bot === row['bot']);
			// Where there are no logins, each network has a connection (heisenbridge).
			const isConnection = ofBot.some(({account}) => account === row['network']);
			const own = isConnection ? [row['network']] : accountsOf(row);
			// What is said without a login is said of the bridge as a whole.
			const known = ofBot.filter(({account}) => account === '' || own.length === 0 || own.includes(account));
			return known.every(isOut) ? known[0] : undefined;
		},
		consoles: () =>
			consoles.all().map(row => ({rid: integer(row, 'rid'), bot: text(row, 'bot'), protocol: text(row, 'protocol')})),
	};
};

/** Each call that writes: inside a transaction. */
export const createBridgeHealthStore = ({database}: AccountDatabase) => {
	const put = prepare(
		database,
		`INSERT INTO bridge_health(bot, account, name, condition, state, error, message, remedy, rid, since)
		VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT(bot, account) DO UPDATE SET name = coalesce(excluded.name, bridge_health.name), condition = excluded.condition,
			state = excluded.state, error = excluded.error, message = excluded.message, remedy = excluded.remedy,
			rid = excluded.rid, since = excluded.since
		WHERE excluded.since > bridge_health.since`,
	);
	// What the bot said before is in the room still.
	const forget = prepare(
		database,
		`UPDATE bridge_health SET condition = 'gone', since = ? WHERE bot = ? AND account = ?`,
	);
	// Bridges that speak of single logins say nothing of the whole any more.
	const endWhole = prepare(
		database,
		`UPDATE bridge_health SET condition = 'gone', since = ? WHERE bot = ? AND account = '' AND since < ? AND condition <> 'gone'`,
	);
	return {
		/** Notes what a bot said; what is older than what is known counts no more. @returns whether something is new */
		note(report: BridgeReport & Pick<BridgeHealth, 'bot' | 'rid' | 'since'>): boolean {
			const {bot, account, name, condition, state, error, message, remedy, rid, since} = report;
			const {changes} = put.run(bot, account, name, condition, state, error, message, remedy, rid, since);
			if (account === '' || condition !== 'connected') return changes > 0;
			return endWhole.run(since, bot, since).changes > 0 || changes > 0;
		},
		/** The person has signed out: there is no login to speak of, until the bot speaks of it again. @param time milliseconds since the Unix epoch */
		forget: (bot: string, account: string, time: number): boolean => forget.run(time, bot, account).changes > 0,
	};
};
