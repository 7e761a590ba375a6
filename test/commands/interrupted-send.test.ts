/** `mx send` that is interrupted: it says what becomes of the message, as far as anybody knows. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {interrupted} from '../../source/domain/interruption.ts';
import type {SendReceipt, SendRequest, Session} from '../../source/domain/session.ts';
import {receiving, run} from './shell-context.ts';

/** Sends, and is interrupted while it waits. @param letGo what the session answers the waiting request with then */
const interruptWith = async (words: readonly string[], letGo: () => SendReceipt) => {
	const controller = new AbortController();
	const waiting = Promise.withResolvers<SendReceipt>();
	const orders: (string | undefined)[] = [];
	const session: Partial<Session> = {
		...receiving([]),
		async send({order}) {
			orders.push(order);
			controller.abort(interrupted());
			return waiting.promise;
		},
		async letGo({order}) {
			orders.push(order);
			try {
				waiting.resolve(letGo());
			} catch (error) {
				waiting.reject(error);
			}
			return {};
		},
	};
	const ran = await run(['send', ...words], {session, signal: controller.signal});
	assert.equal(orders.length, 2);
	assert.equal(new Set(orders).size, 1);
	assert.equal(ran.error?.reason, 'interrupted');
	return ran;
};

const receipt = (fields: Partial<SendReceipt>): SendReceipt => ({
	roomId: '!family:one.test',
	transactionId: 'mx-1',
	state: 'sent',
	eventId: undefined,
	error: undefined,
	...fields,
});

test('interrupted, it says what becomes of the message, and lets go of no other', async () => {
	const queued = () => receipt({state: 'queued', error: 'the server does not answer'});
	for (const more of [[], ['--no-wait']]) {
		const {error, document} = await interruptWith(['--txn', 'k', ...more, 'Family', 'x'], queued);
		assert.equal(error?.message, 'Interrupted. Queued, not delivered yet: the server does not answer');
		assert.equal(error?.next, 'mx delivers it the next time it runs; a repeat with --txn k sends nothing twice.');
		assert.equal(document?.['state'], 'queued');
	}
	const sent = await interruptWith(['Family', 'x'], () => receipt({eventId: '$sent'}));
	assert.deepEqual([sent.lines, sent.error?.message], [['$sent'], 'Interrupted. It was sent before that.']);
	const silent = await interruptWith(['--until', 'bridged', 'Family', 'x'], () => receipt({eventId: '$sent'}));
	assert.match(silent.error?.message ?? '', /^Interrupted\. The server has it; the bridge has not said yet/);
});

test('interrupted before the message is stored, nothing is sent; where nobody knows, it may be', async () => {
	const failing = async (error: ExpectedError) =>
		interruptWith(['--txn', 'k', 'Family', 'x'], () => {
			throw error;
		});
	const {error, document} = await failing(interrupted());
	assert.deepEqual([error?.message, error?.next, document], ['Interrupted. Nothing was sent.', undefined, undefined]);
	const lost = await failing(new ExpectedError({message: 'The running mx went away.', reason: 'error'}));
	assert.equal(lost.error?.message, 'Interrupted. It may be sent all the same.');
	assert.match(lost.error?.next ?? '', /--txn k sends nothing twice/);
	const refused = await failing(new ExpectedError({message: 'There is no such room.', reason: 'notFound'}));
	assert.equal(refused.error?.message, 'Interrupted. There is no such room.');
	const controller = new AbortController();
	controller.abort(interrupted());
	const requests: SendRequest[] = [];
	const early = await run(['send', 'Family', 'x'], {session: receiving(requests), signal: controller.signal});
	assert.deepEqual([early.error?.message, requests], ['Interrupted. Nothing was sent.', []]);
});
