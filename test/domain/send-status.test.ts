/** What became of a message behind a bridge, by what its bot says and by who has read it. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {
	awaitedStage,
	failureReason,
	parseFailureNotice,
	parseSendStatus,
	retryOf,
	sendStatusOf,
	type SendEvidence,
} from '../../source/domain/send-status.ts';
import type {JsonObject} from '../../source/domain/json.ts';

const status = (time: number, name: string, more: JsonObject = {}): SendEvidence => {
	const evidence = parseSendStatus({status: name, ...more}, time);
	assert.ok(evidence !== undefined);
	return evidence;
};

const notice = (time: number, body: string): SendEvidence => {
	const evidence = parseFailureNotice(body, time);
	assert.ok(evidence !== undefined, body);
	return evidence;
};

const stagesOf = (...evidence: readonly SendEvidence[]): readonly string[] =>
	sendStatusOf(evidence).steps.map(({stage}) => stage);

suite('the state of a message behind a bridge', () => {
	test('goes from sent over bridged and delivered to read, in whatever order the news come', () => {
		const news = [
			status(1, 'PENDING'),
			status(2, 'SUCCESS', {delivered_to_users: []}),
			status(3, 'SUCCESS', {delivered_to_users: ['@mum:one.test']}),
			{kind: 'read', time: 4},
		] as const;
		assert.deepEqual(stagesOf(...news), ['pending', 'bridged', 'delivered', 'read']);
		assert.deepEqual(stagesOf(...news.toReversed()), ['pending', 'bridged', 'delivered', 'read']);
		assert.equal(sendStatusOf(news).deliveredTo, 1);
		assert.equal(sendStatusOf([]).stage, 'sent');
	});

	test('does not go back: a late pending changes nothing, the bot’s receipt only what is not known better', () => {
		assert.equal(sendStatusOf([status(1, 'SUCCESS'), status(2, 'PENDING')]).stage, 'bridged');
		const delivered = status(1, 'SUCCESS', {delivered_to_users: ['@mum:one.test', '@mum:one.test']});
		assert.equal(sendStatusOf([delivered, {kind: 'bot-read', time: 2}]).stage, 'delivered');
		assert.equal(sendStatusOf([{kind: 'bot-read', time: 2}]).stage, 'bridged');
	});

	test('fails with the reason, for good or not; what the bridge manages afterwards counts', () => {
		const failed = sendStatusOf([
			status(1, 'FAIL_RETRIABLE', {reason: 'm.foreign_network_error', message: 'no signal'}),
		]);
		assert.equal(failed.stage, 'failed');
		assert.ok(failed.isRetriable && failed.isCertain);
		assert.equal(failureReason(failed, 'Signal'), 'no signal');
		const permanent = sendStatusOf([status(1, 'FAIL_PERMANENT', {reason: 'com.beeper.unsupported_event'})]);
		assert.ok(!permanent.isRetriable);
		assert.equal(failureReason(permanent, 'Signal'), 'Signal has nothing like it');
		assert.deepEqual(stagesOf(status(1, 'FAIL_RETRIABLE'), status(2, 'SUCCESS')), ['failed', 'bridged']);
	});

	test('is told by a notice where there are no status events; beside one it adds its words only', () => {
		const certain = sendStatusOf([notice(1, '⚠️ Your message was not bridged: the chat is gone')]);
		assert.equal(certain.stage, 'failed');
		assert.ok(certain.isCertain && !certain.isRetriable);
		assert.equal(certain.text, 'the chat is gone');
		// An older framework writes the sign without the one that asks for its picture.
		assert.equal(sendStatusOf([notice(1, '\u26A0 Your message was not bridged.')]).stage, 'failed');
		assert.equal(sendStatusOf([notice(1, '⚠️ Your reaction was not bridged: x')]).stage, 'failed');
		const both = sendStatusOf([status(1, 'FAIL_RETRIABLE'), notice(2, '⚠️ Your message was not bridged: no signal')]);
		assert.ok(both.isRetriable);
		assert.equal(both.text, 'no signal');
		assert.deepEqual(both.steps.length, 1);
	});

	test('is not certain where it may have arrived, until somebody has read it', () => {
		const doubt = notice(1, '⚠️ Your message may not have been bridged: timeout');
		const unclear = sendStatusOf([doubt]);
		assert.ok(unclear.stage === 'failed' && !unclear.isCertain && !unclear.isRetriable);
		assert.equal(sendStatusOf([doubt, {kind: 'read', time: 2}]).stage, 'read');
		// Who has read something later need not have got what surely failed.
		assert.equal(sendStatusOf([status(1, 'FAIL_PERMANENT'), {kind: 'read', time: 2}]).stage, 'failed');
	});

	test('is awaited only where the bridge answers', () => {
		const awaited = {...sendStatusOf([]), isAwaited: true};
		assert.equal(awaitedStage(awaited, 0, 14_999), undefined);
		assert.equal(awaitedStage(awaited, 0, 15_000), 'pending');
		assert.equal(awaitedStage(awaited, 0, 60_000), 'unanswered');
		assert.equal(awaitedStage(sendStatusOf([]), 0, 60_000), undefined);
		assert.equal(awaitedStage({...sendStatusOf([status(1, 'SUCCESS')]), isAwaited: true}, 0, 60_000), undefined);
	});

	test('is not moved by what makes no sense', () => {
		for (const content of [{}, {status: 7}, {status: 'success'}, {status: 'constructor'}, {status: 'toString'}])
			assert.equal(parseSendStatus(content, 1), undefined);
		assert.equal(sendStatusOf([status(1, 'SUCCESS', {delivered_to_users: [1, {}, null]})]).stage, 'bridged');
		const long = sendStatusOf([status(1, 'FAIL_PERMANENT', {message: 'x'.repeat(10_000), reason: '__proto__'})]);
		assert.equal(long.text?.length, 500);
		assert.equal(failureReason({text: undefined, reason: '__proto__'}, 'Signal'), 'the bridge gives no reason');
		for (const body of ['Your message was not bridged: x', '⚠️ Your message was bridged', '⚠️ mind the gap', 'x'])
			assert.equal(parseFailureNotice(body, 1), undefined, body);
		assert.equal(parseFailureNotice(`⚠️ Your ${'message '.repeat(10_000)} was not bridged`, 1), undefined);
		assert.equal(retryOf({}), undefined);
		assert.deepEqual(retryOf({'com.beeper.message_send_retry': {original_event_id: '$a', retry_count: -3}}), {
			originalId: '$a',
			count: 1,
		});
	});
});
