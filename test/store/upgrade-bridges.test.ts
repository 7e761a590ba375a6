/** What an account of an earlier version knows of bridges. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openAccountDatabase} from '../../source/store/account-database.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {ownUser} from './account-fixture.ts';
import {createOldDatabase} from './old-database.ts';

test('whom the person named as themselves is known after the upgrade, and rooms of bridges are looked at for their names', t => {
	const options = createOldDatabase(t, 'INTO named_ghost', old => {
		old.exec(`INSERT INTO room(rid, room_id, membership) VALUES(1, '!a:x', 'join'), (2, '!b:x', 'join');
			INSERT INTO portal(rid, protocol, trust, kind, is_request) VALUES(2, 'signal', 'attested', 'direct', 0)`);
		const words = {me: {'@signal_me:x': true, '@signal_mum:x': false, '@signal_dad:x': 1}};
		old.prepare('INSERT INTO account_data VALUES(?, ?)').run('chat.mx.bridges', JSON.stringify(words));
		old.prepare('INSERT INTO account_data VALUES(?, ?)').run('chat.mx.other', JSON.stringify({me: {'@other:x': true}}));
	});
	const account = openAccountDatabase(options);
	t.after(() => account.close());
	const portals = createPortalStore(account, ownUser);
	const named = ['@signal_me:x', '@signal_mum:x', '@signal_dad:x', '@other:x'].filter(portals.isOwnGhost);
	assert.deepEqual(named, ['@signal_me:x']);
	assert.deepEqual(portals.due(9), [{rid: 2, roomId: '!b:x'}]);
});
