import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import fc from 'fast-check';
import {divideFrame} from '../../source/view-models/frame.ts';

suite('frame', () => {
	test('80 columns give the inbox 26 and 120 columns 36', () => {
		const frame = (columns: number) => divideFrame({columns, rows: 24, isInboxShown: true, composerRows: 1});
		assert.equal(frame(80).inboxWidth, 26);
		assert.equal(frame(80).conversationWidth, 52);
		assert.equal(frame(120).inboxWidth, 36);
		assert.equal(frame(240).inboxWidth, 40);
	});

	test('below 60 columns the inbox covers the conversation, or is gone', () => {
		const frame = (isInboxShown: boolean) => divideFrame({columns: 40, rows: 12, isInboxShown, composerRows: 1});
		assert.deepEqual([frame(true).inboxWidth, frame(true).conversationWidth], [40, 0]);
		assert.deepEqual([frame(false).inboxWidth, frame(false).conversationWidth], [0, 40]);
	});

	test('the composer grows to eight rows, in a low terminal to fewer', () => {
		assert.equal(divideFrame({columns: 80, rows: 40, isInboxShown: true, composerRows: 20}).composerRows, 8);
		assert.equal(divideFrame({columns: 80, rows: 12, isInboxShown: true, composerRows: 20}).composerRows, 2);
	});

	test('no terminal is too small, and the parts always add up to it', () => {
		const size = fc.record({
			columns: fc.integer({min: 1, max: 300}),
			rows: fc.integer({min: 1, max: 100}),
			isInboxShown: fc.boolean(),
			composerRows: fc.integer({min: 1, max: 30}),
			statusRows: fc.integer({min: 1, max: 5}),
		});
		fc.assert(
			fc.property(size, request => {
				const frame = divideFrame(request);
				const {hasTitle, statusRows, hasHeader, hasSeparator, hasHint, timelineRows, composerRows, paneRows} = frame;
				assert.equal(Number(hasTitle) + paneRows + statusRows, request.rows);
				const parts = Number(hasHeader) + timelineRows + Number(hasSeparator) + composerRows + Number(hasHint);
				assert.equal(parts, paneRows);
				const widths = frame.inboxWidth + (frame.hasDivider ? 2 : 0) + frame.conversationWidth;
				assert.equal(widths, request.columns);
				assert.ok(composerRows >= 1);
			}),
		);
	});
});
