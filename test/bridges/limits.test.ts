/** What networks take: as their bridges state it, as it is known of them, and what hostile rooms state. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {roomLimits, type RoomLimits} from '../../source/bridges/capabilities.ts';
import {disappearingTimer} from '../../source/bridges/disappearing.ts';
import {
	answersInThreads,
	checkEdit,
	checkReaction,
	checkRemoval,
	fitMessage,
	limitPhrases,
	lostReply,
} from '../../source/bridges/limit-checks.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import type {BridgeState, Portal} from '../../source/domain/portal.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

const bot = '@signalbot:one.test';
const key = 'one.test/signal';
const hour = 3_600_000;

const portal = (more: Partial<Portal> = {}): Portal => samplePortal({bot, ...more});

const bridgeState: BridgeState = {type: 'm.bridge', stateKey: key, sender: bot, content: {bridgebot: bot}};
const features = (content: JsonObject, more: Partial<BridgeState> = {}): BridgeState => ({
	type: 'com.beeper.room_features',
	stateKey: key,
	sender: bot,
	content,
	...more,
});

const limitsOf = (content: JsonObject, more: Partial<BridgeState> = {}): RoomLimits => {
	const limits = roomLimits(portal(), [bridgeState, features(content, more)]);
	assert.ok(limits !== undefined);
	return limits;
};

const text = (body: string, html?: string): JsonObject => ({
	msgtype: 'm.text',
	body,
	...(html === undefined ? {} : {format: 'org.matrix.custom.html', formatted_body: html}),
});

const file = (mimetype: string, size: number, msgtype = 'm.image'): JsonObject => ({
	msgtype,
	body: 'soup.bin',
	filename: 'soup.bin',
	info: {mimetype, size},
});

suite('limits of a room', () => {
	test('are those that the bot of the bridge states beside its bridge event', () => {
		const limits = limitsOf({max_text_length: 300, edit: 2, edit_max_age: 900, edit_max_count: 3, reaction_count: 1});
		assert.equal(limits.isStated, true);
		assert.equal(limits.maxText, 300);
		assert.equal(limits.editMaxAge, 900_000);
		// What is not named is not supported.
		assert.equal(limits.thread, 0);
		assert.deepEqual(limitPhrases(limits)[0], 'Signal · 300 characters · edits for 15 min');
	});

	test('are those of the network where nobody whom one could believe states any', () => {
		const strangers = [
			features({max_text_length: 30}, {sender: '@mallory:one.test'}),
			features({max_text_length: 30}, {stateKey: 'one.test/other'}),
			features({}),
		];
		for (const stated of strangers) {
			const limits = roomLimits(portal(), [bridgeState, stated]);
			assert.equal(limits?.maxText, 2000);
			assert.equal(limits?.isStated, false);
		}
		assert.equal(limitPhrases(roomLimits(portal(), []) as RoomLimits)[0], 'Signal · 2000 characters · edits for 24 h');
	});

	test('tell an answer that arrives from one that goes into a thread, and from one that is a message by itself', () => {
		const slack = roomLimits(portal({protocol: 'slack'}), []) as RoomLimits;
		assert.equal(lostReply(slack), 'Slack answers in threads: this goes into one');
		assert.equal(answersInThreads(limitsOf({thread: 2})), true);
		assert.equal(answersInThreads(limitsOf({thread: 2, reply: 1})), false);
		assert.equal(answersInThreads(limitsOf({thread: 0})), false);
		assert.equal(lostReply(limitsOf({edit: 2})), 'Signal has no answers: this arrives as a message by itself');
		assert.equal(lostReply(limitsOf({reply: 2, thread: 2})), undefined);
	});

	test('are none where the room is not believed to be bridged, or nothing is known of the network', () => {
		const states = [bridgeState, features({max_text_length: 30})];
		assert.equal(roomLimits(undefined, states), undefined);
		for (const trust of ['announced', 'claimed'] as const) assert.equal(roomLimits(portal({trust}), states), undefined);
		assert.equal(roomLimits(portal({protocol: 'other:minecraft'}), [bridgeState]), undefined);
		assert.equal(roomLimits(portal({kind: 'console'}), states), undefined);
	});

	test('survive what hostile bridges state', () => {
		const limits = limitsOf({
			max_text_length: -5,
			edit: 99,
			edit_max_age: 'soon',
			edit_max_count: 0,
			reaction: -7,
			allowed_reactions: [1, '', 'x'.repeat(1000), {}],
			file: {'m.image': 'all', constructor: {mime_types: {'*/*': 2}}, 'm.file': {mime_types: [], max_size: -1}},
			formatting: 7,
		});
		assert.equal(limits.maxText, undefined);
		assert.equal(limits.edit, 2);
		assert.equal(limits.editMaxAge, undefined);
		assert.equal(limits.editMaxCount, undefined);
		assert.equal(limits.reaction, -2);
		assert.equal(limits.allowedReactions, undefined);
		assert.ok(fitMessage(limits, 'm.room.message', file('image/png', 5)).refusal !== undefined);
	});
});

suite('what a network takes', () => {
	test('texts up to its length, in characters and not in code units', () => {
		const limits = limitsOf({max_text_length: 20});
		assert.equal(fitMessage(limits, 'm.room.message', text('🍲'.repeat(20))).refusal, undefined);
		assert.match(
			fitMessage(limits, 'm.room.message', text('🍲'.repeat(21))).refusal ?? '',
			/up to 20 characters.*has 21/,
		);
	});

	test('styles that it shows; others are taken out, and that is said', () => {
		const limits = limitsOf({formatting: {bold: 2, italic: 0}});
		const bold = fitMessage(limits, 'm.room.message', text('**a**', '<strong>a</strong>'));
		assert.equal(bold.warning, undefined);
		const italic = fitMessage(limits, 'm.room.message', text('*a*', '<em>a</em>'));
		assert.equal(italic.content['formatted_body'], undefined);
		assert.match(italic.warning ?? '', /Signal does not show italic: it will arrive as plain text/);
		const both = fitMessage(limits, 'm.room.message', text('x', '<strong>a</strong><em>b</em>'));
		assert.equal(both.content['formatted_body'], '<strong>a</strong><em>b</em>');
		assert.match(both.warning ?? '', /italic: that/);
		assert.equal(fitMessage(limits, 'm.room.message', text('x', '<constructor>a</constructor>')).warning, undefined);
		const hidden = fitMessage(limits, 'm.room.message', text('x', '<span data-mx-spoiler>x</span>'));
		assert.match(hidden.warning ?? '', /can be read at once/);
	});

	test('files by type and size; a picture of another kind goes as a file', () => {
		const limits = limitsOf({
			file: {
				'm.image': {mime_types: {'image/png': 2}, max_size: 1000, caption: 2},
				'm.file': {mime_types: {'image/*': 2, 'text/plain': 0}, max_size: 2_000_000},
			},
		});
		assert.equal(fitMessage(limits, 'm.room.message', file('image/png', 900)).refusal, undefined);
		assert.match(fitMessage(limits, 'm.room.message', file('image/png', 1001)).refusal ?? '', /files up to/);
		const other = fitMessage(limits, 'm.room.message', file('image/webp', 1001));
		assert.equal(other.content['msgtype'], 'm.file');
		assert.match(other.warning ?? '', /only as a file/);
		assert.match(fitMessage(limits, 'm.room.message', file('video/mp4', 5, 'm.video')).refusal ?? '', /video\/mp4/);
		assert.match(fitMessage(limits, 'm.room.message', file('text/plain', 5, 'm.file')).warning ?? '', /may not show/);
	});

	test('no places, no polls, no notices where it says so', () => {
		const limits = limitsOf({location_message: -2, poll: 0});
		assert.match(fitMessage(limits, 'm.room.message', {msgtype: 'm.location', body: 'x'}).refusal ?? '', /places/);
		assert.match(fitMessage(limits, 'org.matrix.msc3381.poll.start', {}).warning ?? '', /polls.*plain text/);
		assert.match(fitMessage(limits, 'm.room.message', {msgtype: 'm.notice', body: 'x'}).warning ?? '', /notices/);
	});

	test('edits within their time and number', () => {
		const limits = limitsOf({edit: 2, edit_max_age: 3600, edit_max_count: 2});
		const edit = (age: number, edits: number) => checkEdit(limits, {timestamp: 0, edits}, age).refusal;
		assert.equal(edit(hour, 1), undefined);
		assert.match(edit(hour + 1, 1) ?? '', /edited for 1 hour/);
		assert.match(edit(5, 2) ?? '', /edited 2 times/);
		assert.match(checkEdit(limitsOf({edit: 0}), {timestamp: 0, edits: 0}, 0).refusal ?? '', /no edits/);
	});

	test('reactions of its list, and removals as far as they go', () => {
		const limits = limitsOf({reaction: 2, allowed_reactions: ['👍', '❤️'], delete: 2, delete_max_age: 60});
		assert.equal(checkReaction(limits, '❤').refusal, undefined);
		assert.match(checkReaction(limits, '🎉').refusal ?? '', /only has these reactions here: 👍 ❤️/);
		assert.match(checkReaction(limitsOf({reaction: 2}), 'heart').refusal ?? '', /has emoji as reactions, no words/);
		for (const key of ['👍', '❤', '🇵🇱', '1️⃣', 'mxc://one.test/parrot'])
			assert.deepEqual(checkReaction(limitsOf({reaction: 2}), key), {});
		assert.match(checkReaction(limitsOf({reaction: -1}), '👍').warning ?? '', /do not reach Signal/);
		assert.equal(checkRemoval(limits, 0, 60_000).warning, undefined);
		assert.match(checkRemoval(limits, 0, 61_000).warning ?? '', /the others will keep/);
		assert.match(checkRemoval(limitsOf({delete_for_me: true}), 0, 0).warning ?? '', /for you only/);
		assert.match(checkRemoval(limitsOf({delete: -2}), 0, 0).refusal ?? '', /not let messages be removed/);
	});

	test('messages that disappear, where the room has a timer', () => {
		const timer = (content: JsonObject): BridgeState => ({
			type: 'com.beeper.disappearing_timer',
			stateKey: '',
			sender: bot,
			content,
		});
		const on = timer({type: 'after_read', timer: 60_000});
		assert.deepEqual(disappearingTimer(portal(), [on], true), {type: 'after_read', timer: 60_000});
		assert.equal(disappearingTimer(portal({trust: 'claimed'}), [on], true), undefined);
		assert.equal(disappearingTimer(portal(), [timer({type: 'never', timer: 'x'})], true), undefined);
		assert.deepEqual(disappearingTimer(portal(), [], false), {type: '', timer: 0});
	});
});
