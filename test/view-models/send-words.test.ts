/** What stands below a message that did not get to the network of a bridge. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {SendStatus} from '../../source/domain/send-status.ts';
import {lineWidth} from '../../source/view-models/screen-line.ts';
import {sendNotes} from '../../source/view-models/send-words.ts';

const failed = (isCertain: boolean): SendStatus => ({
	stage: 'failed',
	isCertain,
	isRetriable: false,
	reason: undefined,
	text: 'phone is not responding',
	deliveredTo: undefined,
	isAwaited: false,
	steps: [],
});

const show = (isCertain: boolean, width: number): string =>
	sendNotes({status: failed(isCertain), changes: []}, 'SMS', width)
		.map(line =>
			line
				.map(({text}) => text)
				.join('')
				.trim(),
		)
		.join(' ');

suite('what did not reach its network', () => {
	test('says on every screen that it may arrive twice when it is sent again', () => {
		for (const width of [24, 30, 40, 48, 80])
			assert.match(show(false, width), /\/retry sends it again, perhaps a second time$/);
		for (const line of sendNotes({status: failed(false), changes: []}, 'SMS', 24)) assert.ok(lineWidth(line) <= 24);
	});

	test('and says no such thing of what certainly did not arrive', () => {
		assert.match(show(true, 80), /\/retry sends it again$/);
		assert.match(show(true, 40), /\/retry$/);
	});
});
