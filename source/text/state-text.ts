/** State events as one sentence each: who joined, what was renamed. */
import {asArray, asObject, asString, type JsonObject} from '../domain/json.ts';
import {nameInNetwork} from '../domain/room-name.ts';
import {unsupportedEvent} from './message-text.ts';
import {literal, safeText, type SafeText} from './safe-text.ts';

/** A state event; everything but the lookup is untrusted. */
export type StateChange = {
	readonly type: string;
	readonly stateKey: string;
	readonly sender: string;
	readonly content: JsonObject;
	/** Content that this event replaced, if known. */
	readonly previous?: JsonObject | undefined;
	/** Display name of a user id; `undefined` shows the id. */
	readonly nameOf: (userId: string) => string | undefined;
	/** Of the account: they are `you`. @default everybody has a name */
	readonly ownUserId?: string | undefined;
};

/** How the owner of the account is called, as where they wrote. */
export const you = literal`you`;

/** One safe line for a state event (client-server API §Room events); unknown types say so. */
export const stateText = (change: StateChange): SafeText => {
	const who = personName(change, change.sender);
	if (change.type === 'm.room.member') {
		return memberText(change);
	}

	const said = sentences.get(change.type)?.(change);
	return said === undefined ? unsupportedEvent(change.type) : literal`${who} ${said}`;
};

const personName = ({nameOf, ownUserId}: StateChange, userId: string): SafeText =>
	userId === ownUserId ? you : safeText(nameOf(userId), 'name', userId);

/**
 * Names in member events come with the event, so that a rename does not change history.
 * @param shown what the person is called now: what bridges put behind the names of ghosts is not shown there, nor here then
 */
export const nameInEvent = (content: JsonObject | undefined, shown: SafeText): SafeText => {
	const name = safeText(content?.['displayname'], 'name');
	return name === '' || nameInNetwork(name, undefined) === shown ? shown : name;
};

const isYou = ({stateKey, ownUserId}: StateChange): boolean => stateKey === ownUserId;

const memberName = (change: StateChange, content: JsonObject | undefined): SafeText => {
	const name = personName(change, change.stateKey);
	return isYou(change) ? name : nameInEvent(content, name);
};

/** `the ban of Bob`, `your ban` */
const ofMember = (what: SafeText, change: StateChange): SafeText =>
	isYou(change) ? literal`your ${what}` : literal`the ${what} of ${memberName(change, change.previous)}`;

const memberText = (change: StateChange): SafeText => {
	const {content, previous, sender, stateKey} = change;
	const isOwn = sender === stateKey;
	const who = personName(change, sender);
	const before = previous?.['membership'];
	switch (content['membership']) {
		case 'join':
			return before === 'join' ? profileText(change) : literal`${memberName(change, content)} joined`;
		case 'invite':
			return literal`${who} invited ${memberName(change, content)}`;
		case 'knock':
			return literal`${memberName(change, content)} asked to join${reasonText(content)}`;
		case 'ban':
			return literal`${who} banned ${memberName(change, previous)}${reasonText(content)}`;
		case 'leave':
			return leaveText(change, isOwn);
		default:
			return literal`${who} changed ${ofMember(literal`membership`, change)}`;
	}
};

const leaveText = (change: StateChange, isOwn: boolean): SafeText => {
	const {content, previous, sender} = change;
	const whom = memberName(change, previous);
	const who = personName(change, sender);
	const reason = reasonText(content);
	switch (previous?.['membership']) {
		case 'invite':
			return isOwn
				? literal`${whom} declined the invitation${reason}`
				: literal`${who} withdrew ${ofMember(literal`invitation`, change)}${reason}`;
		case 'ban':
			return literal`${who} lifted ${ofMember(literal`ban`, change)}${reason}`;
		case 'knock':
			return isOwn ? literal`${whom} withdrew the request to join${reason}` : literal`${who} refused ${whom}${reason}`;
		default:
			return isOwn ? literal`${whom} left${reason}` : literal`${who} removed ${whom}${reason}`;
	}
};

const profileText = (change: StateChange): SafeText => {
	const {content, previous} = change;
	const name = memberName(change, content);
	const whose = isYou(change) ? literal`your` : literal`their`;
	if (content['displayname'] !== previous?.['displayname']) {
		const newName = safeText(content['displayname'], 'name');
		if (newName === '') return literal`${memberName(change, previous)} removed ${whose} name`;
		if (isYou(change)) return literal`you are now ${newName}`;
		return literal`${safeText(previous?.['displayname'], 'name', change.stateKey)} is now ${name}`;
	}

	return content['avatar_url'] === previous?.['avatar_url']
		? literal`${name} changed nothing`
		: literal`${name} changed ${whose} picture`;
};

const reasonText = (content: JsonObject): SafeText => {
	const reason = safeText(content['reason'], 'name');
	return reason === '' ? literal`` : literal`: ${reason}`;
};

/** `verb VALUE`, or `none` if the value is empty. */
const valueText = (verb: SafeText, value: unknown, none: SafeText): SafeText => {
	const text = safeText(value, 'name');
	return text === '' ? none : literal`${verb} ${text}`;
};

type Sentence = (change: StateChange) => SafeText;

const sentences: ReadonlyMap<string, Sentence> = new Map<string, Sentence>([
	[
		'm.room.create',
		({content}) => (content['type'] === 'm.space' ? literal`created the space` : literal`created the room`),
	],
	['m.room.name', ({content}) => valueText(literal`changed the name to`, content['name'], literal`removed the name`)],
	[
		'm.room.topic',
		({content}) => valueText(literal`changed the topic to`, content['topic'], literal`removed the topic`),
	],
	[
		'm.room.avatar',
		({content}) => (content['url'] === undefined ? literal`removed the picture` : literal`changed the picture`),
	],
	[
		'm.room.canonical_alias',
		({content}) => valueText(literal`set the main address to`, content['alias'], literal`removed the main address`),
	],
	['m.room.encryption', () => literal`turned on encryption`],
	['m.room.join_rules', ({content}) => joinRuleText(content['join_rule'])],
	['m.room.history_visibility', ({content}) => historyText(content['history_visibility'])],
	[
		'm.room.guest_access',
		({content}) =>
			content['guest_access'] === 'can_join' ? literal`let guests join` : literal`closed the room to guests`,
	],
	['m.room.power_levels', () => literal`changed the permissions`],
	['m.room.pinned_events', change => pinnedText(change)],
	['m.room.server_acl', () => literal`changed which servers may take part`],
	[
		'm.room.tombstone',
		({content}) => valueText(literal`moved the room:`, content['body'], literal`moved the room to a new one`),
	],
	[
		'm.room.third_party_invite',
		({content}) => valueText(literal`invited`, content['display_name'], literal`withdrew an invitation`),
	],
	[
		'm.space.child',
		({content}) =>
			asArray(content['via']).length > 0 ? literal`added a room to the space` : literal`removed a room from the space`,
	],
	['m.space.parent', () => literal`changed the spaces of the room`],
	['com.beeper.disappearing_timer', ({content}) => timerText(content)],
	['m.bridge', change => bridgeText(change)],
	['uk.half-shot.bridge', change => bridgeText(change)],
]);

const joinRules: ReadonlyMap<unknown, SafeText> = new Map<unknown, SafeText>([
	['public', literal`opened the room to everyone`],
	['invite', literal`made the room invite-only`],
	['knock', literal`let people ask to join`],
	['restricted', literal`opened the room to members of other rooms`],
	['knock_restricted', literal`opened the room to members of other rooms, others may ask`],
	['private', literal`made the room private`],
]);

const joinRuleText = (rule: unknown): SafeText => joinRules.get(rule) ?? literal`changed who may join`;

const histories: ReadonlyMap<unknown, SafeText> = new Map<unknown, SafeText>([
	['world_readable', literal`made the history readable for everyone`],
	['shared', literal`made all history readable for members`],
	['invited', literal`made the history readable from the invitation on`],
	['joined', literal`made the history readable from joining on`],
]);

const historyText = (visibility: unknown): SafeText =>
	histories.get(visibility) ?? literal`changed who may read the history`;

const pinnedText: Sentence = ({content, previous}) => {
	const count = asArray(content['pinned']).length;
	return count > asArray(previous?.['pinned']).length
		? literal`pinned a message`
		: literal`changed the pinned messages`;
};

/** Milliseconds in words: `5 minutes`, `7 days`. */
const spanText = (milliseconds: number): SafeText => {
	const minutes = Math.max(1, Math.round(milliseconds / 60_000));
	if (minutes < 60) return minutes === 1 ? literal`a minute` : literal`${minutes} minutes`;
	const hours = Math.round(minutes / 60);
	if (hours < 48) return hours === 1 ? literal`an hour` : literal`${hours} hours`;
	return literal`${Math.round(hours / 24)} days`;
};

const timerText = (content: JsonObject): SafeText => {
	const {timer, type} = content;
	if (typeof timer !== 'number' || !Number.isSafeInteger(timer) || timer <= 0) return literal`set messages to stay`;
	const since = type === 'after_read' ? literal`they are read` : literal`they are sent`;
	return literal`set messages to disappear ${spanText(timer)} after ${since}`;
};

const bridgeText: Sentence = ({content}) => {
	const protocol = asObject(content['protocol']);
	const name = asString(protocol['displayname']) ?? protocol['id'];
	// Any room admin can write this event: whether it is true is for the bridge detection to say.
	return valueText(literal`said that the room is bridged to`, name, literal`changed the bridge`);
};
