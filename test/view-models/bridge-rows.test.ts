/** The list of bridges: a row for each login, also for one of which its bot has said nothing. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {BridgeHealth} from '../../source/domain/bridge-health.ts';
import {bridgeRows, loginRows} from '../../source/view-models/bridge-rows.ts';

const bot = '@signalbot:one.test';
const whatsapp = '@whatsappbot:one.test';

const health: BridgeHealth = {
	bot,
	protocol: 'signal',
	rid: 1,
	account: 'abc',
	name: '+44 7700 900777',
	condition: 'logged-out',
	state: 'bad_credentials',
	error: undefined,
	message: undefined,
	remedy: 'relogin',
	since: 5,
};

test('the login that works stands beside the one that is out', () => {
	const bridges = [
		{bot, protocol: 'signal', rooms: 4},
		{bot: whatsapp, protocol: 'whatsapp', rooms: 5},
	];
	const quiet = [{bot, protocol: 'signal', account: 'def', name: '+44 7700 900142'}];
	const rows = bridgeRows(loginRows(bridges, {health: [health], quiet}));
	assert.deepEqual(
		rows.map(row =>
			row.lines(60, 24).map(line =>
				line
					.map(({text}) => text)
					.join('')
					.replaceAll(/ {2,}/g, ' | '),
			),
		),
		[
			['SG Signal +44 7700 900777 | ✗ logged out', ' | r signs in again'],
			['SG Signal +44 7700 900142 | no trouble known'],
			['WA WhatsApp | 5 chats'],
		],
	);
	const narrow = rows.slice(0, 2).map(row =>
		row
			.lines(37, 24)[0]
			?.map(({text}) => text)
			.join(''),
	);
	assert.deepEqual(narrow, ['SG +44 7700 900777       ✗ logged out', 'SG +44 7700 900142   no trouble known']);
	assert.equal(new Set(rows.map(({key}) => key)).size, rows.length);
});
