/** Sync answers that are well-formed and strange: what a person has read stays as it was, once and in its place. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {asArray, asObject, isObject, parseJson, type JsonObject} from '../../source/domain/json.ts';
import {messagesOf, textsOf, waitForMessage} from '../helpers/engine.ts';
import {needsServers} from '../helpers/synapse.ts';
import {deepValue, reset} from './bad-answers.ts';
import {assertAllThere, isSync, openScene, waitForNet, type Scene} from './network-scene.ts';

const servers = await needsServers();

type Change = (events: readonly JsonObject[]) => readonly unknown[];

/** From now on the room's timelines come changed like this; answers without news of the room come as they are. */
const changeTimelines = ({proxy, roomId}: Scene, change: Change): void => {
	proxy.setFault(async (request, forward) => {
		if (!isSync(request)) return undefined;
		const answer = await forward();
		const body = asObject(parseJson(answer.body));
		const rooms = asObject(body['rooms']);
		const join = asObject(rooms['join']);
		const room = asObject(join[roomId]);
		const timeline = asObject(room['timeline']);
		const events = asArray(timeline['events']).filter(isObject);
		if (events.length === 0) return answer;
		const changed = {...room, timeline: {...timeline, events: change(events)}} as JsonObject;
		const next = {...body, rooms: {...rooms, join: {...join, [roomId]: changed}}};
		return {...answer, body: JSON.stringify(next)};
	});
};

const say = async ({say: sayOne, engine, roomId}: Scene, texts: readonly string[]): Promise<void> => {
	for (const text of texts) await sayOne(text);
	await waitForMessage(engine, roomId, texts.at(-1) ?? '');
};

suite('what a sync answer', {concurrency: 8, ...servers}, () => {
	test('says twice is there once', async t => {
		const scene = await openScene(t);
		changeTimelines(scene, events => [...events, ...events, ...events]);
		await say(scene, ['one', 'two', 'three']);
		await assertAllThere(scene, scene.roomId, ['one', 'two', 'three']);
	});

	test('says again after newer messages stays where it was', async t => {
		const scene = await openScene(t);
		const seen: JsonObject[] = [];
		changeTimelines(scene, events => {
			const again = seen.toReversed();
			seen.push(...events);
			return [...events, ...again];
		});
		await say(scene, ['one']);
		await say(scene, ['two']);
		await say(scene, ['three', 'four']);
		await assertAllThere(scene, scene.roomId, ['one', 'two', 'three', 'four']);
	});

	test('says otherwise under an id that is known changes nothing: the first content is the message', async t => {
		const scene = await openScene(t);
		const {engine, roomId} = scene;
		const seen: JsonObject[] = [];
		changeTimelines(scene, events => {
			const forged = seen.map(event => ({...event, sender: '@eve:x', content: {msgtype: 'm.text', body: 'forged'}}));
			seen.push(...events.filter(({type}) => type === 'm.room.message'));
			return [...forged, ...events, ...forged];
		});
		await say(scene, ['one']);
		await say(scene, ['two']);
		await assertAllThere(scene, roomId, ['one', 'two']);
		assert.ok((await messagesOf(engine, roomId)).every(({sender}) => sender === scene.home.account.userId));
	});

	test('says in another order is there once each, with nothing beside it', async t => {
		const scene = await openScene(t);
		const {engine, proxy, roomId} = scene;
		proxy.setFault(request => (isSync(request) ? reset : undefined));
		for (const text of ['one', 'two', 'three']) await scene.say(text);
		changeTimelines(scene, events => events.toReversed());
		await scene.say('four');
		for (const text of ['one', 'four']) await waitForMessage(engine, roomId, text);
		assert.deepEqual((await textsOf(engine, roomId)).toSorted(), ['four', 'one', 'three', 'two']);
	});

	test('buries 200,000 levels deep is left out, and what stands beside it is there', async t => {
		const scene = await openScene(t);
		const deep = deepValue();
		scene.proxy.setFault(async (request, forward) => {
			if (!isSync(request)) return undefined;
			const answer = await forward();
			return {...answer, body: `{"deep":${deep},${answer.body.slice(1)}`};
		});
		await say(scene, ['one', 'two']);
		await assertAllThere(scene, scene.roomId, ['one', 'two']);
	});

	test('leaves out because there was too much is fetched by itself, in its order', async t => {
		const scene = await openScene(t);
		const {engine, proxy, roomId} = scene;
		await say(scene, ['before']);
		proxy.setFault(request => (isSync(request) ? reset : undefined));
		await waitForNet(engine, 'offline');
		const texts = Array.from({length: 45}, (_, number) => `message ${number}`);
		for (const text of texts) await scene.say(text);
		proxy.setFault(undefined);
		await assertAllThere(scene, roomId, ['before', ...texts]);
	});
});
