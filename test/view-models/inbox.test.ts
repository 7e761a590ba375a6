import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {createInbox} from '../../source/view-models/inbox.ts';
import {at, now, openSampleAccount, state, text, type SampleAccount} from '../ui/sample-account.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

const addRoom = (
	name: string,
	clock: string,
	more: {readonly unread?: number; readonly highlights?: number} = {},
): number => {
	const timeline = [text('@anna:one.test', 'hello', {origin_server_ts: at(clock)})];
	const [rid = 0] = account.sync({
		id: `!${name}:one.test`,
		state: [state('m.room.name', '', {name})],
		timeline,
		...more,
	});
	return rid;
};

const openInbox = () => {
	let time = now;
	const inbox = createInbox(account.reader, () => time);
	inbox.refresh();
	const view = (height = 20) => inbox.view({width: 30, height, isFocused: false});
	const names = (height?: number): readonly string[] =>
		view(height).rows.map(({line}) =>
			line
				.map(part => part.text)
				.join('')
				.trim()
				.replace(/ {2,}.*/, ''),
		);
	return {inbox, view, names, pass: (milliseconds: number) => void (time += milliseconds)};
};

suite('inbox', () => {
	test('unread rooms come first, then the rest by activity', () => {
		addRoom('old', '08:00');
		addRoom('quiet', '09:00');
		addRoom('loud', '07:00', {unread: 3});
		assert.deepEqual(openInbox().names(), ['• loud', 'quiet', 'old']);
	});

	test('rooms do not jump under the finger, and settle later', () => {
		addRoom('one', '10:00');
		const two = addRoom('two', '09:00');
		addRoom('three', '08:00');
		const {inbox, names, pass} = openInbox();
		inbox.select(inbox.neighbour(1)?.rid);
		inbox.select(inbox.neighbour(1)?.rid);
		assert.equal(inbox.selectedRid(), two);
		account.sync({id: '!three:one.test', timeline: [text('@anna:one.test', 'news', {origin_server_ts: at('12:00')})]});
		inbox.refresh();
		assert.deepEqual(names(), ['one', '▸ two', 'three']);
		pass(6000);
		inbox.refresh();
		assert.deepEqual(names(), ['three', 'one', '▸ two']);
	});

	test('the next unread room is a mention before anything else', () => {
		addRoom('newer', '11:00', {unread: 3});
		addRoom('mention', '09:00', {unread: 1, highlights: 1});
		addRoom('read', '12:00');
		const {inbox} = openInbox();
		const first = inbox.nextUnread();
		assert.equal(first?.name, 'mention');
		inbox.select(first?.rid);
		assert.equal(inbox.nextUnread()?.name, 'newer');
	});

	test('a thousand rooms can be walked through while only some are read, and the open one stays in sight', () => {
		account.account.write(() => {
			for (let index = 0; index < 350; index += 1) addRoom(`room${index}`, '10:00');
		});
		const {inbox, names} = openInbox();
		const visited = new Set<number | undefined>();
		for (let step = 0; step < 350; step += 1) {
			inbox.select(inbox.neighbour(1)?.rid);
			visited.add(inbox.selectedRid());
			assert.equal(names(10).filter(name => name.startsWith('▸')).length, 1);
		}
		assert.equal(visited.size, 350);
		const last = inbox.selectedRid();
		inbox.select(inbox.neighbour(1)?.rid);
		assert.equal(inbox.selectedRid(), last);
		assert.match(names(10).at(-1) ?? '', /^▸/);
	});

	test('walking through more unread rooms than are read at a time keeps their order', () => {
		account.account.write(() => {
			for (let index = 0; index < 130; index += 1) addRoom(`room${index}`, '10:00', {unread: 1});
		});
		const {inbox} = openInbox();
		const visited: (string | undefined)[] = [];
		for (let step = 0; step < 130; step += 1) {
			const room = inbox.neighbour(1);
			inbox.select(room?.rid);
			inbox.refresh();
			visited.push(room?.name);
		}
		assert.deepEqual(
			visited,
			Array.from({length: 130}, (_, index) => `room${index}`),
		);
	});

	test('what is seen is the same object as long as nothing of it changes', () => {
		addRoom('one', '10:00');
		addRoom('two', '09:00');
		const {inbox, view} = openInbox();
		const before = view();
		inbox.refresh();
		assert.equal(view(), before);
		account.sync({id: '!one:one.test', unread: 1});
		inbox.refresh();
		assert.notEqual(view(), before);
		assert.equal(view().rows[1], before.rows[1]);
	});
});
