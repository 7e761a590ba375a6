/** The server of the demo answers as Synapse does: the same requests, the same statuses, codes and members. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {needsServers, sharedSynapse} from '../helpers/synapse.ts';
import {converse} from './ask.ts';
import {accounts} from './conversations/accounts.ts';
import {directory, media, spaces} from './conversations/finding.ts';
import {backup, keys} from './conversations/keys.ts';
import {history, relations, sending} from './conversations/messages.ts';
import {pushRules, receipts} from './conversations/reading.ts';
import {creation, membership} from './conversations/rooms.ts';
import {syncing} from './conversations/syncing.ts';
import {startDemoServer} from './demo-server.ts';
import {differences} from './differences.ts';

const conversations = [
	accounts,
	creation,
	membership,
	sending,
	relations,
	history,
	receipts,
	pushRules,
	directory,
	spaces,
	media,
	keys,
	backup,
	syncing,
];

suite('the server of the demo answers like Synapse about', await needsServers(), () => {
	for (const conversation of conversations) {
		test(conversation.title, async t => {
			const [demo, synapse] = await Promise.all([
				startDemoServer(t).then(server => converse(server, conversation)),
				sharedSynapse().then(server => converse(server, conversation)),
			]);
			assert.equal(differences(demo, synapse).join('\n'), '');
		});
	}
});
