/** Of which networks, and at which hours, mx notifies. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {text} from './sample-account.ts';
import {setUpNotifications} from './notification-scene.ts';
import {makePortal} from './sample-portal.ts';
import {altDown, anna, lunch, type SampleScreenOptions} from './sample-screen.ts';

const {sample, open, receive, until, untilTold} = setUpNotifications();
const enter = '\r';

suite('of networks and at hours', () => {
	const withSettings = async (settings: SampleScreenOptions['settings'], more: SampleScreenOptions = {}) => {
		const kept: unknown[] = [];
		const opened = await open({
			settings: {notifyWhen: 'always', ...settings},
			keepSetting: async (name, value) => void kept.push([name, value]),
			...more,
		});
		return {...opened, kept};
	};

	test('a network that is off is silent, and Matrix is not', async () => {
		const {screen} = await withSettings({notifyNetworks: {bridged: 'off'}});
		makePortal(sample.account, lunch);
		receive(screen, [text(anna, 'are you there?')]);
		await untilTold(screen);
	});

	test('of a network with direct chats alone, a group is silent and a chat is told', async () => {
		const clock = {now: Date.now()};
		const {screen} = await withSettings({notifyNetworks: {signal: 'direct'}}, {now: () => clock.now});
		makePortal(sample.account, lunch);
		receive(screen, [text(anna, 'all of you')]);
		await untilTold(screen);
		sample.account.execute(`UPDATE room SET is_direct = 1 WHERE room_id = '${lunch}'`);
		// Not so soon after the one before.
		clock.now += 5000;
		receive(screen, [text(anna, 'and you')]);
		await until(screen, [`Other: ${anna}: done`, 'Sunday lunch: and you']);
	});

	test('in quiet hours nothing is told, nor when they are over', async () => {
		const clock = {now: new Date(2026, 10, 26, 23, 30).getTime()};
		const {screen} = await withSettings({quietHours: '22:00-07:00'}, {now: () => clock.now});
		receive(screen, [text(anna, 'late')]);
		await screen.waitFor(/Sunday lunch .*1/);
		clock.now = new Date(2026, 10, 27, 7, 0).getTime();
		await untilTold(screen);
	});

	test('/notify says what holds, and keeps what is chosen', async () => {
		const {screen, kept} = await withSettings({});
		makePortal(sample.account, lunch);
		screen.notify({kind: 'changed', rids: 'all', isListChanged: true});
		screen.press(altDown);
		await screen.waitFor('who brings what');
		screen.press('/notify');
		screen.press(enter);
		await screen.waitFor('Signal: you are notified of all that its rooms let through.');
		screen.press('/notify mentions');
		screen.press(enter);
		await screen.waitFor('Signal: you are notified of mentions from now on');
		screen.press('/notify off bridged');
		screen.press(enter);
		await screen.waitFor('Bridged networks: you are notified of nothing from now on');
		screen.press('/notify default signal');
		screen.press(enter);
		await screen.waitFor('Signal: you are notified of nothing from now on');
		screen.press('/notify');
		screen.press(enter);
		await screen.waitFor('Signal: you are notified of nothing, as of all bridged networks.');
		screen.press('/notify loud');
		screen.press(enter);
		await screen.waitFor('Write /notify all, direct, mentions, off or default');
		screen.press('/notify off pigeon');
		screen.press(enter);
		await screen.waitFor('There is no network pigeon.');
		assert.deepEqual(kept, [
			['notifyNetworks', {signal: 'mentions'}],
			['notifyNetworks', {signal: 'mentions', bridged: 'off'}],
			['notifyNetworks', {bridged: 'off'}],
		]);
	});

	test('/quiet says what holds, and keeps hours', async () => {
		const {screen, kept} = await withSettings({});
		screen.press(altDown);
		screen.press('/quiet');
		screen.press(enter);
		await screen.waitFor('You are notified at all hours.');
		screen.press('/quiet 22-7');
		screen.press(enter);
		await screen.waitFor('Nothing is notified 22:00-07:00 from now on');
		screen.press('/quiet');
		screen.press(enter);
		await screen.waitFor('Nothing is notified 22:00-07:00: /quiet off ends that.');
		screen.press('/quiet late');
		screen.press(enter);
		await screen.waitFor('Write /quiet with two times');
		screen.press('/quiet off');
		screen.press(enter);
		await screen.waitFor('You are notified at all hours from now on');
		assert.deepEqual(kept, [
			['quietHours', '22:00-07:00'],
			['quietHours', ''],
		]);
	});
});
