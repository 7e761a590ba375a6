/** What a bridge brings, on the screen: authors, mails, noise, chatter, the original, timers. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {select, setUpMessages, tell} from './message-scene.ts';
import {event, member, state, text} from './sample-account.ts';
import {lunch} from './sample-screen.ts';
import {makePortal, mum, signalBot} from './sample-portal.ts';

const {sample, open} = setUpMessages();

const bot = member(signalBot, 'Signal bridge');

suite('what a bridge brings', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[40, 12],
	] as const)
		test(`has its author and who brought it, at ${columns}×${rows}`, async () => {
			makePortal(sample.account, lunch);
			const profile = {'com.beeper.per_message_profile': {id: 'w', displayname: 'Webhook', has_fallback: true}};
			sample.account.sync({
				id: lunch,
				state: [bot],
				timeline: [event(signalBot, {msgtype: 'm.text', body: 'Webhook: build is green', ...profile})],
			});
			const {screen} = await open({columns, rows});
			await screen.waitFor(/Webhook +via Signal bridge ·\s+build is|via Signal bridge · build is green/);
			assert.ok(!screen.lines().some(line => line.includes('Webhook: build')));
			await select(screen, 'build is');
			screen.press('v');
			await screen.waitFor('in the name of Webhook');
			assert.deepEqual(screen.problems, []);
		});

	test('that somebody else brings has their own name', async () => {
		makePortal(sample.account, lunch);
		const forged = {'com.beeper.per_message_profile': {id: 'w', displayname: 'Mum', has_fallback: true}};
		sample.account.sync({
			id: lunch,
			state: [member('@mallory:one.test', 'Mallory')],
			timeline: [event('@mallory:one.test', {msgtype: 'm.text', body: 'Mum: send money', ...forged})],
		});
		const {screen} = await open();
		await screen.waitFor(/Mallory +Mum: send money/);
	});

	test('beside the conversation folds into a line, and what is only for programs is not there', async () => {
		makePortal(sample.account, lunch);
		const hidden = {'com.beeper.exclude_from_timeline': true};
		sample.account.sync({
			id: lunch,
			state: [bot],
			timeline: [
				event(signalBot, {msgtype: 'm.notice', body: 'jane joined'}),
				event(signalBot, {msgtype: 'm.notice', body: 'kim left'}),
				state('m.room.topic', '', {topic: 'synced', ...hidden}, {sender: signalBot}),
				text(mum, 'soup is on'),
				state('com.beeper.disappearing_timer', '', {type: 'after_read', timer: 3_600_000}, {sender: signalBot}),
				state('m.room.topic', '', {topic: 'by Anna', ...hidden}),
			],
		});
		const {screen} = await open({columns: 120, rows: 40});
		await screen.waitFor('Signal bridge: kim left (and 1 before)');
		await screen.waitFor(/disappearing messages changed, topic changed|topic changed/);
		assert.ok(!screen.lines().some(line => line.includes('synced')));
	});

	test('says when messages disappear, and leads to the original', async () => {
		makePortal(sample.account, lunch);
		const original = 'https://signal.example/m/1';
		sample.account.sync({
			id: lunch,
			state: [bot],
			timeline: [
				state('com.beeper.disappearing_timer', '', {type: 'after_read', timer: 3_600_000}, {sender: signalBot}),
				event(mum, {msgtype: 'm.text', body: 'soup is on', external_url: original}),
			],
		});
		const {screen} = await open({columns: 120, rows: 40});
		await screen.waitFor('Signal bridge set messages to disappear an hour after they are read');
		await select(screen, 'soup is on');
		screen.press('v');
		await screen.waitFor('the original is at signal.example');
		tell(screen);
		assert.deepEqual(screen.problems, []);
	});

	test('is a mail with its subject', async () => {
		makePortal(sample.account, lunch, {protocol: 'email'});
		sample.account.sync({
			id: lunch,
			state: [bot],
			timeline: [
				event(signalBot, {
					msgtype: 'm.text',
					body: 'see below',
					'cc.etke.postmoogle.from': 'anna@mail.test',
					'cc.etke.postmoogle.subject': 'the bill\u202E',
				}),
			],
		});
		const {screen} = await open();
		await screen.waitFor('anna@mail.t');
		await screen.waitFor('the bill');
		await screen.waitFor('see below');
	});
});
