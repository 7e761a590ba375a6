/** Notifications: only while nobody looks, by the push rules, and no more said than is allowed. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {SettingsListener} from '../../source/ui/screen-options.ts';
import {event, me, member, state, text, type SampleEvent} from './sample-account.ts';
import {focusOut, iterm, setUpNotifications, toldIn} from './notification-scene.ts';
import {makePortal, signalBot} from './sample-portal.ts';
import {addLunch, altDown, anna, lunch} from './sample-screen.ts';

const {sample, open, receive, until, untilTold} = setUpNotifications();
const focusIn = '\u001B[I';

const setRules = (rules: object): void =>
	sample.account.execute(
		`INSERT INTO account_data(type, json) VALUES('m.push_rules', ?)`,
		JSON.stringify({global: rules}),
	);

const loggedOut = {
	msgtype: 'm.text',
	body: 'State update for +49 151: BAD_CREDENTIALS',
	'fi.mau.bridge_state': {state_event: 'BAD_CREDENTIALS', remote_id: 'abc', remote_name: '+49 151'},
};

suite('a notification', () => {
	test('says who wrote what, once', async () => {
		const {screen} = await open();
		receive(screen, [text(anna, 'are you there?')]);
		await until(screen, ['Sunday lunch: Anna Kowalska: are you there?']);
		screen.notify({kind: 'changed', rids: 'all', isListChanged: true});
		screen.press(focusIn + focusOut);
		assert.equal(toldIn(screen).length, 1);
	});

	test('of a network that is logged out says so in words of mx, not in those of its bot', async () => {
		const {screen} = await open();
		makePortal(sample.account, lunch, {kind: 'console'});
		receive(screen, [event(signalBot, loggedOut)], {state: [member(signalBot, 'Signal bridge')]});
		await until(screen, ['Sunday lunch: Signal bridge: Signal (+49 151) is logged out: nothing arrives there.']);
	});

	test('takes the word of nobody but the bot for how a network is', async () => {
		const {screen} = await open();
		makePortal(sample.account, lunch, {kind: 'console'});
		receive(screen, [event(anna, loggedOut)]);
		await until(screen, [`Sunday lunch: Anna Kowalska: ${loggedOut.body}`]);
	});

	test('follows the settings at once when they are written', async () => {
		let listener: SettingsListener | undefined;
		const {screen} = await open({
			watchSettings(given) {
				listener = given;
				return () => undefined;
			},
		});
		listener?.({notify: 'off'}, []);
		await screen.waitFor('The settings are read anew.');
		receive(screen, [text(anna, 'not told')]);
		await screen.waitFor(/Sunday lunch .*1/);
		listener?.({notifyText: 'none'}, []);
		receive(screen, [text(anna, 'and this')]);
		await until(screen, ['mx: 1 new message']);
	});

	test('of being called by one’s nick on IRC is given where only mentions are wanted', async () => {
		const {screen} = await open({settings: {notifyNetworks: {irc: 'mentions'}}});
		const rid = sample.account.reader.roomById(lunch)?.rid ?? 0;
		sample.account.bridge(rid, {protocol: 'irc', kind: 'channel'});
		const formatted = `<a href="https://matrix.to/#/${me}">alice</a>: ping?`;
		receive(screen, [text(anna, 'just talking')]);
		const content = {msgtype: 'm.text', body: 'mxalice: ping?', formatted_body: formatted};
		receive(screen, [event(anna, content)], {unread: 2});
		await until(screen, ['Sunday lunch (mentions you): Anna Kowalska: mxalice: ping?']);
	});

	test('of several messages names the last and counts them; of many rooms only the numbers', async () => {
		const {screen} = await open();
		receive(screen, [text(anna, 'one'), text(anna, 'two'), text(anna, 'three')]);
		await until(screen, ['Sunday lunch (3): Anna Kowalska: three']);
	});

	test('of many rooms at once says how many', async () => {
		const {screen} = await open();
		const rids = [1, 2, 3, 4, 5].flatMap(index =>
			sample.account.sync({id: `!r${index}:one.test`, timeline: [text(anna, 'a'), text(anna, 'b')], unread: 2}),
		);
		screen.notify({kind: 'changed', rids, isListChanged: true});
		await until(screen, ['mx: 10 new messages in 5 rooms']);
	});

	test('is not given while the terminal has the focus, and what came then is not told later', async () => {
		const {screen} = await open();
		screen.press(focusIn);
		receive(screen, [text(anna, 'before your eyes')]);
		screen.press(altDown);
		await screen.waitFor('before your eyes');
		screen.press(focusOut);
		await untilTold(screen);
	});

	test('is not given of what the person wrote on their phone', async () => {
		const {screen} = await open();
		const ownGhost = '@signal_me:one.test';
		sample.account.bridge(sample.account.reader.roomById(lunch)?.rid ?? 0, {ownGhost});
		// As somebody who mentions the person: the server counts it.
		const content = {msgtype: 'm.text', body: 'on my way', 'm.mentions': {user_ids: [me]}};
		receive(screen, [event(ownGhost, content)], {highlights: 1});
		receive(screen, [event(me, {...content, 'fi.mau.double_puppet_source': 'signal'})], {highlights: 1});
		await untilTold(screen);
	});

	test('is not given of own messages, reactions, changes, and what was there before or is history', async () => {
		const {screen} = await open();
		receive(screen, [
			text(me, 'mine'),
			event(anna, {'m.relates_to': {rel_type: 'm.annotation', event_id: '$event1', key: '👍'}}, {type: 'm.reaction'}),
			event(anna, {
				msgtype: 'm.text',
				body: '* changed',
				'm.new_content': {msgtype: 'm.text', body: 'changed'},
				'm.relates_to': {rel_type: 'm.replace', event_id: '$event1'},
			}),
			state('m.room.topic', '', {topic: 'another'}) as SampleEvent,
		]);
		await untilTold(screen);
	});

	test('is not given of what was read elsewhere', async () => {
		const {screen} = await open();
		receive(screen, [text(anna, 'read on the phone')], {unread: 0});
		await untilTold(screen);
	});

	test('follows the push rules: a muted room is silent, a mention in it is not', async () => {
		setRules({
			override: [
				{
					rule_id: '.m.rule.is_user_mention',
					conditions: [{kind: 'event_property_contains', key: String.raw`content.m\.mentions.user_ids`, value: me}],
					actions: ['notify', {set_tweak: 'highlight'}],
				},
			],
			room: [{rule_id: lunch, actions: []}],
			underride: [
				{
					rule_id: 'message',
					conditions: [{kind: 'event_match', key: 'type', pattern: 'm.room.message'}],
					actions: ['notify'],
				},
			],
		});
		const {screen} = await open();
		receive(screen, [text(anna, 'quiet')]);
		receive(screen, [event(anna, {msgtype: 'm.text', body: 'you!', 'm.mentions': {user_ids: [me]}})]);
		await until(screen, ['Sunday lunch (mentions you): Anna Kowalska: you!']);
	});

	test('a mention says so', async () => {
		const {screen} = await open();
		receive(screen, [event(anna, {msgtype: 'm.text', body: 'you!', 'm.mentions': {user_ids: [me]}})]);
		await until(screen, ['Sunday lunch (mentions you): Anna Kowalska: you!']);
	});

	test('an invitation is told', async () => {
		const {screen} = await open();
		setRules({
			override: [
				{
					rule_id: '.m.rule.invite_for_me',
					conditions: [
						{kind: 'event_match', key: 'type', pattern: 'm.room.member'},
						{kind: 'event_match', key: 'content.membership', pattern: 'invite'},
						{kind: 'event_match', key: 'state_key', pattern: me},
					],
					actions: ['notify'],
				},
			],
		});
		const rids = sample.account.sync({
			id: '!party:one.test',
			category: 'invite',
			state: [
				state('m.room.name', '', {name: 'Party'}),
				member(anna, 'Anna Kowalska'),
				{...member(me, 'Alice', 'invite'), sender: anna},
			],
		});
		screen.notify({kind: 'changed', rids, isListChanged: true});
		await until(screen, ['Party: Anna Kowalska invites you']);
	});

	test('of somebody who is ignored there is none', async () => {
		const {screen} = await open();
		sample.account.execute(
			`INSERT INTO account_data(type, json) VALUES('m.ignored_user_list', ?)`,
			JSON.stringify({ignored_users: {'@eve:one.test': {}}}),
		);
		receive(screen, [text('@eve:one.test', 'buy this')]);
		await untilTold(screen);
	});

	test('a room that was snoozed and comes back is told, in the status line too', async () => {
		const {screen} = await open();
		screen.notify({kind: 'reminder', rid: 1, message: 'Lunch\u202e is back: nobody has answered.'});
		await screen.waitFor(/Lunch\S* is back: nobody has answered\./);
		await until(screen, ['mx: Lunch is back: nobody has answered.']);
	});

	test('hostile text is words in it', async () => {
		const {screen} = await open();
		receive(screen, [text(anna, 'a\u0007b\u001B]52;c;QQ==\u001B\\;c\u009Dd\u202Ee\nf')]);
		await screen.waitFor(() => toldIn(screen).length === 1);
		assert.match(toldIn(screen)[0] ?? '', /^[^\u0000-\u001F\u007F-\u009F\u202A-\u202E;]+$/);
		assert.ok(!screen.output().includes('\u001B]52'));
	});
});

suite('the settings', () => {
	const encrypted = (body: string): SampleEvent => text(anna, body);
	const encrypt = (): void =>
		void sample.account.sync({
			id: lunch,
			state: [state('m.room.encryption', '', {algorithm: 'm.megolm.v1.aes-sha2'})],
		});

	test('nothing of encrypted rooms, where they say so', async () => {
		addLunch(sample.account);
		encrypt();
		const {screen} = await open({settings: {notifyText: 'unencrypted'}});
		receive(screen, [encrypted('the secret')]);
		await until(screen, ['Sunday lunch: Anna Kowalska: an encrypted message']);
		assert.ok(!toldIn(screen).join('').includes('secret'));
	});

	test('no text and no names at all', async () => {
		const {screen} = await open({settings: {notifyText: 'none'}});
		receive(screen, [text(anna, 'the secret'), text(anna, 'another')]);
		await until(screen, ['mx: 2 new messages']);
		screen.notify({kind: 'reminder', rid: 1, message: 'Lunch is back: nobody has answered.'});
		await until(screen, ['mx: 2 new messages', 'mx: a chat is back']);
	});

	test('only where the terminal says that it is left', async () => {
		addLunch(sample.account);
		const {screen} = await sample.open({environment: iterm, settings: {notifyWhen: 'unfocused'}});
		receive(screen, [text(anna, 'unknown focus')]);
		screen.press(focusOut);
		await untilTold(screen);
	});

	test('always, but not of what is before the eyes', async () => {
		addLunch(sample.account);
		const {screen} = await sample.open({environment: iterm, settings: {notifyWhen: 'always'}});
		screen.press(altDown);
		await screen.waitFor('the salad, please');
		receive(screen, [text(anna, 'seen at once')]);
		await screen.waitFor('seen at once');
		await untilTold(screen);
	});

	test('the bell, or nothing', async () => {
		const {screen} = await open({settings: {notify: 'bell'}});
		receive(screen, [text(anna, 'ding')]);
		await screen.waitFor(() => screen.output().includes('\u0007'));
		assert.deepEqual(toldIn(screen), []);
		await screen.close();
		const silent = await open({settings: {notify: 'off'}});
		receive(silent.screen, [text(anna, 'hush')]);
		silent.screen.press(altDown);
		await silent.screen.waitFor('hush');
		assert.ok(!/\u0007|\u001B\]9;/.test(silent.screen.output()));
	});

	test('a program that is not there is named in the status line', async () => {
		const {screen} = await open({settings: {notifyCommand: ['/nowhere/notify-me']}});
		receive(screen, [text(anna, 'hello?')]);
		await screen.waitFor('/nowhere/notify-me');
		assert.deepEqual(toldIn(screen), []);
	});
});
