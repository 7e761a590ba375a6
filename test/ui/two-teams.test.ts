/** Two rooms called alike, in two teams of one network: wherever one is chosen or written in, its team is said. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {iterm, focusOut, toldIn} from './notification-scene.ts';
import {state, text} from './sample-account.ts';
import {setUpSampleScreen} from './sample-screen.ts';

const sample = setUpSampleScreen();
const sam = '@slack_sam:one.test';

const addGeneral = (team: string, unread = 0): number => {
	const [rid = 0] = sample.account.sync({
		id: `!${team}:one.test`,
		state: [state('m.room.name', '', {name: 'general'})],
		timeline: [text(sam, `hello ${team}`)],
		unread,
	});
	const network = {id: team, name: team};
	sample.account.bridge(rid, {protocol: 'slack', kind: 'channel', bot: '@slackbot:one.test', channel: team, network});
	return rid;
};

suite('rooms of two teams that are called alike', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
	] as const)
		test(`are told apart in the header, the hint, the switcher and what is found in the inbox, at ${columns}×${rows}`, async () => {
			addGeneral('Acme');
			addGeneral('Globex');
			const {screen} = await sample.open({columns, rows});
			await screen.waitFor('Slack · Globex');
			screen.press('/gen');
			await screen.waitFor(/SL general · Acme/);
			await screen.waitFor(/SL general · Globex/);
			screen.press('\u001B/glob\u001B');
			screen.press('\u001Bk');
			await screen.waitFor('Go to');
			screen.press('gen');
			await screen.waitFor(lines =>
				['Acme', 'Globex'].every(team => lines.join('\n').includes(`SL general · ${team}`)),
			);
			screen.press('\r');
			await screen.waitFor(/general .*Slack · Globex · not encrypted/);
			await screen.waitFor('Enter sends to general (Globex)');
			screen.press('\u001Bkglobex');
			await screen.waitFor('Go to');
			await screen.waitFor(
				lines => /SL general · Globex/.test(lines.join('\n')) && !/general · Acme/.test(lines.join('\n')),
			);
			screen.press('\u0015slack');
			await screen.waitFor(/SL general · Acme/);
			assert.deepEqual(screen.problems, []);
		});

	test('are told apart where one is told of them, and no team is said of the only one', async () => {
		const acme = addGeneral('Acme');
		const {screen} = await sample.open({environment: iterm});
		screen.press(focusOut);
		assert.equal(sample.account.reader.room(acme)?.place, undefined);
		const globex = addGeneral('Globex', 1);
		assert.equal(sample.account.reader.room(acme)?.place, 'Acme');
		screen.notify({kind: 'changed', rids: [globex], isListChanged: true});
		await screen.waitFor(() => toldIn(screen).length === 1);
		assert.deepEqual(toldIn(screen), [`general · Slack · Globex: ${sam}: hello Globex`]);
	});
});
