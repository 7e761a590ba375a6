/** What goes with a message that is forwarded, and what stays. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {forwardedContent} from '../../source/view-models/forwarded-content.ts';

test('a message that is forwarded is in nobody’s name and was tried by nobody, whatever a bridge noted of it', () => {
	const content = {
		msgtype: 'm.audio',
		body: 'voice.ogg',
		url: 'mxc://one.test/a',
		info: {duration: 5, 'fi.mau.gif': false},
		'org.matrix.msc3245.voice': {},
		'm.relates_to': {'m.in_reply_to': {event_id: '$a'}},
		'fi.mau.double_puppet_source': 'mautrix-signal',
		'com.beeper.per_message_profile': {id: 'w', displayname: 'Mum'},
		'm.per_message_profile': {id: 'w', displayname: 'Mum'},
		'com.beeper.message_send_retry': {original_event_id: '$a', retry_count: 2},
		'com.beeper.disappearing_timer': {type: 'after_read', timer: 5},
		'cc.etke.postmoogle.from': 'anna@mail.test',
		external_url: 'https://one.test',
	};
	assert.deepEqual(forwardedContent({type: 'm.room.message', content}), {
		msgtype: 'm.audio',
		body: 'voice.ogg',
		url: 'mxc://one.test/a',
		info: {duration: 5, 'fi.mau.gif': false},
		'org.matrix.msc3245.voice': {},
		'm.mentions': {},
	});
});
