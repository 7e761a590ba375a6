/** Settings of rooms in words. */
import type {HistoryVisibility, JoinRule, NotificationLevel, RoomSummary} from '../domain/room-requests.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {MenuItem} from './menu-rows.ts';

export const joinRuleWords: Readonly<Record<JoinRule, SafeText>> = {
	invite: literal`the invited`,
	knock: literal`who asks and is let in`,
	restricted: literal`members of a space`,
	knock_restricted: literal`members of a space, or who asks`,
	public: literal`everybody`,
};

export const historyWords: Readonly<Record<HistoryVisibility, SafeText>> = {
	joined: literal`members, since they joined`,
	invited: literal`members, since their invitation`,
	shared: literal`members, all of it`,
	world_readable: literal`everybody, without joining`,
};

export const notificationWords: Readonly<Record<NotificationLevel, SafeText>> = {
	default: literal`as the account is set`,
	all: literal`every message`,
	mentions: literal`mentions only`,
	none: literal`nothing`,
};

/** @returns who may join, in words, also for a rule that mx does not know. */
export const joinRuleText = (rule: string | undefined): SafeText => {
	if (rule === undefined) return literal`not told`;
	return Object.hasOwn(joinRuleWords, rule) ? joinRuleWords[rule as JoinRule] : safeText(rule, 'name');
};

export const summaryName = ({name, alias, roomId}: RoomSummary): SafeText => safeText(name ?? alias, 'name', roomId);

/** What is told of a room before it is joined. */
export const summaryItems = (room: RoomSummary): readonly MenuItem[] => {
	const {alias, topic, memberCount, joinRule, isEncrypted, isSpace, roomId, membership} = room;
	const people =
		memberCount === undefined
			? literal`not told`
			: memberCount === 1
				? literal`1 member`
				: literal`${memberCount} members`;
	const isUnknown = memberCount === undefined && joinRule === undefined;
	return [
		{kind: 'title', text: summaryName(room)},
		{kind: 'fact', label: literal`Address`, value: safeText(alias, 'name', roomId)},
		...(topic === undefined || topic.trim() === '' ? [] : ([{kind: 'text', text: safeText(topic, 'line')}] as const)),
		{kind: 'blank'},
		{kind: 'fact', label: literal`Kind`, value: isSpace ? literal`space` : literal`room`},
		{kind: 'fact', label: literal`People`, value: people},
		{kind: 'fact', label: literal`Who joins`, value: joinRuleText(joinRule)},
		{
			kind: 'fact',
			label: literal`Encrypted`,
			value: isUnknown ? literal`not told` : isEncrypted ? literal`yes` : literal`no`,
			...(isUnknown || isEncrypted ? {} : {role: 'warning' as const}),
		},
		...(membership === 'knock'
			? ([{kind: 'fact', label: literal`You`, value: literal`have asked to be let in`}] as const)
			: []),
		...(membership === 'ban'
			? ([{kind: 'fact', label: literal`You`, value: literal`are banned`, role: 'error'}] as const)
			: []),
		{kind: 'blank'},
	];
};
