/** The messages that are pinned in a room (client-server API §m.room.pinned_events). */
import {asArray} from '../domain/json.ts';
import {pinnedType} from '../domain/message-care.ts';
import {eventIdOf} from '../domain/room-event.ts';
import type {AccountSource} from './account-source.ts';

/** Messages that are looked at; more are pinned by mistake or by malice. */
const mostPinned = 100;

/** @returns their event ids, in the order in which they were pinned; the newest ones where there are very many */
export const pinnedIn = (source: Pick<AccountSource, 'details'>, rid: number): ReadonlySet<string> => {
	const pinned = asArray(source.details.state(rid, pinnedType)?.['pinned']);
	return new Set(pinned.slice(-mostPinned).flatMap(id => eventIdOf(id) ?? []));
};
