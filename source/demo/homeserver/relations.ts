/** Which relations between events are refused (client-server API §Annotating events, §Threading). */
import {asObject, asString} from '../../domain/json.ts';
import {relationOf, type NewEvent} from './events.ts';
import {MatrixError} from './matrix-error.ts';
import type {Room, StoredEvent, World} from './world.ts';

const keyOf = ({content}: Pick<StoredEvent, 'content'>): string | undefined =>
	asString(asObject(content['m.relates_to'])['key']);

/** @throws MatrixError 400 for the same reaction twice, and for a thread within a thread */
export const requireGoodRelation = (world: World, room: Room, event: NewEvent): void => {
	const {type, eventId = ''} = relationOf(event);
	const isSame = (other: StoredEvent): boolean =>
		other.type === event.type &&
		other.sender === event.sender &&
		other.redaction === undefined &&
		relationOf(other).type === type &&
		keyOf(other) === keyOf(event);
	if (type === 'm.annotation' && room.relations.get(eventId)?.some(isSame) === true)
		throw new MatrixError(400, 'M_DUPLICATE_ANNOTATION', 'The same reaction is there already');
	const root = type === 'm.thread' ? world.events.get(eventId) : undefined;
	if (root?.room === room && relationOf(root).type !== undefined)
		throw new MatrixError(400, 'M_UNKNOWN', 'A thread begins at an event without a relation');
};
