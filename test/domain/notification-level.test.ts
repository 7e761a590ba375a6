import assert from 'node:assert/strict';
import {test} from 'node:test';
import {notificationLevelOf} from '../../source/domain/notification-level.ts';

const room = '!a:one.test';
const level = (override: readonly object[], rules: readonly object[]) =>
	notificationLevelOf({global: {override, room: rules} as never}, room);

test('push rules of a room are told as one of four levels, whichever client set them', () => {
	assert.equal(level([], []), 'default');
	assert.equal(level([{rule_id: room, actions: []}], []), 'none');
	assert.equal(level([{rule_id: room, actions: ['dont_notify']}], [{rule_id: room, actions: ['notify']}]), 'none');
	assert.equal(level([{rule_id: room, enabled: false, actions: []}], []), 'default');
	assert.equal(level([], [{rule_id: room, actions: ['notify', {set_tweak: 'sound'}]}]), 'all');
	assert.equal(level([], [{rule_id: room, actions: ['dont_notify']}]), 'mentions');
	assert.equal(level([{rule_id: '!b:one.test', actions: []}], []), 'default');
	assert.equal(notificationLevelOf({global: 'x'}, room), 'default');
});
