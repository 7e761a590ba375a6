/** What a client wants to see of events (client-server API §Filtering). */
import {asArray, asInteger, asObject, isObject, parseJson, type JsonObject} from '../../domain/json.ts';
import type {Call, Routes} from './http.ts';
import {badParameter, forbidden, MatrixError, notFound} from './matrix-error.ts';
import type {StoredEvent, User} from './world.ts';

type Filterable = Pick<StoredEvent, 'type' | 'sender' | 'content'>;

const matchesGlob = (type: string, pattern: unknown): boolean =>
	typeof pattern === 'string' && (pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern);

/** @returns whether the list of the filter names the value; without a list everything is wanted. */
const isWanted = (filter: JsonObject, name: string, matches: (item: unknown) => boolean): boolean =>
	(filter[name] === undefined || asArray(filter[name]).some(matches)) && !asArray(filter[`not_${name}`]).some(matches);

/** @returns a test by an event filter. */
export const eventTest =
	(filter: JsonObject) =>
	({type, sender, content}: Filterable): boolean =>
		isWanted(filter, 'types', pattern => matchesGlob(type, pattern)) &&
		isWanted(filter, 'senders', id => id === sender) &&
		(filter['contains_url'] === undefined || (typeof content['url'] === 'string') === filter['contains_url']);

export const isRoomWanted = (filter: JsonObject, roomId: string): boolean =>
	isWanted(filter, 'rooms', id => id === roomId);

/** How many events are wanted at most. */
export const limitOf = (value: unknown, usual: number): number =>
	Math.min(Math.max(asInteger(Number(value ?? usual)) ?? usual, 1), 1000);

/** @returns the filter of a request: JSON, or the id of one that was stored. @throws MatrixError 400 */
export const filterOf = ({query, user}: Call): JsonObject => {
	const text = query.get('filter') ?? '{}';
	if (text.startsWith('{')) {
		const filter = parseJson(text);
		if (!isObject(filter)) throw new MatrixError(400, 'M_NOT_JSON', 'The filter is no JSON');
		return filter;
	}
	const stored = user.filters[Number(text)];
	if (stored === undefined) throw badParameter('There is no such filter');
	return asObject(stored);
};

const requireSelf = (user: User, userId: string | undefined): void => {
	if (userId !== user.id) throw forbidden('The filters of others are theirs');
};

export const filterRoutes: Routes = {
	'POST user/{userId}/filter': ({user, params, body}) => {
		requireSelf(user, params['userId']);
		return {filter_id: String(user.filters.push(body) - 1)};
	},
	'GET user/{userId}/filter/{filterId}': ({user, params}) => {
		requireSelf(user, params['userId']);
		const filter = user.filters[Number(params['filterId'])];
		if (filter === undefined) throw notFound('There is no such filter');
		return filter;
	},
};
