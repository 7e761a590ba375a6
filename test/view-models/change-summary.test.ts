/** Changes of the state as one line, with the owner of the account as `you`, as where they wrote. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {me, member, openSampleAccount, state, text, type SampleAccount} from '../ui/sample-account.ts';
import {anna, annaJoined, openTimeline, roomId} from './sample-timeline.ts';

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

/** What the last line says after something was said and this was done. */
const after = (...changes: readonly object[]): string | undefined => {
	account.sync({
		id: roomId,
		state: [annaJoined, member('@bob:one.test', 'Bob')],
		timeline: [member(me, 'Alice'), text(anna, 'hi'), ...changes],
	});
	return openTimeline(account, {width: 110, rows: 12}).lines().at(-1);
};

const mine = {sender: me};
const bob = '@bob:one.test';
const ofBob = (membership: string) =>
	state(
		'm.room.member',
		bob,
		{membership, displayname: 'Bob'},
		{...mine, unsigned: {prev_content: {membership: 'join'}}},
	);
const ofMe = (membership: string, more: object = {}) =>
	state('m.room.member', me, {membership, displayname: 'Alice'}, {sender: anna, ...more});
const topic = (sender = me) => state('m.room.topic', '', {topic: 'lunch'}, {sender});

suite('what the owner of the account did read "alice changed the topic"', () => {
	for (const [said, ...changes] of [
		['you changed the topic to lunch', topic()],
		['Anna changed the topic to lunch', topic(anna)],
		['you turned on encryption', state('m.room.encryption', '', {}, mine)],
		['you let people ask to join', state('m.room.join_rules', '', {join_rule: 'knock'}, mine)],
		['you banned Bob', ofBob('ban')],
		['you removed Bob', ofBob('leave')],
		['Anna removed you', ofMe('leave')],
		['Anna banned you', ofMe('ban')],
		['you left', ofMe('leave', mine)],
		['you are now Alina', state('m.room.member', me, {membership: 'join', displayname: 'Alina'}, mine)],
		['you removed your name', state('m.room.member', me, {membership: 'join'}, mine)],
		[
			'you changed your picture',
			state('m.room.member', me, {membership: 'join', displayname: 'Alice', avatar_url: 'mxc://one.test/a'}, mine),
		],
	] as const)
		test(said, () => assert.equal(after(...changes), said));
});

suite('and in a line of several', () => {
	for (const [said, ...changes] of [
		['you left, topic changed', ofMe('leave', mine), topic()],
		['you were removed, topic changed', ofMe('leave'), topic()],
		['you were banned, topic changed', ofMe('ban'), topic()],
		['you were invited, topic changed', ofMe('invite'), topic()],
		['Bob banned, topic changed', ofBob('ban'), topic()],
		['you changed your profile, topic changed', state('m.room.member', me, {membership: 'join'}, mine), topic()],
	] as const)
		test(said, () => assert.equal(after(...changes), said));
});
