/**
 * What a room asks of the person, kept beside it: whether somebody waits for a reply, whether it is put away or asleep. All of it
 * follows from the newest messages and the marks of the person, and is worked out again when either changes.
 */
import {asArray, asObject, isObject, parseJson, type JsonObject} from '../domain/json.ts';
import {isNamedByLink} from '../domain/mention.ts';
import {needsReplySince, replyType, type Remark} from '../domain/needs-reply.ts';
import {responseTypes} from '../domain/poll.ts';
import {roomSections, type RoomSection} from '../domain/room.ts';
import {parseSnooze, snoozeType, type Snooze} from '../domain/snooze.ts';
import {behindMark, readMark, type TimelineMark} from '../domain/timeline-mark.ts';
import {prepare} from './bind.ts';
import {flag, integer, json, optionalInteger, optionalText, text} from './columns.ts';
import type {Database, Row} from './open-database.ts';
import {sectionTags} from './section-tags.ts';

/** Remarks that are looked at, and events among which they are looked for. */
const mostRemarks = 40;
const mostEvents = 300;

const responses: ReadonlySet<string> = new Set(responseTypes);

const kindOf = (row: Row): Remark['kind'] | undefined => {
	const type = text(row, 'type');
	if (type === 'm.reaction' || responses.has(type)) return 'reaction';
	if (type === 'm.room.encrypted') return 'message';
	if (row['body'] === null) return undefined;
	return row['kind'] === 'notice' ? 'notice' : 'message';
};

type Facts = {
	readonly row: Row;
	readonly remarks: readonly Remark[];
	readonly isOwn: (userId: string) => boolean;
	readonly isIgnored: (userId: string) => boolean;
	readonly isSilent: boolean;
};

/** Whether one of these brings a room back: of a silent room, only what names the person. */
const isNews =
	({isIgnored, isSilent}: Facts) =>
	({kind, sender, isMention}: Remark): boolean =>
		kind === 'message' && !isIgnored(sender) && (!isSilent || isMention);

/**
 * Put away, until something comes behind the event that the tag names.
 * @returns `as-before` where the tag names none, as earlier versions wrote it: away until something is unread
 */
const isArchived = (tags: JsonObject, facts: Facts): boolean | 'as-before' => {
	const tag = tags[sectionTags.archived];
	if (!isObject(tag)) return false;
	const mark = readMark(tag);
	return mark === undefined ? 'as-before' : !behindMark(facts.remarks, mark).some(isNews(facts));
};

const isAsleep = (snooze: Snooze | undefined, facts: Facts): snooze is Snooze & {readonly kind: 'asleep'} =>
	snooze?.kind === 'asleep' &&
	!behindMark(facts.remarks, snooze.after).some(remark => !facts.isOwn(remark.sender) && isNews(facts)(remark));

const taggedSection = (tags: JsonObject): RoomSection => {
	if (isObject(tags[sectionTags.favourite])) return 'favourite';
	return isObject(tags[sectionTags.low]) ? 'low' : 'normal';
};

/** Each call that writes: inside a transaction. @param ownUserId the account's user id */
export const createAttention = (database: Database, ownUserId: string) => {
	const room = prepare(
		database,
		`SELECT room.membership AS membership, is_direct, tags, is_silent, section, is_muted, snoozed_until, woken_at, needs_reply, last_activity,
			portal.kind AS portal, trust, bot, is_request FROM room LEFT JOIN portal ON portal.rid = room.rid WHERE room.rid = ?`,
	);
	const newest = prepare(
		database,
		`SELECT pk, event_id, sender, type, timestamp, kind, body, (instr(coalesce(clear, raw), ?) > 0 OR instr(coalesce(clear, raw), ?) > 0) AS has_name FROM event
		WHERE rid = ? AND chunk = (SELECT chunk FROM chunk WHERE chunk.rid = ? AND is_live = 1) AND redacted_by IS NULL
			AND state_key IS NULL AND relation IS NOT 'm.replace' ORDER BY position DESC LIMIT ${mostEvents}`,
	);
	const contentOf = prepare(database, 'SELECT coalesce(clear, raw) AS json FROM event WHERE pk = ?');
	const data = prepare(database, 'SELECT json FROM room_account_data WHERE rid = ? AND type = ?');
	const ghost = prepare(database, 'SELECT 1 FROM own_ghost WHERE user_id = ?');
	const ignored = prepare(database, 'SELECT 1 FROM ignored WHERE user_id = ?');
	const appservice = prepare(database, `SELECT 1 FROM bridge_bot WHERE user_id = ? AND verdict = 'appservice'`);
	const put = prepare(
		database,
		`UPDATE room SET section = ?, is_muted = ?, snoozed_until = ?, woken_at = ?, needs_reply = ?, last_activity = ? WHERE rid = ?`,
	);
	const asleep = prepare(
		database,
		`SELECT rid, room_id, snoozed_until FROM room INDEXED BY room_asleep WHERE snoozed_until IS NOT NULL
		ORDER BY snoozed_until LIMIT 1`,
	);

	/** @param isAttested in a chat of a certain bridge, a link names them too */
	const namesPerson = (pk: number, isAttested: boolean): boolean => {
		const content = asObject(asObject(parseJson(text(contentOf.get(pk) ?? {}, 'json')))['content']);
		if (isAttested && isNamedByLink(content, ownUserId)) return true;
		return asArray(asObject(content['m.mentions'])['user_ids']).includes(ownUserId);
	};

	const remarksOf = (rid: number, isAttested: boolean): readonly Remark[] => {
		const rows: Row[] = [];
		for (const row of newest.iterate(ownUserId, encodeURIComponent(ownUserId), rid, rid)) {
			if (kindOf(row) !== undefined) rows.push(row);
			if (rows.length === mostRemarks) break;
		}
		return rows.map(row => ({
			eventId: text(row, 'event_id'),
			sender: text(row, 'sender'),
			timestamp: integer(row, 'timestamp'),
			kind: kindOf(row) ?? 'notice',
			isMention: flag(row, 'has_name') && namesPerson(integer(row, 'pk'), isAttested),
		}));
	};

	const contentFor = (rid: number, type: string): JsonObject => asObject(json(data.get(rid, type), 'json'));

	const factsOf = (rid: number, row: Row): Facts => ({
		row,
		remarks: remarksOf(rid, row['trust'] === 'attested'),
		// What is written on the phone, bridges post as a ghost.
		isOwn: userId => userId === ownUserId || ghost.get(userId) !== undefined,
		isIgnored: userId => ignored.get(userId) !== undefined,
		isSilent: flag(row, 'is_silent'),
	});

	const waitingSince = (rid: number, facts: Facts): number | undefined => {
		const {row, remarks, isOwn, isIgnored} = facts;
		const portal = row['portal'];
		// Whom the person did not let in yet, waits for that first.
		const isNoChat = portal === 'console' || portal === 'account' || portal === 'space' || flag(row, 'is_request');
		if (row['membership'] !== 'join' || isNoChat) return undefined;
		const bot = optionalText(row, 'bot');
		return needsReplySince(remarks, {
			isDirect: flag(row, 'is_direct') || portal === 'direct',
			isOwn,
			isNobody: userId => userId === bot || isIgnored(userId) || appservice.get(userId) !== undefined,
			dismissed: readMark(contentFor(rid, replyType)),
		});
	};

	return {
		/** Works out what a room asks for, after something of it has changed. */
		settle(rid: number): void {
			const row = room.get(rid);
			if (row === undefined) return;
			const facts = factsOf(rid, row);
			const tags = asObject(json(row, 'tags'));
			const snooze = parseSnooze(contentFor(rid, snoozeType));
			const isSleeping = isAsleep(snooze, facts);
			const isAway = !isSleeping && isArchived(tags, facts);
			const section: RoomSection = isSleeping ? 'snoozed' : isAway === false ? taggedSection(tags) : 'archived';
			const wokenAt = snooze?.kind === 'woken' ? snooze.at : undefined;
			const activity = integer(row, 'last_activity');
			const next = [
				roomSections.indexOf(section),
				// What is asleep or done with tells nothing.
				Number(facts.isSilent || isSleeping || isAway === true),
				isSleeping ? snooze.until : undefined,
				wokenAt,
				waitingSince(rid, facts),
				// It comes back on top of the others.
				Math.max(activity, wokenAt ?? 0),
			];
			const before = ['section', 'is_muted', 'snoozed_until', 'woken_at', 'needs_reply', 'last_activity'];
			if (before.every((column, index) => optionalInteger(row, column) === next[index])) return;
			put.run(...next, rid);
		},

		/** @returns the newest remark of a room, for account data to name */
		newest(rid: number): TimelineMark | undefined {
			const [remark] = remarksOf(rid, false);
			return remark === undefined ? undefined : {eventId: remark.eventId, time: remark.timestamp};
		},

		/** @returns what account data say of the sleep of a room, for `parseSnooze` */
		snooze: (rid: number): JsonObject => contentFor(rid, snoozeType),

		/** @returns the room that is to wake first. `until`: milliseconds since the Unix epoch */
		nextToWake(): {readonly rid: number; readonly roomId: string; readonly until: number} | undefined {
			const row = asleep.get();
			if (row === undefined) return undefined;
			return {rid: integer(row, 'rid'), roomId: text(row, 'room_id'), until: integer(row, 'snoozed_until')};
		},
	};
};
