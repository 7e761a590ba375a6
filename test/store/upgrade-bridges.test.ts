/** What an account of an earlier version knows of bridges. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openAccountDatabase} from '../../source/store/account-database.ts';
import {openDatabase} from '../../source/store/open-database.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {migrations} from '../../source/store/schema.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {ownUser} from './account-fixture.ts';

test('whom the person named as themselves is known after the upgrade, and rooms of bridges are looked at for their names', t => {
	const options = {
		file: `${temporaryDirectory(t)}/account.db`,
		key: new Uint8Array(32).fill(7),
		cipher: 'aegis',
	} as const;
	const old = openDatabase({...options, mode: 'owner', durability: 'normal'});
	const last = migrations.findIndex(migration => migration.includes('INTO named_ghost'));
	for (const migration of migrations.slice(0, last)) old.exec(migration);
	old.exec(`PRAGMA user_version = ${last}; INSERT INTO room(rid, room_id, membership) VALUES(1, '!a:x', 'join'), (2, '!b:x', 'join');
		INSERT INTO portal(rid, protocol, trust, kind, is_request) VALUES(2, 'signal', 'attested', 'direct', 0)`);
	const words = {me: {'@signal_me:x': true, '@signal_mum:x': false, '@signal_dad:x': 1}};
	old.prepare('INSERT INTO account_data VALUES(?, ?)').run('chat.mx.bridges', JSON.stringify(words));
	old.prepare('INSERT INTO account_data VALUES(?, ?)').run('chat.mx.other', JSON.stringify({me: {'@other:x': true}}));
	old.close();
	const account = openAccountDatabase(options);
	t.after(() => account.close());
	const portals = createPortalStore(account, ownUser);
	const named = ['@signal_me:x', '@signal_mum:x', '@signal_dad:x', '@other:x'].filter(portals.isOwnGhost);
	assert.deepEqual(named, ['@signal_me:x']);
	assert.deepEqual(portals.due(9), [{rid: 2, roomId: '!b:x'}]);
});
