/** What an account keeps on the server: client data, room tags, filters, the profile (client-server API §Client Config, §Room Tagging, §Filtering, §Profiles). */
import {asObject, asString, type JsonObject, type JsonValue} from '../../domain/json.ts';
import {addEvent, memberContent} from './events.ts';
import type {Call, Handler, Routes} from './http.ts';
import {demand, found} from './matrix-error.ts';
import {accountDataOf, membershipOf, nextPosition, userOf, type AccountData} from './world.ts';

const requireSelf = ({user, part}: Call): void =>
	demand(part('userId') === user.id, 403, 'M_FORBIDDEN', 'The account data of others are theirs');

const dataOf = (call: Call): Map<string, AccountData> => {
	requireSelf(call);
	return accountDataOf(call.user, call.part('roomId'));
};

const get: Handler = call => found(dataOf(call).get(call.part('type')), 'There are no such account data').content;

const put: Handler = call => {
	const type = call.part('type');
	const isFree = type !== 'm.push_rules' && type !== 'm.fully_read';
	demand(isFree, 405, 'M_BAD_JSON', `${type} has an endpoint of its own`);
	dataOf(call).set(type, {content: call.body, position: nextPosition(call.world)});
};

const tagsOf = (call: Call): JsonObject => asObject(dataOf(call).get('m.tag')?.content['tags']);

const setTag = (call: Call, value: JsonObject | undefined): void => {
	const content = {tags: {...tagsOf(call), [call.part('tag')]: value}};
	dataOf(call).set('m.tag', {content, position: nextPosition(call.world)});
};

/** The rooms of the person show the new name and picture. */
const setProfile = ({world, user, part}: Call, value: JsonValue | undefined): void => {
	// As Synapse refuses it.
	demand(part('userId') === user.id, 400, 'M_FORBIDDEN', 'The profile of others is theirs');
	user.profile = {...user.profile, [part('name')]: value};
	for (const room of [...user.rooms].filter(each => membershipOf(each, user.id) === 'join')) {
		const content = memberContent(world, user.id, 'join');
		addEvent(world, room, {type: 'm.room.member', sender: user.id, stateKey: user.id, content});
	}
};

export const accountDataRoutes: Routes = {
	'GET user/{userId}/account_data/{type}': get,
	'PUT user/{userId}/account_data/{type}': put,
	'GET user/{userId}/rooms/{roomId}/account_data/{type}': get,
	'PUT user/{userId}/rooms/{roomId}/account_data/{type}': put,
	'GET user/{userId}/rooms/{roomId}/tags': call => ({tags: tagsOf(call)}),
	'PUT user/{userId}/rooms/{roomId}/tags/{tag}': call => setTag(call, call.body),
	'DELETE user/{userId}/rooms/{roomId}/tags/{tag}': call => setTag(call, undefined),
	'POST user/{userId}/filter': call => {
		requireSelf(call);
		return {filter_id: String(call.user.filters.push(call.body) - 1)};
	},
	'GET user/{userId}/filter/{filterId}': call => {
		requireSelf(call);
		return found(call.user.filters[Number(call.part('filterId'))], 'There is no such filter');
	},
	'open GET profile/{userId}/{name?}': ({world, part}) => {
		const [{profile}, name] = [userOf(world, part('userId')), part('name')];
		return name === '' ? profile : {[name]: found(profile[name], `There is no ${name}`)};
	},
	'PUT profile/{userId}/{name}': call => setProfile(call, call.body[call.part('name')] || undefined),
	'DELETE profile/{userId}/{name}': call => setProfile(call, undefined),
	'POST user_directory/search': ({world, user, body}) => {
		const term = (asString(body['search_term']) ?? '').toLowerCase();
		const results = [...world.users.values()].flatMap(({id, profile: {displayname, avatar_url: avatar}}) => {
			const isFound = id !== user.id && `${id} ${asString(displayname) ?? ''}`.toLowerCase().includes(term);
			return isFound ? [{user_id: id, display_name: displayname ?? null, avatar_url: avatar ?? null}] : [];
		});
		return {results: results.slice(0, 50), limited: results.length > 50};
	},
};
