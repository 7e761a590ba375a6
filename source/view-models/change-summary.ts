/** Consecutive state events in one line: `3 joined, topic changed`. */
import {asString} from '../domain/json.ts';
import {joinSafe, literal, safeText, type SafeText} from '../text/safe-text.ts';
import {plainSummary} from '../text/message-text.ts';
import {nameInEvent, stateText, you, type StateChange} from '../text/state-text.ts';
import type {StateChangeItem} from './timeline-items.ts';

/** Kinds that a line names; the rest is counted. */
const maxParts = 6;

/** What people are called. */
type Naming = Pick<StateChange, 'nameOf' | 'ownUserId'>;

/** What a change is called in a line of several; `people`: who is counted. */
type Kind = {readonly verb: SafeText; readonly hasPeople: boolean};

const otherKinds: ReadonlyMap<string, SafeText> = new Map([
	['m.room.create', literal`room created`],
	['m.room.name', literal`name changed`],
	['m.room.topic', literal`topic changed`],
	['m.room.avatar', literal`picture changed`],
	['m.room.canonical_alias', literal`address changed`],
	['m.room.encryption', literal`encryption turned on`],
	['m.room.join_rules', literal`join rule changed`],
	['m.room.history_visibility', literal`history rule changed`],
	['m.room.guest_access', literal`guest rule changed`],
	['m.room.power_levels', literal`permissions changed`],
	['m.room.pinned_events', literal`pinned messages changed`],
	['m.room.tombstone', literal`room moved`],
	['com.beeper.disappearing_timer', literal`disappearing messages changed`],
]);

/** What has no words of its own. */
const otherChange = literal`another change`;

/** What every new room begins with; it says less than anything else. */
const routineTypes: ReadonlySet<string> = new Set([
	'm.room.power_levels',
	'm.room.join_rules',
	'm.room.history_visibility',
	'm.room.guest_access',
]);

const memberKinds: ReadonlyMap<string, SafeText> = new Map([
	['join', literal`joined`],
	['invite', literal`invited`],
	['leave', literal`left`],
	['ban', literal`banned`],
	['knock', literal`asked to join`],
]);

/** What the bot of a bridge says beside the conversation. */
const chatter = literal`a notice of the bridge`;

const kindOf = ({message, previous}: StateChangeItem): Kind => {
	if (message.isChatter === true) return {verb: chatter, hasPeople: false};
	if (message.type !== 'm.room.member') {
		return {verb: otherKinds.get(message.type) ?? otherChange, hasPeople: false};
	}
	const membership = asString(message.content['membership']) ?? '';
	if (membership === 'join' && previous?.['membership'] === 'join')
		return {verb: literal`changed their profile`, hasPeople: true};
	return {verb: memberKinds.get(membership) ?? literal`changed membership`, hasPeople: true};
};

const ownKinds: ReadonlyMap<string, SafeText> = new Map([
	['join', literal`joined`],
	['invite', literal`were invited`],
	['ban', literal`were banned`],
	['knock', literal`asked to join`],
]);

/** What one was or did, with the owner of the account as `you`. */
const ownText = ({message, previous}: StateChangeItem): SafeText => {
	const membership = asString(message.content['membership']) ?? '';
	if (membership === 'join' && previous?.['membership'] === 'join') return literal`${you} changed your profile`;
	if (membership === 'leave')
		return message.sender === message.stateKey ? literal`${you} left` : literal`${you} were removed`;
	const verb = ownKinds.get(membership);
	return verb === undefined ? literal`your membership changed` : literal`${you} ${verb}`;
};

const oneText = ({verb}: Kind, change: StateChangeItem, {nameOf, ownUserId}: Naming): SafeText => {
	const userId = change.message.stateKey ?? change.message.sender;
	if (userId === ownUserId) return ownText(change);
	return literal`${nameInEvent(change.message.content, safeText(nameOf(userId), 'name', userId))} ${verb}`;
};

const isUnknown = ({type, isChatter}: StateChangeItem['message']): boolean =>
	isChatter !== true && type !== 'm.room.member' && !otherKinds.has(type);

const groupText = (kind: Kind, changes: readonly StateChangeItem[], naming: Naming): SafeText => {
	const [first, ...rest] = changes;
	if (!kind.hasPeople || first === undefined) {
		if (kind.verb === chatter && changes.length > 1) return literal`${changes.length} notices of the bridge`;
		if (kind.verb === otherChange && changes.length > 1) return literal`${changes.length} other changes`;
		return changes.length > 1 ? literal`${kind.verb} ${changes.length} times` : kind.verb;
	}
	return rest.length === 0 ? oneText(kind, first, naming) : literal`${changes.length} ${kind.verb}`;
};

const chatterText = ({senderName, sender, content, type}: StateChangeItem['message']): SafeText =>
	literal`${safeText(senderName, 'name', sender)}: ${plainSummary(content, type)}`;

export const changeSummary = (changes: readonly StateChangeItem[], naming: Naming): SafeText => {
	const [first] = changes;
	if (first !== undefined && changes.length === 1 && first.message.isChatter !== true) {
		const {message, previous} = first;
		const {type, stateKey = '', sender, content} = message;
		return stateText({type, stateKey, sender, content, previous, ...naming});
	}
	// The newest of several says what there is to know.
	const last = changes.at(-1)?.message;
	if (last !== undefined && changes.every(({message}) => message.isChatter === true))
		return changes.length === 1 ? chatterText(last) : literal`${chatterText(last)} (and ${changes.length - 1} before)`;
	const groups = new Map<SafeText, {readonly kind: Kind; readonly changes: StateChangeItem[]}>();
	for (const change of changes) {
		const kind = kindOf(change);
		const group = groups.get(kind.verb) ?? {kind, changes: []};
		group.changes.push(change);
		groups.set(kind.verb, group);
	}
	const isNewRoom = changes.some(({message}) => message.type === 'm.room.create');
	const isRoutine = (group: readonly StateChangeItem[]): boolean =>
		group.every(({message}) => (isNewRoom && routineTypes.has(message.type)) || isUnknown(message));
	const all = [...groups.values()];
	const ordered = [...all.filter(group => !isRoutine(group.changes)), ...all.filter(group => isRoutine(group.changes))];
	const parts = ordered.map(group => groupText(group.kind, group.changes, naming));
	const rest = parts.length - maxParts;
	const shown = rest > 1 ? [...parts.slice(0, maxParts), literal`and ${rest} more changes`] : parts;
	return joinSafe(shown, literal`, `);
};
