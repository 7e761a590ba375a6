/** `mx demo --rooms N`: so many rooms, on all networks, each as its bridge makes it. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {ExpectedError} from '../../../source/domain/errors.ts';
import {asArray, asObject} from '../../../source/domain/json.ts';
import {startDemo} from '../../../source/demo/demo.ts';
import {scriptedRoomCount} from '../../../source/demo/people/heavy.ts';
import {heavyNetworks} from '../../../source/demo/people/heavy-words.ts';
import {matrixRequest} from '../../helpers/matrix-request.ts';
import {roomOf, startQuickDemo} from './populated.ts';

const rooms = 400;

suite('A heavy account', () => {
	test('has as many rooms as were asked for, in its first sync', async t => {
		const demo = await startQuickDemo(t, {rooms});
		const {accessToken} = demo.signIn('test');
		const answer = await matrixRequest({url: demo.url, accessToken}, 'GET', '/_matrix/client/v3/sync?timeout=0');
		const {join, invite} = asObject(answer['rooms']);
		assert.equal(Object.keys(asObject(join)).length + Object.keys(asObject(invite)).length, rooms);
		const direct = asObject(
			asArray(asObject(answer['account_data'])['events'])
				.map(asObject)
				.find(({type}) => type === 'm.direct')?.['content'],
		);
		const unread = Object.values(asObject(join)).filter(
			room => Number(asObject(asObject(room)['unread_notifications'])['notification_count']) > 0,
		);
		assert.ok(unread.length > rooms / 20 && unread.length < rooms / 3, `${unread.length} unread rooms`);
		const directRooms = Object.values(direct).flatMap(asArray);
		assert.ok(
			directRooms.length > rooms / 3 && directRooms.length < (rooms * 2) / 3,
			`${directRooms.length} direct rooms`,
		);
		for (const [id, room] of Object.entries(asObject(join))) {
			const events = asArray(asObject(asObject(room)['timeline'])['events']).map(asObject);
			assert.ok(events.length > 0, id);
			assert.ok(
				events.every(event => Number.isSafeInteger(event['origin_server_ts'])),
				id,
			);
		}
	});

	test('has rooms of twelve bridges and of Matrix, quieter than those of the people', async t => {
		const demo = await startQuickDemo(t, {rooms});
		const {world, rooms: scripted} = demo.stage;
		const known = new Set(scripted.values());
		const generated = [...demo.stage.you.rooms].filter(room => !known.has(room) && room.timeline.length >= 20);
		const bots = new Set(
			generated.flatMap(room =>
				heavyNetworks
					.filter(({bot}) => room.state.get('m.room.member')?.has(`@${bot}:${world.serverName}`))
					.map(({bot}) => bot),
			),
		);
		assert.equal(bots.size, 12);
		const newest = Math.max(...generated.map(room => room.timeline.at(-1)?.timestamp ?? 0));
		assert.ok(newest < (roomOf(demo.stage, 'anna').timeline.at(-1)?.timestamp ?? 0));
		for (const {timeline} of generated)
			assert.ok(timeline.filter(({stateKey}) => stateKey === undefined).length === 20);
	});

	test('is the same every time', async t => {
		const [one, other] = await Promise.all([0, 1].map(() => startQuickDemo(t, {rooms: 200, serverName: 'demo.test'})));
		const bodies = (demo: typeof one) =>
			[...(demo?.stage.you.rooms ?? [])].flatMap(room => room.timeline.map(({content}) => content['body']));
		assert.deepEqual(bodies(one), bodies(other));
	});
});

suite('Without generated rooms', () => {
	test('the people have as many as is said', async t => {
		const {stage} = await startQuickDemo(t);
		assert.equal(stage.you.rooms.size, scriptedRoomCount());
	});

	test('an account cannot have fewer than they', async () => {
		await assert.rejects(
			() => startDemo({rooms: 5}),
			(error: unknown) => {
				assert.ok(error instanceof ExpectedError);
				assert.match(error.report.message, /have \d+ rooms, more than 5\.$/);
				assert.match(error.report.next ?? '', /--rooms \d+ or more/);
				return true;
			},
		);
	});
});
