/** What bots of bridges say of logins by machine. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isTroubled, parseBridgeReport} from '../../source/domain/bridge-health.ts';

const parse = (said: unknown) =>
	parseBridgeReport({msgtype: 'm.text', body: 'x', 'fi.mau.bridge_state': said as never});

test('a report names the login, how it is and what helps', () => {
	assert.deepEqual(
		parse({
			state_event: 'BAD_CREDENTIALS',
			timestamp: 1_700_000_000,
			error: 'signal-logged-out',
			message: 'You were logged out by Signal',
			user_action: 'RELOGIN',
			remote_id: 'abc',
			remote_name: '+49 151 1',
		}),
		{
			account: 'abc',
			name: '+49 151 1',
			condition: 'logged-out',
			state: 'bad_credentials',
			error: 'signal-logged-out',
			message: 'You were logged out by Signal',
			remedy: 'relogin',
		},
	);
	assert.equal(parse({state_event: 'BAD_CREDENTIALS'})?.remedy, 'relogin');
	assert.equal(parse({state_event: 'UNKNOWN_ERROR', user_action: 'RESTART'})?.remedy, 'restart');
	assert.equal(parse({state_event: 'BACKFILLING'})?.condition, 'connected');
	assert.equal(parse({state_event: 'TRANSIENT_DISCONNECT', message: ''})?.message, undefined);
});

test('what is no report is none', () => {
	for (const said of [undefined, null, 'CONNECTED', [], {}, {state_event: 7}, {state_event: 'HAPPY'}])
		assert.equal(parse(said), undefined);
	assert.equal(parseBridgeReport({}), undefined);
	assert.equal(parse({state_event: 'CONNECTED', remote_id: {}, message: 'x'.repeat(9000)})?.account, '');
	assert.equal(parse({state_event: 'CONNECTED', message: 'x'.repeat(9000)})?.message?.length, 500);
});

test('only what is connected is no trouble', () => {
	const troubled = ['CONNECTED', 'CONNECTING', 'LOGGED_OUT', 'UNKNOWN_ERROR'].filter(state =>
		isTroubled(parse({state_event: state}) ?? assert.fail()),
	);
	assert.deepEqual(troubled, ['CONNECTING', 'LOGGED_OUT', 'UNKNOWN_ERROR']);
});
