/** Finding rooms and people, spaces, and files. */
import {asArray, asObject, type JsonObject} from '../../../source/domain/json.ts';
import {by, text, type Conversation} from '../requests.ts';

const nobody = by(undefined);
const anna = by('anna');
const bob = by('bob');

const hasMembers =
	(count: number) =>
	(answer: JsonObject): boolean =>
		asArray(answer['chunk']).some(room => asObject(room)['num_joined_members'] === count);

const child = (more: JsonObject = {}): JsonObject => ({via: ['{server}'], ...more});

export const directory: Conversation = {
	title: 'finding rooms and people',
	people: ['anna', 'bob'],
	asks: [
		anna(
			'POST createRoom',
			{preset: 'public_chat', visibility: 'public', name: '{unique}', room_alias_name: '{unique}'},
			{
				keep: {room: 'room_id'},
			},
		),
		bob('POST join/%23{unique}:{server}', {}),
		nobody('GET directory/room/%23{unique}:{server}'),
		nobody('GET directory/room/%23none:{server}'),
		anna('PUT directory/room/%23{unique}-2:{server}', {room_id: '{room}'}),
		anna('PUT directory/room/%23{unique}-2:{server}', {room_id: '{room}'}),
		anna('PUT directory/room/%23{unique}-3:elsewhere', {room_id: '{room}'}),
		anna('PUT directory/room/nonsense', {room_id: '{room}'}),
		anna(
			'PUT directory/room/%23{unique}-3:{server}',
			{room_id: '!none:{server}'},
			{
				differs: {'': 'the demo tells nobody which rooms there are'},
			},
		),
		bob('DELETE directory/room/%23{unique}-2:{server}'),
		anna('DELETE directory/room/%23{unique}-2:{server}'),
		anna('DELETE directory/room/%23{unique}-2:{server}'),
		anna('POST publicRooms', {filter: {generic_search_term: '{unique}'}}, {until: hasMembers(2)}),
		anna('POST publicRooms', {filter: {generic_search_term: 'nothing at all'}}),
		bob('PUT directory/list/room/{room}', {visibility: 'private'}),
		anna('PUT directory/list/room/{room}', {visibility: 'private'}),
		nobody('GET directory/list/room/{room}'),
		nobody('GET directory/list/room/!none:{server}'),
		anna('POST publicRooms', {filter: {generic_search_term: '{unique}'}}),
		anna(
			'POST user_directory/search',
			{search_term: '{bob.name}'},
			{
				until: answer => asArray(answer['results']).length > 0,
			},
		),
		anna('POST user_directory/search', {search_term: 'nobody-at-all'}),
	],
};

export const spaces: Conversation = {
	title: 'spaces',
	people: ['anna', 'bob'],
	asks: [
		anna(
			'POST createRoom',
			{name: 'Space', creation_content: {type: 'm.space'}, invite: ['{bob}']},
			{
				keep: {space: 'room_id'},
			},
		),
		anna(
			'POST createRoom',
			{name: 'Below', creation_content: {type: 'm.space'}, preset: 'public_chat'},
			{
				keep: {below: 'room_id'},
			},
		),
		anna('POST createRoom', {name: 'Open', preset: 'public_chat', topic: 'For all'}, {keep: {open: 'room_id'}}),
		anna('POST createRoom', {name: 'Closed'}, {keep: {closed: 'room_id'}}),
		anna('PUT rooms/{space}/state/m.space.child/{below}', child({order: 'a'})),
		anna('PUT rooms/{space}/state/m.space.child/{closed}', child({order: 'b'})),
		anna('PUT rooms/{space}/state/m.space.child/!none:{server}', {}),
		anna('PUT rooms/{below}/state/m.space.child/{open}', child({suggested: true})),
		anna('GET /_matrix/client/v1/rooms/{space}/hierarchy'),
		anna('GET /_matrix/client/v1/rooms/{space}/hierarchy?max_depth=1'),
		anna('GET /_matrix/client/v1/rooms/{space}/hierarchy?limit=2', undefined, {keep: {next: 'next_batch'}}),
		anna('GET /_matrix/client/v1/rooms/{space}/hierarchy?limit=2&from={next}'),
		bob('GET /_matrix/client/v1/rooms/{space}/hierarchy'),
		bob('GET /_matrix/client/v1/rooms/{closed}/hierarchy'),
		bob('GET /_matrix/client/v1/rooms/!none:{server}/hierarchy'),
		bob('GET /_matrix/client/v1/room_summary/{open}'),
		bob('GET /_matrix/client/v1/room_summary/{closed}'),
	],
};

export const media: Conversation = {
	title: 'files',
	people: ['anna'],
	asks: [
		anna('GET /_matrix/client/v1/media/config'),
		nobody('POST /_matrix/media/v3/upload?filename=note.txt', text('a file')),
		anna('POST /_matrix/media/v3/upload?filename=note.txt', text('a file'), {keep: {file: 'content_uri'}}),
		nobody('GET /_matrix/client/v1/media/download/{server}/{file.id}'),
		anna('GET /_matrix/client/v1/media/download/{server}/{file.id}'),
		anna('GET /_matrix/client/v1/media/download/{server}/{file.id}/other.txt'),
		anna('GET /_matrix/client/v1/media/download/{server}/none'),
		anna('GET /_matrix/client/v1/media/thumbnail/{server}/none?width=32&height=32'),
	],
};
