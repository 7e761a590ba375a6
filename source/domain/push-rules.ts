/** Whether the account wants to be told of an event, as its push rules say (client-server API §Push Rules). */
import {asArray, asObject, asString, isObject, type JsonObject, type JsonValue} from './json.ts';

/** An event, decrypted, and what the rules ask of its room. */
export type PushEvent = {
	readonly type: string;
	readonly sender: string;
	readonly roomId: string;
	readonly stateKey: string | undefined;
	readonly content: JsonObject;
};

export type PushFacts = {
	readonly ownUserId: string;
	/** The account's name in the room. */
	readonly ownName: string | undefined;
	readonly memberCount: number;
	/** Power of the sender, and what `@room` takes. */
	readonly senderPower: number;
	readonly powerToNotify: number;
};

export type PushVerdict = {readonly isNotified: boolean; readonly isHighlight: boolean};

const silent: PushVerdict = {isNotified: false, isHighlight: false};

/** What holds where the server gave no rules: the most important of those that it would give. */
const usualRules = (ownUserId: string): JsonObject => ({
	override: [
		{
			rule_id: '.m.rule.suppress_notices',
			conditions: [{kind: 'event_match', key: 'content.msgtype', pattern: 'm.notice'}],
			actions: [],
		},
		{
			rule_id: '.m.rule.is_user_mention',
			conditions: [{kind: 'event_property_contains', key: String.raw`content.m\.mentions.user_ids`, value: ownUserId}],
			actions: ['notify', {set_tweak: 'highlight'}],
		},
	],
	underride: ['m.room.message', 'm.room.encrypted'].map(type => ({
		rule_id: `.m.rule.${type}`,
		conditions: [{kind: 'event_match', key: 'type', pattern: type}],
		actions: ['notify'],
	})),
});

/** Rules that an event with `m.mentions` makes superfluous (§m.mentions). */
const oldMentionRules: ReadonlySet<unknown> = new Set([
	'.m.rule.contains_display_name',
	'.m.rule.contains_user_name',
	'.m.rule.roomnotif',
]);

/** `a\.b.c` to `a.b` and `c` (§Conditions for when to push). */
const keysOf = (path: string): readonly string[] =>
	(path.match(/(?:\\.|[^.\\]|\\$)+/gs) ?? []).map(key => key.replaceAll(/\\([.\\])/g, '$1'));

const propertiesOf = ({type, sender, roomId, stateKey, content}: PushEvent): JsonObject => ({
	type,
	sender,
	room_id: roomId,
	...(stateKey === undefined ? {} : {state_key: stateKey}),
	content,
});

const propertyOf = (event: PushEvent, path: unknown): JsonValue | undefined => {
	let value: JsonValue | undefined = propertiesOf(event);
	for (const key of typeof path === 'string' ? keysOf(path) : [])
		value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
	return value;
};

/** Code units of a pattern: what is longer is nobody's rule. */
const longestPattern = 500;
/** Code units of a text that are looked at. */
const longestText = 65_536;

/**
 * A glob: `*` for anything, `?` for one character; case does not count. It walks both at once with one step back to the last
 * star, so that no pattern makes it slow.
 */
const isGlobMatch = (pattern: string, text: string): boolean => {
	let [at, from] = [0, 0];
	let [star, mark] = [-1, 0];
	while (from < text.length) {
		if (pattern[at] === '*') {
			[star, mark] = [at, from];
			at += 1;
		} else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[from])) {
			at += 1;
			from += 1;
		} else if (star !== -1) {
			mark += 1;
			[at, from] = [star + 1, mark];
		} else return false;
	}
	while (pattern[at] === '*') at += 1;
	return at === pattern.length;
};

const isWordCharacter = (character: string | undefined): boolean => character !== undefined && /\w/.test(character);

/** In the text of a message a pattern stands for a word: between what are no letters of a word. */
const isWordMatch = (pattern: string, text: string): boolean => {
	if (/[*?]/.test(pattern))
		return text.split(/\W+/).some(word => isGlobMatch(pattern, word)) || isGlobMatch(pattern, text);
	for (let at = text.indexOf(pattern); at !== -1 && pattern !== ''; at = text.indexOf(pattern, at + 1))
		if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + pattern.length])) return true;
	return false;
};

const isMatch = (event: PushEvent, key: unknown, pattern: unknown): boolean => {
	const value = propertyOf(event, key);
	if (typeof value !== 'string' || typeof pattern !== 'string' || pattern.length > longestPattern) return false;
	const [wanted, text] = [pattern.toLowerCase(), value.slice(0, longestText).toLowerCase()];
	return key === 'content.body' ? isWordMatch(wanted, text) : isGlobMatch(wanted, text);
};

const isCountMatch = (count: number, is: unknown): boolean => {
	const [, sign = '', digits = ''] = /^(==|<=|>=|<|>)?(\d{1,9})$/.exec(asString(is) ?? '') ?? [];
	if (digits === '') return false;
	const wanted = Number(digits);
	switch (sign) {
		case '<':
			return count < wanted;
		case '>':
			return count > wanted;
		case '<=':
			return count <= wanted;
		case '>=':
			return count >= wanted;
		default:
			return count === wanted;
	}
};

const isScalar = (value: JsonValue | undefined): boolean =>
	value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** A condition that nobody knows is not met. */
const isMet = (condition: JsonObject, event: PushEvent, facts: PushFacts): boolean => {
	const {kind, key, pattern, value} = condition;
	switch (kind) {
		case 'event_match':
			return isMatch(event, key, pattern);
		case 'event_property_is':
			return isScalar(value) && propertyOf(event, key) === value;
		case 'event_property_contains':
			return isScalar(value) && asArray(propertyOf(event, key)).includes(value);
		case 'contains_display_name':
			return (
				facts.ownName !== undefined &&
				facts.ownName.trim() !== '' &&
				isMatch(event, 'content.body', plain(facts.ownName))
			);
		case 'room_member_count':
			return isCountMatch(facts.memberCount, condition['is']);
		case 'sender_notification_permission':
			return key === 'room' && facts.senderPower >= facts.powerToNotify;
		default:
			return false;
	}
};

/** A name is no glob. */
const plain = (name: string): string => name.replaceAll(/[*?]/g, '');

type RuleKind = 'override' | 'content' | 'room' | 'sender' | 'underride';

/** In the order in which they count; the first one that fits decides. */
const kinds: readonly RuleKind[] = ['override', 'content', 'room', 'sender', 'underride'];

const fits = (kind: RuleKind, rule: JsonObject, event: PushEvent, facts: PushFacts): boolean => {
	const {rule_id: id, conditions, pattern} = rule;
	const hasMentions = isObject(event.content['m.mentions']);
	if (rule['enabled'] === false || (hasMentions && oldMentionRules.has(id))) return false;
	switch (kind) {
		case 'override':
		case 'underride':
			return asArray(conditions).every(condition => isObject(condition) && isMet(condition, event, facts));
		case 'content':
			return isMatch(event, 'content.body', pattern);
		case 'room':
			return id === event.roomId;
		case 'sender':
			return id === event.sender;
		default:
			return kind satisfies never;
	}
};

/** `dont_notify` and `coalesce` are old words for no action and for `notify`. */
const verdictOf = (rule: JsonObject): PushVerdict => {
	const actions = asArray(rule['actions']);
	const isNotified = actions.includes('notify') || actions.includes('coalesce');
	const isHighlight = actions.some(
		action => isObject(action) && action['set_tweak'] === 'highlight' && action['value'] !== false,
	);
	return {isNotified, isHighlight: isNotified && isHighlight};
};

/** @param pushRules content of the account data m.push_rules; without rules in it, the usual ones count */
export const pushVerdict = (pushRules: JsonObject, event: PushEvent, facts: PushFacts): PushVerdict => {
	if (event.sender === facts.ownUserId) return silent;
	const given = asObject(pushRules['global']);
	const rules = kinds.some(kind => asArray(given[kind]).length > 0) ? given : usualRules(facts.ownUserId);
	for (const kind of kinds) {
		const found = asArray(rules[kind])
			.filter(isObject)
			.find(rule => fits(kind, rule, event, facts));
		if (found !== undefined) return verdictOf(found);
	}
	return silent;
};
