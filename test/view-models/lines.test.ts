import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import fc from 'fast-check';
import type {RoomRow} from '../../source/domain/room.ts';
import {literal, safeText} from '../../source/text/safe-text.ts';
import {headerLine, separatorLine} from '../../source/view-models/conversation-lines.ts';
import {inboxLine} from '../../source/view-models/inbox-row.ts';
import {cutLine, lineWidth, span, spreadLine, type ScreenLine} from '../../source/view-models/screen-line.ts';
import {statusLine, titleLine, type StatusFacts} from '../../source/view-models/status-lines.ts';
import {clockText, dayText, shortTimeText} from '../../source/view-models/time-text.ts';
import {lunchRoom} from './sample-room.ts';
import {keyOf} from './default-keys.ts';

const textOf = (line: ScreenLine): string => line.map(({text}) => text).join('');

const room = (more: Partial<RoomRow> = {}): RoomRow => ({...lunchRoom, ...more});

const facts = (more: Partial<StatusFacts> = {}): StatusFacts => ({
	userId: '@alice:one.test',
	loginCommand: 'mx login',
	net: {state: 'online'},
	encryption: {state: 'ready', message: ''},
	sentence: undefined,
	alert: undefined,
	isReminded: false,
	keyOf,
	totals: {unread: 0, highlights: 0},
	hints: [literal`F1 help`, literal`Alt-A next unread`],
	...more,
});

const now = new Date(2026, 10, 25, 12, 45).getTime();
const hostile = fc.string({unit: 'grapheme', maxLength: 60});

suite('lines of the screen', () => {
	test('the right part stays whole and the left one is cut', () => {
		const left = [span(literal`a very long name that does not fit`)];
		const line = spreadLine(left, [span(literal`12:41`)], 20);
		assert.equal(textOf(line), 'a very long n… 12:41');
	});

	test('a cut line says so and is never too wide', () => {
		assert.equal(textOf(cutLine([span(literal`abc`), span(literal`def`)], 4)), 'abc…');
		assert.equal(textOf(cutLine([span(literal`abc`), span(literal`def`)], 3)), 'ab…');
		assert.equal(textOf(cutLine([span(literal`漢漢漢`)], 4)), '漢…');
	});

	test('an inbox row is exactly as wide as the inbox, whatever the name', () => {
		fc.assert(
			fc.property(hostile, fc.integer({min: 24, max: 40}), fc.boolean(), (name, width, isSelected) => {
				const row = room({name, unreadCount: 5, lastActivity: now});
				const line = inboxLine(row, {width, now, isSelected});
				assert.equal(lineWidth(line), width);
				assert.match(textOf(line), / 5 $/);
			}),
		);
	});

	test('an inbox row shows mentions, invitations and what was marked unread', () => {
		const show = (more: Partial<RoomRow>, width = 36) => textOf(inboxLine(room(more), {width, now, isSelected: false}));
		assert.equal(show({unreadCount: 2}), ' • Sunday lunch                   2 ');
		assert.equal(show({unreadCount: 120, highlightCount: 3}), ' • Sunday lunch                99+@ ');
		assert.equal(show({isMarkedUnread: true}), ' • Sunday lunch                     ');
		assert.equal(show({membership: 'invite'}), ' ! Sunday lunch         invites you ');
		assert.equal(show({membership: 'invite'}, 27), '! Sunday lunch invites you ');
		assert.equal(show({membership: 'invite'}, 26), '! Sunday lunch     invite ');
	});

	test('a narrow inbox shows when a room was last active; a long name gives way to that', () => {
		const show = (more: Partial<RoomRow>) =>
			textOf(inboxLine(room({lastActivity: now, ...more}), {width: 26, now, isSelected: false}));
		assert.equal(show({}), '  Sunday lunch      12:45 ');
		assert.equal(show({name: 'A name that is far too long'}), '  A name that is f… 12:45 ');
		assert.equal(show({unreadCount: 5}), '• Sunday lunch   12:45  5 ');
		assert.equal(show({unreadCount: 5, name: 'Sunday lunches'}), '• Sunday lunches 12:45  5 ');
	});

	test('a person keeps networks and time in sight, whatever the name, the width and the list', () => {
		const person = {number: 1, rids: [1, 2, 3], protocols: ['signal', 'whatsapp', undefined]};
		const more = {person, protocol: 'signal', unreadCount: 2, lastActivity: now, needsReplySince: now};
		fc.assert(
			fc.property(hostile, fc.integer({min: 26, max: 40}), fc.boolean(), (name, width, hasLabel) => {
				const line = inboxLine(room({name, ...more}), {width, now, isSelected: false, hasLabel});
				assert.equal(lineWidth(line), width);
				const networks = hasLabel ? /• SG .+(?: \+WA·MX| \+2) / : /• .+ (?:SG·WA·MX|SG\+2) /;
				assert.match(textOf(line), networks);
				assert.match(textOf(line), /↩ .*12:45 +2 $/);
			}),
		);
	});

	test('a room with a draft has a quiet mark before the time, unless it is open', () => {
		const show = (more: Partial<RoomRow>, isSelected = false) =>
			textOf(inboxLine(room({lastActivity: now, hasDraft: true, ...more}), {width: 32, now, isSelected}));
		assert.match(show({}), /Sunday lunch +✎  12:45 +$/);
		assert.ok(!show({}, true).includes('✎'));
		assert.match(show({name: 'A name that is far too long for this'}), /… ✎  12:45 +$/);
		assert.ok(!show({hasDraft: false}).includes('✎'));
	});

	test('a room where somebody waits for a reply says so, and since when if there is room', () => {
		const hours = (count: number): number => now - count * 3_600_000;
		const show = (more: Partial<RoomRow>, width = 40) =>
			textOf(inboxLine(room({lastActivity: now, needsReplySince: hours(2), ...more}), {width, now, isSelected: false}));
		assert.match(show({}), /Sunday lunch +↩ 2h  12:45 +$/);
		assert.match(show({needsReplySince: hours(0)}), /↩ 1m  12:45/);
		assert.match(show({needsReplySince: hours(80)}), /↩ 3d  12:45/);
		assert.match(show({needsReplySince: hours(24 * 20)}), /↩ 2w  12:45/);
		assert.match(show({name: 'A name that is far too long for all of it'}), /… ↩  12:45/);
		assert.match(show({}, 26), /Sunday lunch +↩ 12:45 $/);
		assert.match(show({hasDraft: true, unreadCount: 3}), /✎ ↩ 2h  12:45    3 $/);
	});

	test('what is snoozed says until when, and what came back from that has a mark', () => {
		const show = (more: Partial<RoomRow>) =>
			textOf(inboxLine(room({lastActivity: now, ...more}), {width: 40, now, isSelected: false}));
		assert.match(show({section: 'snoozed', snoozedUntil: now + 3_600_000}), /◔  13:45/);
		assert.match(show({section: 'snoozed', snoozedUntil: now + 48 * 3_600_000}), /◔ +[A-Z][a-z]{2} /);
		assert.match(show({isReminder: true, isMarkedUnread: true}), /◔  12:45/);
	});

	test('the header says what encryption means in the room', () => {
		const show = (more: Partial<RoomRow>) => textOf(headerLine(room(more), {note: '', now, width: 70})).trim();
		assert.match(show({}), /Matrix · not encrypted$/);
		assert.match(show({isEncrypted: true}), /Matrix · end-to-end encrypted$/);
		assert.match(show({isEncrypted: true, protocol: 'signal'}), /Signal · end-to-bridge encrypted$/);
	});

	test('the header cuts the topic, then the login, before the network and the encryption', () => {
		const trip = {name: 'Sunday trip 🥾', topic: 'Old boots only', protocol: 'signal', place: '+44 7700 900142'};
		const show = (width: number, more: Partial<RoomRow> = {}) =>
			textOf(headerLine(room({...trip, ...more}), {note: '', now, width}))
				.replaceAll(/ +/g, ' ')
				.trim();
		assert.equal(show(80), 'Sunday trip 🥾 Old boots only Signal · +44 7700 900142 · not encrypted');
		assert.equal(show(60), 'Sunday trip 🥾 Ol… Signal · +44 7700 900142 · not encrypted');
		assert.equal(show(46), 'Sunday trip 🥾 Old bo… Signal · not encrypted');
		assert.equal(show(46, {isEncrypted: true}), 'Sunday trip … Signal · end-to-bridge encrypted');
		assert.equal(show(36, {isEncrypted: true}), 'Sunday trip… end-to-bridge encrypted');
		for (let width = 1; width < 90; width += 1)
			assert.ok(lineWidth(headerLine(room({...trip, isEncrypted: true}), {note: '', now, width})) <= width);
	});

	test('what was noted of the room stands beside its name', () => {
		const lunch = room({topic: 'who brings what'});
		const line = textOf(headerLine(lunch, {note: 'Tom has no nuts\u202e', now, width: 90}));
		assert.match(line, /^ ?Sunday lunch {2}note: Tom has no nuts\S* {2}who brings what +Matrix/);
		assert.ok(!line.includes('\u202e'));
		assert.ok(!textOf(headerLine(lunch, {note: '', now, width: 90})).includes('note'));
	});

	test('of a room that is snoozed the header says when it comes back', () => {
		const away = room({section: 'snoozed', snoozedUntil: now + 3_600_000});
		assert.match(textOf(headerLine(away, {note: '', now, width: 90})), /Sunday lunch {2}◔ comes back at 13:45/);
	});

	test('the separator is exactly as wide as the pane', () => {
		const request = fc.record({
			width: fc.integer({min: 10, max: 120}),
			typing: fc.array(
				hostile.map(name => safeText(name, 'name', 'x')),
				{maxLength: 4},
			),
			newBelow: fc.integer({min: 0, max: 5000}),
			isAtEnd: fc.boolean(),
			isNewAbove: fc.boolean(),
		});
		fc.assert(fc.property(request, given => assert.equal(lineWidth(separatorLine({...given, keyOf})), given.width)));
	});

	test('the separator tells who is typing and how much is new below', () => {
		const line = separatorLine({
			width: 50,
			typing: [literal`Anna`],
			newBelow: 3,
			isAtEnd: false,
			isNewAbove: false,
			keyOf,
		});
		assert.match(textOf(line), /^─ Anna is typing… ─+ 3 new ↓ ──$/);
	});

	test('the status line tells why mx is offline and which key retries', () => {
		const line = statusLine(facts({net: {state: 'offline', cause: 'no route to one.test'}}), 80);
		assert.match(textOf(line), /^ offline: no route to one\.test · \^R retries now +F1 help · /);
	});

	test('the status line tells how to sign in again, with the profile', () => {
		const said = (state: 'soft-logout' | 'logged-out', cause: string): string =>
			textOf(statusLine(facts({net: {state, cause}, loginCommand: 'mx login --profile alice'}), 120));
		assert.match(
			said('logged-out', 'this device was signed out'),
			/^ signed out: this device was signed out · \/quit, then mx login --profile alice /,
		);
		assert.match(
			said('soft-logout', 'the server asks for your password again'),
			/ · mx login --profile alice, in another terminal /,
		);
	});

	test('the status line shows the state of encryption and the next action', () => {
		const encryption = {state: 'unverified', message: 'This device is not verified', next: 'verify it'} as const;
		assert.match(textOf(statusLine(facts({encryption}), 80)), /⚿ This device is not verified · verify it/);
	});

	test('where both do not fit, the next action counts more than the sentence', () => {
		const encryption = {
			state: 'unverified',
			message: 'This device is not verified, so it cannot read older encrypted messages.',
			next: 'Run `mx login`',
		} as const;
		const whole = textOf(statusLine(facts({encryption}), 120));
		assert.match(whole, /cannot read older encrypted messages · Run `mx login`/);
		assert.match(textOf(statusLine(facts({encryption}), 80)), /^ ⚿ Run `mx login` /);
	});

	test('a dismissed sentence about the encryption stays in the title, in a few words', () => {
		const encryption = {state: 'unverified', message: 'This device is not verified.', next: 'verify it'} as const;
		const given = facts({encryption, isReminded: true, totals: {unread: 12, highlights: 2}});
		assert.doesNotMatch(textOf(statusLine(given, 80)), /verif/);
		assert.match(textOf(titleLine(given, 80)), / 12 unread · 2 mentions · ⚿ verify this device $/);
		assert.match(textOf(titleLine(given, 40)), /^ mx · alice +12 unread · 2 mentions · ⚿ $/);
		assert.match(textOf(titleLine(facts({totals: {unread: 1, highlights: 0}}), 80)), / 1 unread $/);
	});

	test('title and status are never wider than the screen', () => {
		fc.assert(
			fc.property(hostile, fc.integer({min: 1, max: 160}), (said, width) => {
				const given = facts({
					userId: `@${said}:one.test`,
					sentence: {text: said, role: 'error'},
					net: {state: 'degraded', cause: said},
					totals: {unread: 12, highlights: 2},
				});
				assert.ok(lineWidth(titleLine(given, width)) <= width);
				assert.ok(lineWidth(statusLine(given, width)) <= width);
			}),
		);
	});

	test('times are short and days have names', () => {
		const at = (day: number, month = 10, year = 2026) => new Date(year, month, day, 9, 5).getTime();
		assert.equal(clockText(at(25)), '09:05');
		assert.equal(shortTimeText(at(25), now), '09:05');
		assert.equal(shortTimeText(at(23), now), 'Mon');
		assert.equal(shortTimeText(at(3), now), '3 Nov');
		assert.equal(shortTimeText(at(3, 1, 2024), now), '2024');
		assert.equal(dayText(at(25), now), 'Today');
		assert.equal(dayText(at(24), now), 'Yesterday');
		assert.equal(dayText(at(3), now), 'Tuesday 3 Nov');
		assert.equal(dayText(at(3, 1, 2024), now), 'Saturday 3 Feb 2024');
		assert.equal(clockText(Number.MAX_VALUE).length, 5);
	});
});
