/** Which section of the inbox a room is in: found when it is found out of which network it is, read by an index. */
import type {BridgeHealth} from '../domain/bridge-health.ts';
import {fixedSections, type InboxSection} from '../domain/inbox-section.ts';
import {isGrouped, type Portal} from '../domain/portal.ts';
import {prepare} from './bind.ts';
import {createBridgeHealthReader} from './bridge-health-store.ts';
import {flag, integer, optionalText, text} from './columns.ts';
import type {Database, Row} from './open-database.ts';
import {inboxSectionSql, inSections, isWaitingSql} from './room-order.ts';

const {requests, matrix, bridges} = fixedSections;

/** The worst first. */
const troubles = ['failed', 'logged-out', 'disconnected', 'connecting'] as const;

const ofText = (row: Row, column: string): string | undefined => {
	const value = text(row, column);
	return value === '' ? undefined : value;
};

/** Portals that say of which login they are; in the words of their index. */
const isLogin = `account IS NOT NULL AND trust IN ('attested', 'inferred')`;

/** @returns the sections that have rooms, with their counts, in no order. */
export const createSectionReader = (database: Database) => {
	const {index, where} = inSections;
	const counted = prepare(
		database,
		`SELECT ${inboxSectionSql} AS id, count(*) AS rooms, sum(membership = 'invite' OR ${isWaitingSql}) AS unread, sum(membership = 'invite') AS invitations,
			sum(highlight_count > 0 AND NOT is_muted) AS mentions FROM room INDEXED BY ${index} WHERE ${where} GROUP BY ${inboxSectionSql}`,
	);
	const named = prepare(
		database,
		`SELECT protocol, network, network_name, account, (SELECT calculated_name FROM portal CROSS JOIN room USING(rid)
			WHERE portal.protocol = inbox_section.protocol AND portal.account = inbox_section.account AND kind = 'account'
				AND trust IN ('attested', 'inferred')) AS account_name
		FROM inbox_section WHERE id = ?`,
	);
	const accounts = prepare(
		database,
		`SELECT DISTINCT account FROM portal INDEXED BY portal_of_network
		WHERE protocol = ? AND network = ? AND account IS NOT NULL AND trust = 'attested'`,
	);
	const {health} = createBridgeHealthReader(database);

	type Place = Pick<InboxSection, 'protocol' | 'network' | 'account'>;

	/** @returns whether a login is one of those whose rooms stand there; what is of a whole bridge is of all. */
	const isOf = (login: BridgeHealth, {protocol, network, account}: Place): boolean => {
		if (login.protocol !== protocol) return false;
		if (login.account === '' || (network === undefined && account === undefined)) return true;
		if (account !== undefined) return login.account === account;
		// The connection to a network (heisenbridge).
		if (login.account === network) return true;
		return accounts.all(login.protocol, network).some(row => row['account'] === login.account);
	};

	const worstOf = (logins: readonly BridgeHealth[]): InboxSection['trouble'] =>
		troubles.find(trouble => logins.some(({condition}) => condition === trouble));

	return (): readonly InboxSection[] => {
		const logins = health();
		return counted.all().map(row => {
			const id = integer(row, 'id');
			const name = named.get(id);
			const place: Place = {
				protocol: name === undefined ? undefined : ofText(name, 'protocol'),
				network: name === undefined ? undefined : ofText(name, 'network'),
				account: name === undefined ? undefined : ofText(name, 'account'),
			};
			const ofPlace = logins.filter(login => isOf(login, place));
			return {
				id,
				rooms: integer(row, 'rooms'),
				unread: integer(row, 'unread'),
				invitations: integer(row, 'invitations'),
				mentions: integer(row, 'mentions'),
				...place,
				networkName: optionalText(name, 'network_name'),
				accountName: optionalText(name, 'account_name') ?? ofPlace.find(({account}) => account === place.account)?.name,
				trouble: worstOf(ofPlace),
			};
		});
	};
};

/** Each call writes: inside a transaction. */
export const createSectionWriter = (database: Database) => {
	const find = prepare(
		database,
		'SELECT id, network_name FROM inbox_section WHERE protocol = ? AND network = ? AND account = ?',
	);
	const add = prepare(
		database,
		'INSERT INTO inbox_section(protocol, network, account, network_name) VALUES(?, ?, ?, ?) RETURNING id',
	);
	const rename = prepare(database, 'UPDATE inbox_section SET network_name = ? WHERE id = ?');
	const accounts = prepare(
		database,
		`SELECT (SELECT min(account) FROM portal INDEXED BY portal_of_login WHERE protocol = ? AND network IS ? AND ${isLogin}) AS first,
			(SELECT max(account) FROM portal INDEXED BY portal_of_login WHERE protocol = ? AND network IS ? AND ${isLogin}) AS last`,
	);
	const ofNetwork = prepare(
		database,
		`SELECT rid, account, is_request, kind FROM portal INDEXED BY portal_of_network
		WHERE protocol = ? AND network IS ? AND trust IN ('attested', 'inferred')`,
	);
	const place = prepare(database, 'UPDATE room SET inbox_section = ? WHERE rid = ? AND inbox_section <> ?');
	const leaves = prepare(
		database,
		`UPDATE room SET is_replaced = EXISTS(SELECT 1 FROM room AS next WHERE next.room_id = room.successor AND next.membership = 'join')
		WHERE rid = ?`,
	);
	const follows = prepare(
		database,
		`UPDATE room SET is_replaced = (SELECT membership = 'join' FROM room AS next WHERE next.rid = ?)
		WHERE successor = (SELECT room_id FROM room AS next WHERE next.rid = ?)`,
	);
	const doubles = prepare(
		database,
		`SELECT rid FROM portal INDEXED BY portal_of_channel CROSS JOIN room USING(rid)
		WHERE bot = ? AND channel = ? AND account IS ? AND trust = 'attested' AND membership = 'join'
		ORDER BY successor IS NULL DESC, (SELECT json_extract(json, '$.origin_server_ts') FROM state
			WHERE state.rid = room.rid AND type = 'm.room.create' AND state_key = '') DESC, rid DESC`,
	);
	const setReplaced = prepare(database, 'UPDATE room SET is_replaced = ? WHERE rid = ? AND is_replaced <> ?');

	const sectionOf = (protocol: string, network: Portal['network'], account: string | undefined): number => {
		const row = find.get(protocol, network?.id ?? '', account ?? '');
		if (row === undefined) return integer(add.get(protocol, network?.id ?? '', account ?? '', network?.name), 'id');
		const id = integer(row, 'id');
		if (network !== undefined && optionalText(row, 'network_name') !== network.name) rename.run(network.name, id);
		return id;
	};

	const put = (rid: number, section: number): void => void place.run(section, rid, section);

	/** @returns whether the person has several accounts of a network: then each is a section. */
	const isSplit = (protocol: string, network: Portal['network']): boolean => {
		const row = accounts.get(protocol, network?.id, protocol, network?.id);
		return optionalText(row, 'first') !== optionalText(row, 'last');
	};

	const placeAll = (protocol: string, network: Portal['network'], hasAccounts: boolean): void => {
		for (const row of ofNetwork.all(protocol, network?.id)) {
			const account = hasAccounts ? optionalText(row, 'account') : undefined;
			if (flag(row, 'is_request') || row['kind'] === 'console') continue;
			put(integer(row, 'rid'), sectionOf(protocol, network, account));
		}
	};

	const placeOne = (rid: number, portal: Portal | undefined): void => {
		if (portal === undefined || !isGrouped(portal)) put(rid, matrix);
		else if (portal.kind === 'console') put(rid, bridges);
		else if (portal.isRequest) put(rid, requests);
		else {
			const {protocol, network, account} = portal;
			put(rid, sectionOf(protocol, network, isSplit(protocol, network) ? account : undefined));
		}
	};

	/** Of several rooms for one chat of the other network, the newest that goes on is in the inbox. */
	const collapse = (portal: Portal | undefined): void => {
		if (portal?.bot === undefined || portal.channel === undefined) return;
		const [first, ...others] = doubles.all(portal.bot, portal.channel, portal.account).map(row => integer(row, 'rid'));
		if (first !== undefined) leaves.run(first);
		for (const other of others) setReplaced.run(true, other, true);
	};

	return {
		/** Asked before a portal is written, and given to `place` afterwards. */
		isSplit: (portal: Portal | undefined): boolean => portal !== undefined && isSplit(portal.protocol, portal.network),
		/**
		 * Puts a room where it belongs, and with the first room of another account the others of its network.
		 * @param before what the room was
		 */
		place(rid: number, portal: Portal | undefined, before: Portal | undefined, wasSplit: boolean): void {
			placeOne(rid, portal);
			if (portal !== undefined && isSplit(portal.protocol, portal.network) !== wasSplit)
				placeAll(portal.protocol, portal.network, !wasSplit);
			leaves.run(rid);
			follows.run(rid, rid);
			collapse(portal);
			// The rooms that it stood beside may be alone now.
			if (before?.bot !== portal?.bot || before?.channel !== portal?.channel || before?.account !== portal?.account)
				collapse(before);
		},
	};
};
