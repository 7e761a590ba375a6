/** Requests of strangers, who may be called like a friend: that they are requests is said wherever one meets them. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {fixedSections} from '../../source/domain/inbox-section.ts';
import {literal, safeText} from '../../source/text/safe-text.ts';
import {hintLine} from '../../source/view-models/composer-hint.ts';
import {headerLine} from '../../source/view-models/conversation-lines.ts';
import {createFuzzy} from '../../source/view-models/fuzzy.ts';
import {inboxLine} from '../../source/view-models/inbox-row.ts';
import {roomRowText, roomSentence} from '../../source/view-models/plain-rooms.ts';
import {lineWidth, type ScreenLine} from '../../source/view-models/screen-line.ts';
import {keyOf} from './default-keys.ts';
import {lunchRoom} from './sample-room.ts';

const now = new Date('2026-11-25T12:45').getTime();

const dora = {
	...lunchRoom,
	name: 'Dora',
	protocol: 'signal',
	isDirect: true,
	lastActivity: now,
	unreadCount: 1,
	inboxSection: fixedSections.requests,
};

const textOf = (line: ScreenLine): string => line.map(({text}) => text).join('');

suite('a request of a stranger', () => {
	test('looked like the friend in a list: it has a mark and a word at every width, and gives the time away first', () => {
		const show = (width: number, name = 'Dora'): string => {
			const line = inboxLine({...dora, name}, {width, now, isSelected: false, hasLabel: true});
			assert.equal(lineWidth(line), width);
			return textOf(line).trimEnd();
		};
		assert.equal(show(50), ` ! SG Dora${' '.repeat(21)}request 12:45    1`);
		assert.equal(show(36, '+44 7700 900666'), ' ! SG +44 7700 900666  request    1');
		assert.equal(show(26), '! SG Dora      request  1');
		assert.match(textOf(inboxLine(dora, {width: 50, now, isSelected: true})), /▸ Dora .*request/);
		assert.doesNotMatch(
			textOf(inboxLine({...dora, inboxSection: 7}, {width: 50, now, isSelected: false})),
			/!|request/,
		);
	});

	test('looked like the friend in the conversation: the header says it, beside the inbox of 80 columns too', () => {
		const show = (width: number, name = 'Dora'): string =>
			textOf(headerLine({...dora, name}, {note: '', now, width})).trim();
		assert.match(show(82), /^Dora +Signal · request · not encrypted$/);
		assert.match(show(53, '+44 7700 900666'), /^\+44 7700 900666 +Signal · request · not encrypted$/);
	});

	test('the hint said Enter sends to Dora, as of the friend', () => {
		const show = (width: number, more: Partial<Parameters<typeof hintLine>[0]> = {}): string => {
			const line = hintLine(
				{
					room: dora,
					pane: 'composer',
					text: 'hi',
					command: undefined,
					isStoring: false,
					isOnline: true,
					isDiskRefusing: false,
					keyOf,
					...more,
				},
				width,
			);
			assert.ok(lineWidth(line) <= width);
			return textOf(line);
		};
		assert.match(show(80), / {2}A request: Enter tells Dora you are here$/);
		assert.equal(show(41), 'A request: Enter tells Dora you are here');
		assert.equal(show(40, {room: {...dora, name: '+44 7700 900666'}}), 'A request: Enter tells them you are here');
		assert.match(show(80, {room: {...dora, inboxSection: 7}}), /Enter sends to Dora$/);
	});

	test('the plain view says it where one goes there and in the list', () => {
		assert.equal(roomSentence(dora, false), 'You are in Dora, on Signal, a request, not encrypted.');
		assert.match(roomRowText(dora, now), /^Dora, Signal, a request, 1 unread/);
	});

	test('is found behind what matches about as well, though its name is no longer than what was asked for', () => {
		const found = (query: string, strangers: readonly string[], friends: readonly string[]): readonly string[] => {
			const names = createFuzzy([...strangers, ...friends], name => ({
				name: safeText(name, 'name'),
				isLess: strangers.includes(name),
			}));
			return names.find(query, 10).map(({item}) => item);
		};
		assert.deepEqual(found('anna', ['Anna'], ['Anna Kowalska']), ['Anna Kowalska', 'Anna']);
		assert.deepEqual(found('anna', ['Anna'], ['Kowalska, Anna']), ['Kowalska, Anna', 'Anna']);
		assert.deepEqual(found('anna', ['Anna'], ['Joanna']), ['Anna', 'Joanna']);
		assert.equal(createFuzzy(['x'], () => ({name: literal`Mum`, isLess: true})).find('mum', 1).length, 1);
	});
});
