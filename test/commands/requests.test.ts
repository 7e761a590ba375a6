/** What verbs say of the request of a stranger: nobody is to take it for a friend who is called the same. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {fixedSections} from '../../source/domain/inbox-section.ts';
import {samplePortal} from '../helpers/sample-portal.ts';
import {now, room, run} from './shell-context.ts';

const stranger = room({name: 'Dora', protocol: 'signal', unreadCount: 1, inboxSection: fixedSections.requests});
const friend = room({rid: 2, roomId: '!dora:one.test', name: 'Dora', protocol: 'signal'});

test('mx rooms had not a word of a request', async () => {
	const rooms = [stranger, friend, room({membership: 'invite', inboxSection: fixedSections.requests})];
	const session = {rooms: async () => ({rooms, lastSync: now})};
	const {lines, items} = await run(['rooms'], {session, view: {isTerminal: true, columns: 100}});
	assert.deepEqual(
		lines.map(line => line.slice(0, 7)),
		['request', '       ', ' invite'],
	);
	assert.deepEqual(
		items?.map(item => item['is_request']),
		[true, false, false],
	);
});

test('mx bridge why had not a word of a request', async () => {
	const why = async (of: typeof friend) => {
		const portal = samplePortal({isRequest: of === stranger});
		return run(['bridge', 'why', 'Dora'], {session: {whyBridged: async () => ({room: of, portal, evidence: []})}});
	};
	assert.match((await why(stranger)).lines[1] ?? '', /^It is a request: you did not answer yet/);
	assert.ok(!(await why(friend)).lines.some(line => line.includes('request')));
});
