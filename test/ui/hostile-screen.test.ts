import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {createTerminalProbe} from '../../source/terminal/terminal-probe.ts';
import {hostilePayloads} from '../corpus/terminal.ts';
import {createFakeSession, openScreen} from '../helpers/screen.tsx';
import {event, me, now, openSampleAccount, state, text} from './sample-account.ts';

const altDown = '\u001B[1;3B';

suite('hostile text on the screen', () => {
	test('in every field and of every kind it is readable text, and the frame stands', async () => {
		const account = openSampleAccount();
		try {
			for (const [index, {payload}] of hostilePayloads.entries()) {
				const sender = `@u${index}:one.test`;
				account.sync({
					id: `!room${index}:one.test`,
					state: [
						state('m.room.name', '', {name: `R${index} ${payload}`}),
						state('m.room.topic', '', {topic: payload}),
						state('m.room.member', sender, {membership: 'join', displayname: `${payload} N`}),
					],
					timeline: [
						text(sender, `aa${payload}zz`),
						event(sender, {msgtype: 'm.emote', body: payload}),
						event(sender, {msgtype: 'm.file', body: payload, filename: payload}),
						event(sender, {
							msgtype: 'm.text',
							body: 'x',
							format: 'org.matrix.custom.html',
							formatted_body: `<b>${payload}</b><a href="${payload}">link</a>`,
						}),
						event(
							me,
							{'m.relates_to': {rel_type: 'm.annotation', event_id: `$event${index}`, key: payload}},
							{type: 'm.reaction'},
						),
						event(sender, {}, {type: payload === '' ? 'x' : payload}),
					],
					unread: 1,
				});
			}
			const fake = createFakeSession({loadOlder: async () => ({hasMore: false})});
			const screen = await openScreen({
				reader: account.reader,
				session: fake.session,
				now: () => now,
				columns: 100,
				rows: 30,
			});
			for (let index = 0; index < hostilePayloads.length; index += 1) {
				screen.press(altDown);
				// Each room says which it is; the rooms go by activity, the last one first.
				await screen.waitFor(`▸ R${hostilePayloads.length - 1 - index}`);
				assert.ok(screen.isAlternate());
				assert.deepEqual([...new Set(screen.columnsOf('│'))], [30], screen.lines().join('\n'));
				assert.match(screen.lines()[0] ?? '', /^ mx · @alice:one\.test/);
			}
			const known =
				/\u001B\[[\d;]*[mGKJHABCDEFSTr]|\u001B\[\?(?:7|25|1000|1004|1006|1049|2004|2026)[hl]|\u001B\[\?u|\u001B\[22;0t|\u001B\]11;\?\u001B\\|\u001B\]8;;[!-~]*\u001B\\|[\r\n]/g;
			const asked = createTerminalProbe({TERM: 'xterm-256color'}).query();
			// The name of the window is held back by the same rules as what is drawn.
			const named = /\u001B\]0;[^\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*\u001B\\/g;
			const rest = screen.output().replace(asked, '').replaceAll(named, '').replaceAll(known, '');
			assert.doesNotMatch(rest, /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
			// The firewall had nothing to do: what reached it was safe already.
			assert.deepEqual(screen.problems, []);
			await screen.close();
		} finally {
			account.close();
		}
	});
});
