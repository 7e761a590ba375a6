/** Files of `mx demo --script`: what is wrong in one is said so that it can be put right, and what is right is played. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {suite, test} from 'node:test';
import {ExpectedError} from '../../../source/domain/errors.ts';
import {asString} from '../../../source/domain/json.ts';
import type {Demo} from '../../../source/demo/demo.ts';
import {sendEvent, setMembership} from '../../../source/demo/homeserver/rooms.ts';
import {parseScenario} from '../../../source/demo/people/scenario.ts';
import type {Step} from '../../../source/demo/people/steps.ts';
import {matrixRequest} from '../../helpers/matrix-request.ts';
import type {Owner} from '../../helpers/synapse.ts';
import {roomOf, startQuickDemo} from './populated.ts';

const hello = {say: 'hello', in: 'anna', from: 'anna'};

/** Steps, and what is said about them. */
const wrong: readonly (readonly [name: string, text: string, message: RegExp, next: RegExp])[] = [
	['text that is no JSON', '[{"say": "hello",]', /^The script is no JSON\.$/, /commas/],
	['no list', '{"steps": []}', /^The script is no list\.$/, /\[/],
	['a step that is no object', '["hello"]', /^Step 1 is no object\.$/, /"say": "hello"/],
	['a step that does nothing', '[{"in": "anna"}]', /^Step 1 does nothing that is known\.$/, /say, notice, emote/],
	['a step that does two things', '[{"say": "a", "react": "b"}]', /^Step 1 does two things: say, react\.$/, /one of/],
	['an unknown field', JSON.stringify([{...hello, to: 'me'}]), /^Step 1 \(say\) has a field "to"/, /replyTo, thread/],
	['a time of a history', JSON.stringify([{...hello, ago: '2d'}]), /^Step 1 \(say\) has a field "ago"/, /can have/],
	['a missing room', '[{"say": "a", "from": "anna"}]', /^Step 1 \(say\) lacks "in"\.$/, /one of .*anna, mum/],
	['a missing person', '[{"say": "a", "in": "anna"}]', /^Step 1 \(say\) lacks "from"\.$/, /one of you, /],
	['an unknown room', JSON.stringify([{...hello, in: 'cellar'}]), /"in" is "cellar"/, /one of guide, anna/],
	['an unknown person', JSON.stringify([{...hello, from: 'bob'}]), /"from" is "bob"/, /one of you, .*anna/],
	['a text that is a number', JSON.stringify([{...hello, say: 5}]), /"say" is 5/, /a text/],
	['a negative wait', '[{"wait": -1}]', /step 1 \(wait\), "wait" is -1/, /a number from 0 on/],
	['people who are no list', JSON.stringify([{...hello, mentions: 'you'}]), /"mentions" is "you"/, /a list of some of/],
	[
		'an unknown status',
		'[{"status": "GREAT", "of": "newest", "in": "anna"}]',
		/"status" is "GREAT"/,
		/SUCCESS, PENDING, FAIL_RETRIABLE, FAIL_PERMANENT/,
	],
	['an unknown deed', '[{"until": "sing", "in": "anna"}]', /"until" is "sing"/, /write, join/],
	[
		'a message that no step has named yet',
		JSON.stringify([
			{...hello, replyTo: 'later'},
			{...hello, as: 'later'},
		]),
		/In step 1 \(say\), "replyTo" is "later"/,
		/in "anna": newest, .*bottle/,
	],
	[
		'a message of another room',
		JSON.stringify([hello, {react: '👍', to: 'poll', in: 'anna', from: 'anna'}]),
		/In step 2 \(react\), "to" is "poll"/,
		/in "anna"/,
	],
];

suite('A script with', () => {
	for (const [name, text, message, next] of wrong)
		test(`${name} is refused in a sentence`, () => {
			assert.throws(
				() => parseScenario(text),
				(error: unknown) => {
					assert.ok(error instanceof ExpectedError);
					assert.equal(error.report.reason, 'usage');
					assert.match(error.report.message, message);
					assert.match(error.report.next ?? '', next);
					return true;
				},
			);
		});
});

const sunday = (): readonly Step[] =>
	parseScenario(readFileSync(path.join(import.meta.dirname, '../scenarios/sunday.json'), 'utf8'));

/** As a client that knows the rooms. */
const connect = async ({url, signIn}: Demo): Promise<void> => {
	const {accessToken} = signIn('test');
	const first = await matrixRequest({url, accessToken}, 'GET', '/_matrix/client/v3/sync?timeout=0');
	await matrixRequest(
		{url, accessToken},
		'GET',
		`/_matrix/client/v3/sync?timeout=0&since=${asString(first['next_batch'])}`,
	);
};

/** Resolves at the first message of the room with that text. */
const said = ({stage}: Demo, key: string, body: string): Promise<void> =>
	new Promise(resolve => {
		stage.world.listeners.add(each => {
			if (each.kind === 'event' && each.event.room === roomOf(stage, key) && each.event.content['body'] === body)
				resolve();
		});
	});

const playing = async (owner: Owner, steps: readonly object[]): Promise<Demo> =>
	startQuickDemo(owner, {script: parseScenario(JSON.stringify(steps))});

const limited = {timeout: 20_000};

suite('The example script', () => {
	test('lasts 12 to 15 seconds and takes place on several networks', () => {
		const steps = sunday();
		const duration = steps.reduce((sum, step) => sum + ('wait' in step ? step.wait : 0), 0);
		assert.ok(duration >= 12_000 && duration <= 15_000, String(duration));
		assert.ok(new Set(steps.flatMap(step => step.in ?? [])).size >= 6);
		for (const verb of ['type', 'say', 'react', 'read', 'image'])
			assert.ok(
				steps.some(step => verb in step),
				verb,
			);
		assert.ok(steps.some(step => 'edit' in step));
	});

	test('is played to its end', limited, async t => {
		const demo = await startQuickDemo(t, {script: sunday()});
		const end = said(demo, 'minka', 'ON THE SHED');
		await connect(demo);
		await end;
	});
});

suite('A script', () => {
	test('begins when you have connected', limited, async t => {
		const demo = await playing(t, [hello]);
		const {world} = demo.stage;
		const before = world.position;
		const {accessToken} = demo.signIn('first');
		await matrixRequest({url: demo.url, accessToken}, 'GET', '/_matrix/client/v3/sync?timeout=0');
		assert.ok(!roomOf(demo.stage, 'anna').timeline.some(({content}) => content['body'] === 'hello'));
		assert.ok(world.position > before);
		const greeting = said(demo, 'anna', 'hello');
		await connect(demo);
		await greeting;
	});

	test('waits until you write, and then for the time that it says', limited, async t => {
		const demo = await playing(t, [{until: 'write', in: 'mum'}, {wait: 10}, hello]);
		const {world, you} = demo.stage;
		await connect(demo);
		const write = (key: string): void =>
			void sendEvent(world, roomOf(demo.stage, key), {
				type: 'm.room.message',
				sender: you.id,
				content: {msgtype: 'm.text', body: 'hi'},
			});
		const isGreeted = (): boolean =>
			roomOf(demo.stage, 'anna').timeline.some(({content}) => content['body'] === 'hello');
		write('samir');
		assert.ok(!isGreeted());
		const greeting = said(demo, 'anna', 'hello');
		write('mum');
		assert.ok(!isGreeted());
		await greeting;
	});

	test('says in the guide’s room where it had to stop', limited, async t => {
		const demo = await playing(t, [
			{until: 'write', in: 'tea'},
			{say: 'still here', in: 'tea', from: 'ravi'},
		]);
		const {world, you, people} = demo.stage;
		await connect(demo);
		const room = roomOf(demo.stage, 'tea');
		setMembership(world, room, {
			sender: people.get('hana') ?? '',
			userId: people.get('ravi') ?? '',
			membership: 'leave',
		});
		sendEvent(world, room, {type: 'm.room.message', sender: you.id, content: {msgtype: 'm.text', body: 'hi'}});
		const last = roomOf(demo.stage, 'guide').timeline.at(-1);
		assert.match(asString(last?.content['body']) ?? '', /^The script stopped at step 2: .*is not in the room/);
	});
});
