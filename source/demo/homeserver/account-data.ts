/** What an account keeps on the server: client data, room tags, the profile (client-server API §Client Config, §Room Tagging, §Profiles). */
import {asObject, asString, type JsonObject, type JsonValue} from '../../domain/json.ts';
import {memberContent, addEvent} from './events.ts';
import type {Call, Handler, Routes} from './http.ts';
import {forbidden, MatrixError, notFound} from './matrix-error.ts';
import {membershipOf, nextPosition, userOf, type AccountData, type User, type World} from './world.ts';

const requireSelf = ({user, params}: Call): void => {
	if (params['userId'] !== user.id) throw forbidden('The account data of others are theirs');
};

/** As Synapse refuses it. */
const requireOwnProfile = ({user, params}: Call): void => {
	if (params['userId'] !== user.id) throw new MatrixError(400, 'M_FORBIDDEN', 'The profile of others is theirs');
};

const dataOf = (call: Call): Map<string, AccountData> => {
	requireSelf(call);
	const {user, params} = call;
	const {roomId} = params;
	if (roomId === undefined) return user.accountData;
	const data = user.roomData.get(roomId) ?? new Map<string, AccountData>();
	user.roomData.set(roomId, data);
	return data;
};

/** Types that have endpoints of their own. */
const reserved = new Set(['m.push_rules', 'm.fully_read']);

const put: Handler = call => {
	const {type = ''} = call.params;
	if (reserved.has(type)) throw new MatrixError(405, 'M_BAD_JSON', `${type} has an endpoint of its own`);
	dataOf(call).set(type, {content: call.body, position: nextPosition(call.world)});
	return {};
};

const get: Handler = call => {
	const found = dataOf(call).get(call.params['type'] ?? '');
	if (found === undefined) throw notFound('There are no such account data');
	return found.content;
};

const changeTags = (call: Call, change: (tags: Record<string, JsonValue | undefined>) => void): JsonObject => {
	const data = dataOf(call);
	const tags = {...asObject(data.get('m.tag')?.content['tags'])};
	change(tags);
	data.set('m.tag', {content: {tags}, position: nextPosition(call.world)});
	return {};
};

/** The rooms of the person show the new name and picture. */
export const setProfile = (world: World, user: User, name: string, value: JsonValue | undefined): void => {
	const {[name]: _, ...others} = user.profile;
	user.profile = value === undefined ? others : {...others, [name]: value};
	for (const room of user.rooms) {
		if (membershipOf(room, user.id) !== 'join') continue;
		addEvent(world, room, {
			type: 'm.room.member',
			sender: user.id,
			stateKey: user.id,
			content: memberContent(world, user.id, 'join'),
		});
	}
};

export const accountDataRoutes: Routes = {
	'GET user/{userId}/account_data/{type}': get,
	'PUT user/{userId}/account_data/{type}': put,
	'GET user/{userId}/rooms/{roomId}/account_data/{type}': get,
	'PUT user/{userId}/rooms/{roomId}/account_data/{type}': put,
	'GET user/{userId}/rooms/{roomId}/tags': call => ({tags: asObject(dataOf(call).get('m.tag')?.content['tags'])}),
	'PUT user/{userId}/rooms/{roomId}/tags/{tag}': call =>
		changeTags(call, tags => {
			tags[call.params['tag'] ?? ''] = call.body;
		}),
	'DELETE user/{userId}/rooms/{roomId}/tags/{tag}': call =>
		changeTags(call, tags => void delete tags[call.params['tag'] ?? '']),
	'PUT profile/{userId}/{name}': call => {
		requireOwnProfile(call);
		const {name = ''} = call.params;
		const value = call.body[name];
		setProfile(call.world, call.user, name, value === '' ? undefined : value);
		return {};
	},
	'DELETE profile/{userId}/{name}': call => {
		requireOwnProfile(call);
		setProfile(call.world, call.user, call.params['name'] ?? '', undefined);
		return {};
	},
	'PUT presence/{userId}/status': () => ({}),
	'GET presence/{userId}/status': () => ({presence: 'offline'}),
	'POST user_directory/search': ({world, user, body}) => {
		const term = (asString(body['search_term']) ?? '').toLowerCase();
		const found = [...world.users.values()].filter(
			({id, profile}) =>
				id !== user.id && `${id} ${asString(profile['displayname']) ?? ''}`.toLowerCase().includes(term),
		);
		const results = found.slice(0, 50).map(({id, profile}) => ({
			user_id: id,
			display_name: asString(profile['displayname']) ?? null,
			avatar_url: asString(profile['avatar_url']) ?? null,
		}));
		return {results, limited: found.length > 50};
	},
};

export const openProfileRoutes: Routes = {
	'GET profile/{userId}': ({world, params}) => userOf(world, params['userId'] ?? '').profile,
	'GET profile/{userId}/{name}': ({world, params}) => {
		const {name = ''} = params;
		const value = userOf(world, params['userId'] ?? '').profile[name];
		if (value === undefined) throw notFound(`There is no ${name}`);
		return {[name]: value};
	},
};
