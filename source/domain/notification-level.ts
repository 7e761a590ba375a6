/** What a room tells the person of, as the account's push rules say (client-server API §Push Rules). */
import {asArray, asObject, asString, isObject, type JsonObject} from './json.ts';
import type {NotificationLevel} from './room-requests.ts';

const hasRule = (rules: unknown, roomId: string, isFitting: (rule: JsonObject) => boolean): boolean =>
	asArray(rules)
		.filter(isObject)
		.some(rule => rule['rule_id'] === roomId && rule['enabled'] !== false && isFitting(rule));

/** `dont_notify` is the old word for no action at all. */
const notifies = (rule: JsonObject): boolean => asArray(rule['actions']).includes('notify');

/** @returns room ids of the rooms that tell nothing at all. @param pushRules content of the account data m.push_rules */
export const mutedRooms = (pushRules: JsonObject): ReadonlySet<string> => {
	const rules = asArray(asObject(pushRules['global'])['override']).filter(isObject);
	const silent = rules.filter(rule => rule['enabled'] !== false && !notifies(rule));
	return new Set(silent.map(rule => asString(rule['rule_id']) ?? '').filter(id => id.startsWith('!')));
};

/** @param pushRules content of the account data m.push_rules */
export const notificationLevelOf = (pushRules: JsonObject, roomId: string): NotificationLevel => {
	const global = asObject(pushRules['global']);
	if (hasRule(global['override'], roomId, rule => !notifies(rule))) return 'none';
	if (hasRule(global['room'], roomId, notifies)) return 'all';
	return hasRule(global['room'], roomId, () => true) ? 'mentions' : 'default';
};
