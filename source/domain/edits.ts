/** Which edits count (client-server API §Event replacements, validity of replacement events). */
import {asObject, asString, isObject, type JsonObject} from './json.ts';
import {eventIdOf} from './room-event.ts';

/** What the rules need to know of an event; type and content are those after decryption. */
export type EditParty = {
	readonly roomId: string | number;
	readonly eventId: string;
	readonly sender: string;
	readonly type: string;
	readonly isState: boolean;
	readonly isEncrypted: boolean;
	readonly isRedacted: boolean;
	readonly content: JsonObject;
};

/**
 * The eight rules: same room, same sender, same type, no state events, the target is not itself an edit, the edit names
 * the target and has `m.new_content`, neither is redacted, and an encrypted target needs an encrypted edit.
 */
export const isValidEdit = (target: EditParty, edit: EditParty): boolean => {
	const relation = asObject(edit.content['m.relates_to']);
	return (
		target.roomId === edit.roomId &&
		target.sender === edit.sender &&
		target.type === edit.type &&
		!target.isState &&
		!edit.isState &&
		asObject(target.content['m.relates_to'])['rel_type'] !== 'm.replace' &&
		relation['rel_type'] === 'm.replace' &&
		relation['event_id'] === target.eventId &&
		isObject(edit.content['m.new_content']) &&
		!target.isRedacted &&
		!edit.isRedacted &&
		(!target.isEncrypted || edit.isEncrypted)
	);
};

/** What an event says about others (client-server API §Relationships between events). */
export type Relation = {
	readonly kind: string | undefined;
	/** Target of `kind`; a relation to nothing is none. */
	readonly eventId: string | undefined;
	readonly replyTo: string | undefined;
	readonly thread: string | undefined;
	/** Key of an annotation. */
	readonly key: string | undefined;
};

/** Longest key of an annotation that is kept, in UTF-16 units. */
const maximumKeyLength = 255;

/** @returns the relation in `content`; members that are not well-formed are left out. */
export const relationOf = (content: JsonObject): Relation => {
	const relatesTo = asObject(content['m.relates_to']);
	const eventId = eventIdOf(relatesTo['event_id']);
	const kind = eventId === undefined ? undefined : asString(relatesTo['rel_type']);
	const isFallback = kind === 'm.thread' && relatesTo['is_falling_back'] === true;
	return {
		kind,
		eventId,
		replyTo: isFallback ? undefined : eventIdOf(asObject(relatesTo['m.in_reply_to'])['event_id']),
		thread: kind === 'm.thread' ? eventId : undefined,
		key: kind === 'm.annotation' ? asString(relatesTo['key'])?.slice(0, maximumKeyLength) : undefined,
	};
};
