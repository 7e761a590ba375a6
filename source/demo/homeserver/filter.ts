/** How much of what a client wants to see: filters, limits, tokens (client-server API §Filtering, §Pagination). */
import {asArray, asInteger, isObject, parseJson, type JsonObject} from '../../domain/json.ts';
import type {Call} from './http.ts';
import {demand} from './matrix-error.ts';

const matchesGlob = (text: string, pattern: unknown): boolean =>
	typeof pattern === 'string' && (pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern);

/** @returns whether the list of the filter names the value, and the opposite list does not; without a list everything is wanted. */
export const isWanted = (filter: JsonObject, name: 'types' | 'rooms', value: string): boolean => {
	const isNamed = (list: string): boolean => asArray(filter[list]).some(pattern => matchesGlob(value, pattern));
	return (filter[name] === undefined || isNamed(name)) && !isNamed(`not_${name}`);
};

/** How many are wanted at most. */
export const limitOf = (value: unknown, usual: number): number =>
	Math.min(Math.max(asInteger(Number(value ?? usual)) ?? usual, 1), 1000);

/** @returns the filter of a request: JSON, or the id of one that was stored. @throws MatrixError 400 */
export const filterOf = ({query, user}: Call): JsonObject => {
	const text = query.get('filter') ?? '{}';
	const isJson = text.startsWith('{');
	const filter = isJson ? parseJson(text) : user.filters[Number(text)];
	demand(isObject(filter), 400, isJson ? 'M_NOT_JSON' : 'M_INVALID_PARAM', 'There is no such filter');
	return filter;
};

/** @returns the number of the change in a token: `t5` stands between the changes 5 and 6. @throws MatrixError 400 */
export const positionOf = ({query}: Call, name: string): number | undefined => {
	const token = query.get(name) ?? '';
	const [, position] = /^[st](\d+)$/.exec(token) ?? [];
	demand(token === '' || position !== undefined, 400, 'M_UNKNOWN', 'The token is none of this server');
	return position === undefined ? undefined : Number(position);
};

/** @returns the part of a list that is wanted, and the tokens of its neighbours: `p5` stands after the first five. */
export const partOf = <Item>(items: readonly Item[], from: unknown, limit: number) => {
	const start = Number(/^p(\d+)$/.exec(String(from))?.[1] ?? 0);
	return {
		page: items.slice(start, start + limit),
		next: start + limit < items.length ? `p${start + limit}` : undefined,
		previous: start > 0 ? `p${Math.max(0, start - limit)}` : undefined,
	};
};
