import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {RoomRow} from '../../source/domain/room.ts';
import {literal} from '../../source/text/safe-text.ts';
import {hintLine, type HintFacts} from '../../source/view-models/composer-hint.ts';
import {lineWidth} from '../../source/view-models/screen-line.ts';

const room: RoomRow = {
	rid: 1,
	roomId: '!room:one.test',
	membership: 'join',
	name: 'Sunday lunch',
	alias: undefined,
	topic: undefined,
	isDirect: false,
	directUser: undefined,
	isEncrypted: false,
	unreadCount: 0,
	highlightCount: 0,
	isMarkedUnread: false,
	lastActivity: 0,
	preview: undefined,
	joinedCount: 2,
	protocol: undefined,
};

const show = (more: Partial<HintFacts>, width = 53): string => {
	const facts = {
		room,
		pane: 'composer',
		text: '',
		command: undefined,
		isStoring: false,
		isOnline: true,
		...more,
	} as const;
	const line = hintLine(facts, width);
	assert.ok(lineWidth(line) <= width);
	return line.map(({text}) => text).join('');
};

suite('the hint below the composer', () => {
	test('it says for whom Enter is', () => {
		assert.equal(show({}), '^J new line · / commands  Enter sends to Sunday lunch');
		assert.equal(show({}, 40), '/ commands   Enter sends to Sunday lunch');
		assert.equal(show({}, 20), 'Enter sends to Sund…');
	});

	test('without a connection Enter does not send', () => {
		assert.match(show({isOnline: false}), /Enter keeps it for Sunday lunch$/);
	});

	test('it counts the lines of a text that is longer than the composer', () => {
		const text = 'line\n'.repeat(199);
		assert.match(show({text}), /Enter sends 200 lines to Sunday lunch$/);
		assert.match(show({text, isOnline: false}), /Enter keeps 200 lines for Sunday lunch$/);
	});

	test('in the inbox Enter does not send either', () => {
		assert.match(show({pane: 'inbox'}), /^↑ ↓ other rooms +Enter goes to Sunday lunch$/);
		assert.equal(show({pane: 'inbox', room: undefined}), '');
	});

	test('a command says what it does, in every room and without one', () => {
		const command = literal`/quit  Quit mx`;
		assert.equal(show({text: '/quit', command}), '/quit  Quit mx');
		assert.equal(show({text: '/quit', command, room: undefined}), '/quit  Quit mx');
		assert.equal(show({text: '/quit', command, room: {...room, membership: 'leave'}}), '/quit  Quit mx');
	});

	test('where nothing can be written nothing is promised', () => {
		assert.equal(show({room: {...room, membership: 'invite'}}), '');
		assert.equal(show({room: {...room, membership: 'leave'}}), '');
		assert.equal(
			show({room: {...room, membership: 'leave'}, text: 'hi'}),
			'you are not in this room any more · / commands',
		);
	});
});
