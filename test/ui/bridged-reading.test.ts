/** Chats of other networks on the screen: who sees what was read, and what the person wrote on their phone. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {Session} from '../../source/domain/session.ts';
import {tell} from './message-scene.ts';
import {text} from './sample-account.ts';
import {addLunch, anna, lunch, setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const enter = '\r';
const ownGhost = '@signal_me:one.test';

suite('who sees what was read', () => {
	test('/receipts says what holds and why, and chooses for the room, a network, all bridged chats, all of Matrix', async () => {
		addLunch(sample.account);
		let rule: object = {mode: 'public', by: 'bridged', network: 'signal', isBridged: true};
		const {screen, fake} = await sample.open({
			columns: 120,
			answers: {
				receiptsIn: async () => rule,
				setReceipts: async (request: Parameters<Session['setReceipts']>[0]) => {
					const {scope, mode} = request;
					if (scope.kind === 'room') rule = {mode, by: 'room', network: 'signal', isBridged: true};
					return {};
				},
			},
		});
		screen.press(enter);
		const say = async (line: string, answer: string): Promise<void> => {
			screen.press(`${line}${enter}`);
			await screen.waitFor(answer);
		};
		await say('/receipts', 'Your contacts on Signal can see what you have read here, as in all bridged chats.');
		await say(
			'/receipts private',
			'Your contacts on Signal are not told what you read here; your server and the bridge know it, as you said of this room.',
		);
		await say('/receipts off network', 'Signal: receipts are off from now on.');
		await say('/receipts default signal', 'Signal: receipts are as all bridged chats from now on.');
		await say('/receipts off bridged', 'All bridged chats: receipts are off from now on.');
		await say('/set receiptsMatrix private', 'All rooms of Matrix: receipts are private from now on.');
		assert.deepEqual(fake.of('setReceipts'), [
			{scope: {kind: 'room', id: lunch}, mode: 'private'},
			{scope: {kind: 'network', id: 'signal'}, mode: 'off'},
			{scope: {kind: 'network', id: 'signal'}, mode: undefined},
			{scope: {kind: 'bridged'}, mode: 'off'},
			{scope: {kind: 'matrix'}, mode: 'private'},
		]);
		await say('/receipts maybe', 'Write /receipts public, private, off or default');
		await say('/receipts off carrier pigeons', 'There is no network carrier pigeons.');
		rule = {mode: 'public', by: 'matrix', network: undefined, isBridged: false};
		await say('/receipts off network', 'This room is of no other network.');
		await say('/receipts', 'Others on Matrix can see what you have read here, as in all rooms of Matrix.');
		assert.equal(fake.of('setReceipts').length, 5);
		assert.deepEqual(screen.problems, []);
	});

	test('/receipts says that no room is open', async () => {
		const {screen} = await sample.open({columns: 120});
		screen.press(`${enter}/receipts off${enter}`);
		await screen.waitFor('Not now: no room is open.');
	});
});

suite('what was written on the phone', () => {
	for (const [columns, rows, name] of [
		[80, 24, 'phone'],
		[120, 40, 'you (phone)'],
		[40, 12, 'phone'],
	] as const) {
		test(`is the person's own, at ${columns}×${rows}`, async () => {
			const rid = addLunch(sample.account);
			sample.account.bridge(rid, {ownGhost});
			const fresh = text(ownGhost, 'see you then');
			sample.account.sync({id: lunch, timeline: [fresh]});
			const {screen} = await sample.open({columns, rows});
			screen.press(enter);
			await screen.waitFor(lines => lines.some(line => line.includes(name) && line.includes('see you then')));
			// The mark of what was read reaches it, that of what was sent does not.
			assert.ok(!screen.lines().some(line => /see you then.*✓/.test(line)));
			const later = text(anna, 'good');
			sample.account.sync({
				id: lunch,
				timeline: [later],
				receipts: {[later.event_id]: {'m.read': {[anna]: {ts: 5}}}},
			});
			tell(screen);
			await screen.waitFor(lines => lines.some(line => /see you then.*◉/.test(line)));
			assert.deepEqual(screen.problems, []);
		});
	}

	test('is no longer unread when it is answered there, and cannot be edited here', async () => {
		const rid = addLunch(sample.account);
		sample.account.bridge(rid, {ownGhost});
		sample.account.sync({id: lunch, timeline: [text(anna, 'well?')], unread: 2});
		assert.equal(sample.account.reader.room(rid)?.unreadCount, 2);
		sample.account.execute('UPDATE room SET protocol = ? WHERE rid = ?', 'signal', rid);
		sample.account.sync({id: lunch, timeline: [text(ownGhost, 'yes')], unread: 5});
		assert.equal(sample.account.reader.room(rid)?.unreadCount, 0);
		sample.account.sync({id: lunch, timeline: [text(anna, 'good')], unread: 6});
		assert.equal(sample.account.reader.room(rid)?.unreadCount, 1);
	});
});
