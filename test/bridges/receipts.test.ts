/** Which message a receipt stands on, and which receipts there are, in which slots. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {isReadable, otherSlot, passesReceipts, planReceipts} from '../../source/bridges/receipts.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import type {Portal} from '../../source/domain/portal.ts';
import type {PortalReading, ReadEvent, Reading} from '../../source/domain/receipt.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

const side = {ownUserId: '@me:one.test', bot: '@signalbot:one.test'};

const said: ReadEvent = {
	eventId: '$1',
	sender: '@signal_mum:one.test',
	type: 'm.room.message',
	isState: false,
	relation: undefined,
	isRedacted: false,
	isOwnGhost: false,
};

suite('a receipt stands on what bridges know as a message', () => {
	const cases: ReadonlyArray<readonly [string, Partial<ReadEvent>, boolean]> = [
		['a message of somebody else', {}, true],
		['one that is not decrypted', {type: 'm.room.encrypted'}, true],
		['a sticker', {type: 'm.sticker'}, true],
		['a poll', {type: 'org.matrix.msc3381.poll.start'}, true],
		['an own one', {sender: side.ownUserId}, false],
		['one of the own ghost', {isOwnGhost: true}, false],
		['one of the bot', {sender: side.bot}, false],
		['an edit', {relation: 'm.replace'}, false],
		['a reaction', {type: 'm.reaction', relation: 'm.annotation'}, false],
		['a vote', {type: 'org.matrix.msc3381.poll.response', relation: 'm.reference'}, false],
		['a reply of a thread, which is not before the eyes', {relation: 'm.thread'}, false],
		['what was removed', {isRedacted: true}, false],
		['a change of the room', {type: 'm.room.name', isState: true}, false],
	];
	for (const [what, changes, expected] of cases)
		test(`${expected ? 'yes' : 'no'}: ${what}`, () => {
			assert.equal(isReadable({...said, ...changes}, side), expected);
		});

	test('in a thread only its replies', () => {
		assert.equal(isReadable({...said, relation: 'm.thread'}, side, 'm.thread'), true);
		assert.equal(isReadable(said, side, 'm.thread'), false);
	});
});

suite('receipts', () => {
	const plan = (changes: Partial<Reading>): readonly string[] =>
		planReceipts({mode: 'public', eventId: '$9', thread: undefined, portal: undefined, ...changes}).map(
			({type, slot, eventId, mustHeal}) => `${type} ${slot} ${eventId}${mustHeal ? ' heals' : ''}`,
		);
	const portal = (changes: Partial<PortalReading> = {}): PortalReading => ({
		target: '$8',
		oldest: undefined,
		isFirst: false,
		hasUnreadThreads: false,
		hasOwnBehind: false,
		...changes,
	});
	const marker = 'm.fully_read  $9';

	const cases: ReadonlyArray<readonly [string, Partial<Reading>, readonly string[]]> = [
		['in a room of Matrix', {}, [marker, 'm.read main $9']],
		['of a thread there', {thread: '$root'}, ['m.read $root $9']],
		['private ones', {mode: 'private'}, [marker, 'm.read.private main $9']],
		['none', {mode: 'off'}, [marker, 'local  $9']],
		['over a bridge', {portal: portal()}, [marker, 'm.read  $8 heals']],
		[
			'over a bridge for the first time',
			{portal: portal({isFirst: true, oldest: '$1'})},
			[marker, 'm.read main $1', 'm.read  $8 heals'],
		],
		[
			'over a bridge for the first time, of one message',
			{portal: portal({isFirst: true, oldest: '$8'})},
			[marker, 'm.read  $8 heals'],
		],
		[
			'over a bridge, beside unread threads',
			{portal: portal({hasUnreadThreads: true})},
			[marker, 'm.read main $8 heals'],
		],
		[
			'over a bridge, behind the own ghost',
			{portal: portal({hasOwnBehind: true})},
			[marker, 'm.read  $8 heals', 'm.read.private  $9'],
		],
		[
			'over a bridge, where nobody else has said anything',
			{portal: portal({target: undefined})},
			[marker, 'm.read.private  $9'],
		],
		['over a bridge, of a thread', {thread: '$root', portal: portal()}, ['m.read $root $8']],
		['over a bridge, private', {mode: 'private', portal: portal()}, [marker, 'm.read.private main $9']],
	];
	for (const [what, changes, expected] of cases)
		test(what, () => {
			assert.deepEqual(plan(changes), expected);
		});

	test('are repeated in the other slot, those of threads nowhere', () => {
		assert.deepEqual(['', 'main', '$root'].map(otherSlot), ['main', '', undefined]);
	});
});

suite('receipts pass', () => {
	const signal: Portal = samplePortal({bot: side.bot});
	const cases: ReadonlyArray<readonly [string, Partial<Portal>, JsonObject, boolean]> = [
		['a chat whose bridge is certain', {}, {}, true],
		['one that says that it has them', {}, {read_receipts: true}, true],
		['one that says that it has none', {}, {read_receipts: false}, false],
		['one of a network that has none', {protocol: 'irc'}, {}, false],
		['one by its names only', {trust: 'inferred'}, {}, false],
		['a plumbed room', {trust: 'announced'}, {}, false],
		['the room with the bot', {kind: 'console'}, {}, false],
		['a space', {kind: 'account'}, {}, false],
	];
	for (const [what, changes, features, expected] of cases)
		test(`${expected ? 'yes' : 'no'}: ${what}`, () => {
			assert.equal(passesReceipts({...signal, ...changes}, features), expected);
		});
	test('no: a room of Matrix', () => {
		assert.equal(passesReceipts(undefined, {}), false);
	});
});
