/** What ghosts of bridges are called in a room: `Anna (WA)` is Anna, as long as nobody else there is. */
import assert from 'node:assert/strict';
import {beforeEach, suite, test, type TestContext} from 'node:test';
import {member, message, openAccountFixture, syncRoom, type AccountFixture} from './account-fixture.ts';

const anna = '@whatsapp_1:example.org';
const otherAnna = '@whatsapp_2:example.org';
const human = '@anna:example.org';

const called = (userId: string, displayname: string, membership = 'join') => member(userId, membership, {displayname});

suite('the name of a ghost', () => {
	let fixture: AccountFixture;

	beforeEach(t => {
		fixture = openAccountFixture(t as TestContext);
	});

	const isGhost = (userId: string): boolean => userId.startsWith('@whatsapp_');

	/** Writes members, and names the ghosts as it is done when the room is looked at. @returns whether somebody has another name */
	const write = (...members: readonly ReturnType<typeof called>[]): boolean => {
		fixture.apply(syncRoom(members));
		return name();
	};
	const name = (isGhostNow = isGhost, network?: string): boolean =>
		fixture.account.write(() => fixture.rooms.members.nameGhosts(1, network, isGhostNow));
	const names = (): Readonly<Record<string, string | undefined>> =>
		Object.fromEntries(fixture.reader.details.members(1).map(({userId, displayName}) => [userId, displayName]));

	test('does not say the network, in the list of members, in the timeline and where they write', () => {
		assert.ok(write(called(anna, 'Anna (WA)')));
		fixture.apply(syncRoom([message('hello', {sender: anna})]));
		assert.deepEqual(names(), {[anna]: 'Anna'});
		assert.equal(fixture.reader.memberName(1, anna), 'Anna');
		const {messages} = fixture.reader.timeline({rid: 1, limit: 9});
		assert.equal(messages.at(-1)?.senderName, 'Anna');
		assert.ok(!name(), 'nothing changes when it is looked at again');
	});

	test('does not say the team or the server that the room is of', () => {
		write(called(anna, 'jane (libera)'));
		assert.deepEqual(names(), {[anna]: 'jane (libera)'});
		name(isGhost, 'libera');
		assert.deepEqual(names(), {[anna]: 'jane'});
	});

	test('is that of nobody else: who is no ghost is called as they say', () => {
		assert.ok(!write(called(human, 'Anna (WA)'), called('@bob:example.org', 'Bob (Signal)')));
		assert.deepEqual(names(), {[human]: 'Anna (WA)', '@bob:example.org': 'Bob (Signal)'});
	});

	for (const [what, other] of [
		['is called so', 'Anna'],
		['is called so in small letters', 'anna'],
		['only seems to be called so', ' An\u200Bna'],
	] as const)
		test(`stays whole where somebody ${what}, also when they come later`, () => {
			write(called(anna, 'Anna (WA)'));
			assert.equal(names()[anna], 'Anna');
			assert.ok(write(called(human, other)));
			assert.deepEqual(names(), {[anna]: 'Anna (WA)', [human]: other});
			// What they wrote stands in the timeline still.
			write(called(human, other, 'leave'));
			assert.equal(names()[anna], 'Anna (WA)');
			write(called(human, 'Zoe'));
			assert.equal(names()[anna], 'Anna');
		});

	test('stays whole for both where two ghosts would be called the same', () => {
		write(called(anna, 'Anna (WA)'), called(otherAnna, 'anna (WA)'));
		assert.deepEqual(names(), {[anna]: 'Anna (WA)', [otherAnna]: 'anna (WA)'});
		write(called(otherAnna, 'Anna K (WA)'));
		assert.deepEqual(names(), {[anna]: 'Anna', [otherAnna]: 'Anna K'});
	});

	test('stays when the server says the same again, and is another one when they are called otherwise', () => {
		write(called(anna, 'Anna (WA)'));
		fixture.apply(syncRoom([called(anna, 'Anna (WA)')]));
		assert.deepEqual(names(), {[anna]: 'Anna'});
		fixture.apply(syncRoom([called(anna, 'Anna Kowalska (WA)')]));
		assert.deepEqual(names(), {[anna]: 'Anna Kowalska (WA)'}, 'until the room is looked at');
		name();
		assert.deepEqual(names(), {[anna]: 'Anna Kowalska'});
		write(called(anna, 'Anna'));
		assert.deepEqual(names(), {[anna]: 'Anna'});
	});

	test('is whole again when the bridge is believed no more', () => {
		write(called(anna, 'Anna (WA)'));
		assert.ok(name(() => false));
		assert.deepEqual(names(), {[anna]: 'Anna (WA)'});
	});

	test('says still that they are a bot of the network: nothing else does', () => {
		write(called(anna, 'deploy (bot)'));
		assert.deepEqual(names(), {[anna]: 'deploy (bot)'});
	});
});
