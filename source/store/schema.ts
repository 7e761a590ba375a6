/** The schema of account.db as numbered, append-only migrations. The reasons behind the tables: docs/decisions/0003-store.md. */

import {personSchema} from './person-schema.ts';

/**
 * Migration `n` is entry `n - 1`; each runs once, in its own transaction. Never change one that was released: add another.
 *
 * Booleans are 0/1, times are milliseconds since the Unix epoch, JSON columns hold what the server sent, re-serialized.
 */
export const migrations: readonly string[] = [
	`
	CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
	CREATE TABLE account_data(type TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
	CREATE TABLE room(
		rid INTEGER PRIMARY KEY, room_id TEXT UNIQUE NOT NULL, membership TEXT NOT NULL,
		is_provisional INTEGER NOT NULL DEFAULT 0,
		name TEXT, calculated_name TEXT, topic TEXT, avatar TEXT, alias TEXT, room_type TEXT, version TEXT, successor TEXT,
		is_encrypted INTEGER NOT NULL DEFAULT 0 /* only 0 -> 1 */,
		must_rotate_session INTEGER NOT NULL DEFAULT 0 /* somebody left while the SDK did not watch */,
		protocol TEXT, is_direct INTEGER NOT NULL DEFAULT 0, direct_user TEXT, inviter TEXT,
		heroes TEXT, joined_count INTEGER NOT NULL DEFAULT 0, invited_count INTEGER NOT NULL DEFAULT 0,
		unread_count INTEGER NOT NULL DEFAULT 0, highlight_count INTEGER NOT NULL DEFAULT 0,
		is_marked_unread INTEGER NOT NULL DEFAULT 0, last_activity INTEGER NOT NULL DEFAULT 0, last_event INTEGER,
		fully_read TEXT, tags TEXT);
	CREATE INDEX room_by_activity ON room(membership, last_activity DESC);
	CREATE TABLE state(rid INTEGER NOT NULL, type TEXT NOT NULL, state_key TEXT NOT NULL, json TEXT NOT NULL,
		PRIMARY KEY(rid, type, state_key)) WITHOUT ROWID /* members are in the next table */;
	CREATE TABLE member(rid INTEGER NOT NULL, user_id TEXT NOT NULL, membership TEXT NOT NULL, display_name TEXT, avatar TEXT,
		is_out_of_band INTEGER NOT NULL DEFAULT 0, json TEXT NOT NULL, PRIMARY KEY(rid, user_id)) WITHOUT ROWID;
	CREATE TABLE room_account_data(rid INTEGER NOT NULL, type TEXT NOT NULL, json TEXT NOT NULL,
		PRIMARY KEY(rid, type)) WITHOUT ROWID;
	CREATE TABLE receipt(rid INTEGER NOT NULL, user_id TEXT NOT NULL, thread TEXT NOT NULL, type TEXT NOT NULL,
		event_id TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY(rid, user_id, thread, type)) WITHOUT ROWID;
	CREATE TABLE segment(segment INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, kind TEXT NOT NULL /* live import predecessor */,
		rid INTEGER, sequence INTEGER NOT NULL);
	CREATE TABLE chunk(chunk INTEGER PRIMARY KEY, rid INTEGER NOT NULL, chunk_order INTEGER NOT NULL,
		lowest INTEGER NOT NULL DEFAULT 0, highest INTEGER NOT NULL DEFAULT 0, is_live INTEGER NOT NULL DEFAULT 0, previous_token TEXT,
		older INTEGER NOT NULL DEFAULT 0 /* 0: a gap before it, 1: joins the older chunk, 2: the room's start */);
	CREATE UNIQUE INDEX chunk_live ON chunk(rid) WHERE is_live = 1;
	CREATE INDEX chunk_of_room ON chunk(rid, chunk_order);
	CREATE TABLE event(
		pk INTEGER PRIMARY KEY, event_id TEXT UNIQUE NOT NULL, rid INTEGER NOT NULL,
		chunk INTEGER /* NULL: known only as a relation */, position INTEGER, timestamp INTEGER NOT NULL, sender TEXT NOT NULL,
		type TEXT NOT NULL /* after decryption */, state_key TEXT, body TEXT /* shown text, of the last edit; a reaction's key */,
		relation TEXT, related_to TEXT, reply_to TEXT, thread TEXT,
		encryption INTEGER NOT NULL DEFAULT 0 /* 0 clear, 1 undecrypted, 2 decrypted */,
		session TEXT, failure TEXT /* why undecrypted; NULL: not tried yet */, shield TEXT,
		edit INTEGER /* pk of the edit that is shown */, redacted_by TEXT, raw TEXT, clear TEXT);
	CREATE INDEX event_timeline ON event(rid, chunk, position);
	CREATE INDEX event_relation ON event(related_to, relation) WHERE related_to IS NOT NULL;
	CREATE INDEX event_undecrypted ON event(session) WHERE encryption = 1;
	CREATE INDEX event_shielded ON event(sender) WHERE shield IS NOT NULL;
	CREATE INDEX event_thread ON event(thread, timestamp) WHERE thread IS NOT NULL;
	CREATE TABLE pending_redaction(target TEXT PRIMARY KEY, rid INTEGER NOT NULL, sender TEXT NOT NULL) WITHOUT ROWID;
	CREATE TABLE quarantine(id INTEGER PRIMARY KEY, room_id TEXT, reason TEXT NOT NULL, json TEXT NOT NULL, time INTEGER NOT NULL);
	CREATE VIRTUAL TABLE full_text USING fts5(body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
	CREATE TABLE to_device_batch(id INTEGER PRIMARY KEY, transaction_id TEXT NOT NULL, event_type TEXT NOT NULL, json TEXT NOT NULL);
	CREATE TABLE outbox(
		id INTEGER PRIMARY KEY, rid INTEGER NOT NULL, transaction_id TEXT UNIQUE NOT NULL, type TEXT NOT NULL,
		content TEXT NOT NULL /* cleartext JSON */, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
		not_before INTEGER NOT NULL DEFAULT 0, first_try INTEGER, error TEXT, event_id TEXT, created INTEGER NOT NULL);
	CREATE INDEX outbox_waiting ON outbox(rid, id) WHERE state <> 'sent';
	CREATE TABLE draft(rid INTEGER NOT NULL, thread TEXT NOT NULL, text TEXT NOT NULL, time INTEGER NOT NULL,
		PRIMARY KEY(rid, thread)) WITHOUT ROWID;
	`,
	`
	/* Somebody in another room who names the same event must not take the place of the one whose redaction counts. */
	CREATE TABLE waiting_redaction(target TEXT NOT NULL, rid INTEGER NOT NULL, sender TEXT NOT NULL,
		PRIMARY KEY(target, rid)) WITHOUT ROWID;
	INSERT INTO waiting_redaction SELECT target, rid, sender FROM pending_redaction;
	DROP TABLE pending_redaction;
	/* Their room_id was a row number, and each replay added one. */
	DELETE FROM quarantine;
	`,
	// The room list and the unread totals are read again with every message: both are in the order of an index.
	`
	CREATE INDEX room_in_list ON room(membership = 'invite' DESC, (unread_count > 0 OR is_marked_unread) DESC, last_activity DESC, rid)
		WHERE membership IN ('join', 'invite');
	CREATE INDEX room_waiting ON room(highlight_count) WHERE membership = 'join' AND (unread_count > 0 OR is_marked_unread);
	`,
	// Whoever removes an event that is not in the archive must not make mx read all members of the room.
	`
	CREATE INDEX state_by_event ON state(json_extract(json, '$.event_id'), rid);
	CREATE INDEX member_by_event ON member(json_extract(json, '$.event_id'), rid);
	`,
	// Completion looks for people by their names while they are typed, among however many; and whom a draft names is kept with it.
	`
	CREATE INDEX member_by_name ON member(rid, membership, display_name);
	ALTER TABLE draft ADD COLUMN mentions TEXT;
	`,
	// The threads of a room are listed without reading those of all others.
	`
	CREATE INDEX event_thread_of_room ON event(rid, thread, timestamp) WHERE thread IS NOT NULL;
	`,
	// What is searched for without a word is walked through from the newest on; with words, their hits are put in order by a narrow index.
	`
	ALTER TABLE event ADD COLUMN kind TEXT /* of a message that is more than plain words: image, file, link, notice … */;
	UPDATE event SET kind = CASE
		WHEN type = 'm.sticker' THEN 'sticker'
		ELSE coalesce(substr((CASE WHEN json_valid(coalesce(clear, raw)) THEN (SELECT value FROM json_each('["m.image","m.file","m.video","m.audio","m.location","m.notice","m.emote"]')
			WHERE value = json_extract(coalesce(clear, raw), '$.content.msgtype')) END), 3), CASE WHEN instr(body, '://') > 0 THEN 'link' END) END
		WHERE body IS NOT NULL AND type IN ('m.room.message', 'm.sticker');
	CREATE INDEX found_message ON event(pk, timestamp, rid, sender, kind);
	CREATE INDEX message_by_time ON event(timestamp, rid, sender)
		WHERE body IS NOT NULL AND relation IS NOT 'm.replace' AND type <> 'm.reaction';
	CREATE INDEX message_of_room ON event(rid, timestamp, sender, kind)
		WHERE body IS NOT NULL AND relation IS NOT 'm.replace' AND type <> 'm.reaction';
	CREATE INDEX message_of_sender ON event(sender, timestamp, rid)
		WHERE body IS NOT NULL AND relation IS NOT 'm.replace' AND type <> 'm.reaction';
	CREATE INDEX message_of_kind ON event(timestamp, kind, rid, sender)
		WHERE kind IS NOT NULL AND body IS NOT NULL AND relation IS NOT 'm.replace' AND type <> 'm.reaction';
	`,
	// The inbox has favourites on top, low priority below and the archive away; what is muted waits for nobody. Each of its
	// filters is in the order of an index.
	`
	ALTER TABLE room ADD COLUMN section INTEGER NOT NULL DEFAULT 1 /* 0 favourite, 1 neither, 2 low priority, 3 archived */;
	ALTER TABLE room ADD COLUMN is_muted INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE room ADD COLUMN muted_until INTEGER /* NULL: for ever, or not muted */;
	UPDATE room SET section = CASE
		WHEN json_type(tags, '$."u.archived"') IS NOT NULL THEN 3
		WHEN json_type(tags, '$."m.favourite"') IS NOT NULL THEN 0
		WHEN json_type(tags, '$."m.lowpriority"') IS NOT NULL THEN 2 ELSE 1 END WHERE tags IS NOT NULL;
	UPDATE room SET is_muted = 1 WHERE room_id IN (
		SELECT json_extract(rule.value, '$.rule_id') FROM account_data, json_each(account_data.json, '$.global.override') AS rule
		WHERE account_data.type = 'm.push_rules' AND coalesce(json_extract(rule.value, '$.enabled'), 1)
			AND NOT EXISTS (SELECT 1 FROM json_each(rule.value, '$.actions') AS action WHERE action.value = 'notify'));
	DROP INDEX room_in_list;
	DROP INDEX room_waiting;
	CREATE INDEX room_in_list ON room(membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid)
		WHERE membership IN ('join', 'invite');
	CREATE INDEX room_in_inbox ON room(membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid)
		WHERE membership IN ('join', 'invite') AND (section < 3 OR (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) OR membership = 'invite')
			AND (room_type IS NOT 'm.space' OR membership = 'invite');
	CREATE INDEX room_unread ON room(membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid)
		WHERE membership IN ('join', 'invite') AND (membership = 'invite' OR (is_marked_unread OR (unread_count > 0 AND NOT is_muted)));
	CREATE INDEX room_mentioned ON room(membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid)
		WHERE membership = 'join' AND highlight_count > 0 AND NOT is_muted;
	CREATE INDEX room_of_person ON room(membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid)
		WHERE membership IN ('join', 'invite') AND is_direct AND section < 3;
	CREATE INDEX room_archived ON room(membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid)
		WHERE membership = 'join' AND section > 2;
	CREATE INDEX room_space ON room(calculated_name COLLATE NOCASE) WHERE membership = 'join' AND room_type = 'm.space';
	CREATE INDEX room_waiting ON room(is_muted, highlight_count) WHERE membership = 'join' AND (is_marked_unread OR (unread_count > 0 AND NOT is_muted));
	CREATE INDEX room_muted ON room(muted_until) WHERE muted_until IS NOT NULL;
	`,
	// Files on their way. Row numbers of the outbox are used again: what belonged to the old row must be gone with it.
	`
	CREATE TABLE attachment(outbox INTEGER NOT NULL, role TEXT NOT NULL /* file thumbnail */, name TEXT NOT NULL, type TEXT NOT NULL,
		size INTEGER NOT NULL, keys TEXT NOT NULL, encrypted TEXT, clear TEXT /* where it lies on the server, in which form */,
		PRIMARY KEY(outbox, role)) WITHOUT ROWID;
	CREATE TRIGGER attachment_dropped AFTER DELETE ON outbox BEGIN DELETE FROM attachment WHERE outbox = old.id; END;
	CREATE TRIGGER attachment_sent AFTER UPDATE OF state ON outbox WHEN new.state = 'sent'
		BEGIN DELETE FROM attachment WHERE outbox = new.id; END;
	`,
	// What is to be sent later is looked for with each message.
	`
	CREATE INDEX outbox_scheduled ON outbox(not_before) WHERE state = 'scheduled';
	`,
	// Who has read the newest messages is found by these; and each thread has its own count of what is not read.
	`
	CREATE INDEX receipt_of_event ON receipt(event_id);
	CREATE TABLE thread_unread(rid INTEGER NOT NULL, root TEXT NOT NULL, unread INTEGER NOT NULL, highlights INTEGER NOT NULL,
		PRIMARY KEY(rid, root)) WITHOUT ROWID;
	/* Whom the account ignores, of m.ignored_user_list. */
	CREATE TABLE ignored(user_id TEXT PRIMARY KEY) WITHOUT ROWID;
	INSERT OR IGNORE INTO ignored SELECT each.key FROM account_data, json_each(account_data.json, '$.ignored_users') AS each
		WHERE account_data.type = 'm.ignored_user_list' AND json_type(account_data.json, '$.ignored_users') = 'object';
	`,
	// Messages that were fetched around a single one are chunks too, apart from those that the sync brought.
	`
	ALTER TABLE chunk ADD COLUMN next_token TEXT /* for the page behind its newest event */;
	ALTER TABLE chunk ADD COLUMN is_apart INTEGER NOT NULL DEFAULT 0;
	`,
	// Which rooms are bridged (bridges/detect.ts); rooms that changed are looked at once more. room.protocol: where it is believed.
	`
	CREATE TABLE portal(rid INTEGER PRIMARY KEY, protocol TEXT NOT NULL, trust TEXT NOT NULL /* attested announced inferred claimed */,
		kind TEXT NOT NULL /* direct group channel space account console */, bot TEXT, account TEXT, network TEXT, network_name TEXT,
		channel TEXT, own_ghost TEXT, formerly TEXT /* the network that it was of, surely */, is_request INTEGER NOT NULL);
	CREATE INDEX portal_of_bot ON portal(bot);
	CREATE TABLE portal_due(rid INTEGER PRIMARY KEY);
	INSERT INTO portal_due SELECT rid FROM room;
	CREATE TABLE bridge_bot(user_id TEXT PRIMARY KEY, verdict TEXT NOT NULL /* appservice person unknown */, protocol TEXT, ghost_prefix TEXT,
		asked_at INTEGER NOT NULL) WITHOUT ROWID;
	`,
	// How the logins of bridges are, as their bots said last in the rooms with them.
	`
	CREATE TABLE bridge_health(bot TEXT NOT NULL, account TEXT NOT NULL /* '': of the bridge as a whole */, name TEXT,
		condition TEXT NOT NULL /* connected connecting disconnected logged-out failed gone */, state TEXT NOT NULL, error TEXT, message TEXT,
		remedy TEXT, rid INTEGER NOT NULL, since INTEGER NOT NULL, PRIMARY KEY(bot, account)) WITHOUT ROWID;
	CREATE INDEX portal_console ON portal(rid) WHERE kind = 'console';
	`,
	// What the server is to be told of what was read: the newest of each kind. Whoever is "own_ghost" is the person themselves, as a bridge has them.
	`
	CREATE TABLE receipt_intent(id INTEGER PRIMARY KEY, rid INTEGER NOT NULL, type TEXT NOT NULL /* m.read m.read.private m.fully_read local */,
		slot TEXT NOT NULL /* '': all threads; main; root of a thread */, event_id TEXT NOT NULL, at INTEGER NOT NULL, sent_at INTEGER,
		healed_at INTEGER /* NULL: to be repeated in the other slot */, UNIQUE(rid, type, slot));
	CREATE INDEX receipt_waiting ON receipt_intent(rid, id) WHERE sent_at IS NULL;
	CREATE INDEX receipt_healing ON receipt_intent(sent_at) WHERE sent_at IS NOT NULL AND healed_at IS NULL;
	CREATE INDEX portal_of_own_ghost ON portal(own_ghost) WHERE own_ghost IS NOT NULL;
	CREATE TABLE named_ghost(user_id TEXT PRIMARY KEY) WITHOUT ROWID /* by the person, in chat.mx.bridges */;
	CREATE VIEW own_ghost AS SELECT own_ghost AS user_id FROM portal WHERE own_ghost IS NOT NULL AND trust = 'attested'
		UNION ALL SELECT user_id FROM named_ghost;
	`,
	// The inbox is one list by time, or one for each network; what was replaced by another room is away. The counts of the sections are
	// read from the index alone.
	`
	CREATE TABLE inbox_section(id INTEGER PRIMARY KEY, protocol TEXT NOT NULL, network TEXT NOT NULL, account TEXT NOT NULL /* '' for none */,
		network_name TEXT, UNIQUE(protocol, network, account));
	INSERT INTO inbox_section(id, protocol, network, account) VALUES (4, '', '', '') /* the last of the fixed ones */;
	ALTER TABLE room ADD COLUMN inbox_section INTEGER NOT NULL DEFAULT 3 /* 1 requests, 3 Matrix, 4 bots of bridges, else a network */;
	ALTER TABLE room ADD COLUMN is_replaced INTEGER NOT NULL DEFAULT 0 /* by its successor, or a newer room for the same chat */;
	DROP INDEX room_in_inbox;
	CREATE INDEX room_in_inbox ON room(membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid)
		WHERE membership IN ('join', 'invite') AND ((section < 3 AND NOT is_replaced) OR (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) OR membership = 'invite')
			AND (room_type IS NOT 'm.space' OR membership = 'invite');
	CREATE INDEX room_in_section ON room(CASE WHEN membership = 'invite' THEN 1 WHEN section = 0 AND inbox_section <> 1 THEN 2 ELSE inbox_section END, membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid,
		inbox_section, highlight_count, is_muted, unread_count, is_marked_unread, membership, is_replaced, room_type)
		WHERE membership IN ('join', 'invite') AND ((section < 3 AND NOT is_replaced) OR (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) OR membership = 'invite')
			AND (room_type IS NOT 'm.space' OR membership = 'invite');
	CREATE INDEX room_successor ON room(successor) WHERE successor IS NOT NULL;
	CREATE INDEX portal_of_network ON portal(protocol, network, account);
	CREATE INDEX portal_of_channel ON portal(bot, channel, account);
	INSERT OR IGNORE INTO portal_due SELECT rid FROM room WHERE protocol IS NOT NULL OR successor IS NOT NULL;
	`,
	// What rooms ask for (store/attention.ts): a reply, or to be seen again later. Whoever is there already is looked at once more.
	`
	ALTER TABLE room ADD COLUMN is_silent INTEGER NOT NULL DEFAULT 0 /* by a push rule; is_muted: or because it is asleep */;
	ALTER TABLE room ADD COLUMN needs_reply INTEGER /* since when somebody waits */;
	ALTER TABLE room ADD COLUMN snoozed_until INTEGER /* NULL: it is not asleep; asleep is section 4 */;
	ALTER TABLE room ADD COLUMN woken_at INTEGER /* its sleep was over */;
	UPDATE room SET is_silent = is_muted;
	DROP INDEX room_archived;
	CREATE INDEX room_archived ON room(membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid)
		WHERE membership = 'join' AND section > 2 AND section < 4;
	CREATE INDEX room_snoozed ON room(membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid)
		WHERE membership = 'join' AND section > 3;
	CREATE INDEX room_needs_reply ON room(membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid)
		WHERE membership = 'join' AND needs_reply IS NOT NULL AND section < 3 AND NOT is_muted;
	CREATE INDEX room_asleep ON room(snoozed_until) WHERE snoozed_until IS NOT NULL;
	INSERT OR IGNORE INTO portal_due SELECT rid FROM room;
	`,
	// What became of messages behind bridges is found by what their bots say of them.
	`
	CREATE INDEX event_send_status ON event(rid, sender) WHERE type = 'com.beeper.message_send_status';
	CREATE INDEX event_notice_reply ON event(reply_to) WHERE reply_to IS NOT NULL AND kind = 'notice';
	CREATE INDEX outbox_sent ON outbox(rid, id) WHERE state = 'sent';
	CREATE TABLE send_care(event_id TEXT PRIMARY KEY, rid INTEGER NOT NULL, is_told INTEGER NOT NULL DEFAULT 0 /* that it failed */,
		resent_as TEXT /* transaction id of what took its place */) WITHOUT ROWID;
	`,
	// What bridges have encrypted for their ghosts is looked at again when more is known of them.
	`
	CREATE INDEX event_mismatched ON event(rid, pk) WHERE instr(shield, '"mismatched-sender"') > 0;
	`,
	// Bots of bridges are no people.
	`
	DROP INDEX room_of_person;
	CREATE INDEX room_of_person ON room(membership = 'invite' DESC, section, (is_marked_unread OR (unread_count > 0 AND NOT is_muted)) DESC, last_activity DESC, rid)
		WHERE membership IN ('join', 'invite') AND is_direct AND section < 3 AND inbox_section <> 4;
	INSERT OR IGNORE INTO portal_due SELECT rid FROM portal WHERE kind = 'console';
	`,
	// Rooms that others have taken the place of can be left all at once.
	`
	CREATE INDEX room_replaced ON room(rid) WHERE membership = 'join' AND is_replaced;
	`,
	// Whether a network has several logins is asked for each of its rooms. A message that was to take the place of a failed one, and was
	// taken back, has not taken it.
	`
	CREATE INDEX portal_of_login ON portal(protocol, network, account) WHERE account IS NOT NULL AND trust IN ('attested', 'inferred');
	CREATE INDEX send_care_resent ON send_care(resent_as) WHERE resent_as IS NOT NULL;
	CREATE TRIGGER resending_dropped AFTER DELETE ON outbox WHEN old.state <> 'sent'
		BEGIN UPDATE send_care SET resent_as = NULL WHERE resent_as = old.transaction_id; END;
	`,
	// Whom the person had named as themselves before there was a table for them; and names of bridged rooms do not say the network.
	`
	INSERT OR IGNORE INTO named_ghost SELECT each.key FROM account_data, json_each(account_data.json, '$.me') AS each
		WHERE account_data.type = 'chat.mx.bridges' AND json_type(account_data.json, '$.me') = 'object' AND each.type = 'true';
	INSERT OR IGNORE INTO portal_due SELECT rid FROM portal;
	`,
	// A person on several networks is one row of the lists.
	personSchema,
	// The chats with one person on several networks are one timeline, by time.
	`
	CREATE INDEX event_by_time_of_room ON event(rid, timestamp, position) WHERE chunk IS NOT NULL;
	`,
	// Who may be one person is found by numbers and addresses in the profiles of ghosts.
	`
	CREATE TABLE ghost_profile(user_id TEXT PRIMARY KEY, identifiers TEXT NOT NULL, asked_at INTEGER NOT NULL) WITHOUT ROWID;
	`,
	// Ghosts are called without the network that their bridge puts behind their names.
	`
	ALTER TABLE member ADD COLUMN given_name TEXT /* what they call themselves, where display_name is something else */;
	CREATE INDEX member_given_name ON member(rid) WHERE given_name IS NOT NULL;
	INSERT OR IGNORE INTO portal_due SELECT rid FROM portal WHERE trust = 'attested';
	`,
	// What came before an invitation was accepted by itself is unread, though the server counts from there on.
	`
	CREATE TABLE accepted_invitation(rid INTEGER PRIMARY KEY, invited_at INTEGER NOT NULL, added INTEGER NOT NULL DEFAULT 0 /* of the unread count */);
	`,
	// That a message did not arrive is said in the lists too.
	`
	CREATE INDEX send_care_told ON send_care(rid) WHERE is_told AND resent_as IS NULL;
	`,
	// A message that says that it is of later than it came in has its place among those of other rooms by when it came in.
	`
	ALTER TABLE event ADD COLUMN came_at INTEGER /* NULL: not before the time that it says */;
	UPDATE event SET came_at = unixepoch() * 1000 WHERE timestamp > (unixepoch() + 600) * 1000;
	DROP INDEX event_by_time_of_room;
	CREATE INDEX event_by_time_of_room ON event(rid, coalesce(came_at, timestamp), position) WHERE chunk IS NOT NULL;
	`,
	// What heisenbridge says of messages that did not arrive is found by its time.
	`
	CREATE INDEX event_notice ON event(rid, sender, timestamp) WHERE kind = 'notice';
	`,
];
