import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {messageBlocks, plainSummary} from '../../source/text/message-text.ts';
import {rowsOf} from './rows.ts';

const rows = (content: JsonObject, type = 'm.room.message') => rowsOf(messageBlocks(content, type), 60);
const summary = (content: JsonObject, type = 'm.room.message') => plainSummary(content, type);
const html = (formatted: string, body = 'plain'): JsonObject => ({
	msgtype: 'm.text',
	body,
	format: 'org.matrix.custom.html',
	formatted_body: formatted,
});

suite('text messages', () => {
	test('the body is shown, line by line', () => {
		assert.deepEqual(rows({msgtype: 'm.text', body: 'a\n\n  b\n'}), ['a', '', '  b']);
		assert.deepEqual(rows({msgtype: 'm.notice', body: 'a'}), ['a']);
		assert.deepEqual(rows({msgtype: 'm.emote', body: 'waves'}), ['waves']);
	});

	test('HTML is shown only in the format of the specification', () => {
		assert.deepEqual(rows(html('<b>rich</b>')), ['rich']);
		assert.deepEqual(rows({...html('<b>rich</b>'), format: 'text/html'}), ['plain']);
		assert.deepEqual(rows({msgtype: 'm.text', body: 'plain', formatted_body: '<b>rich</b>'}), ['plain']);
	});

	test('HTML that says nothing, or is too deep, gives way to the body', () => {
		assert.deepEqual(rows(html('<mx-reply>only the quote')), ['plain']);
		assert.deepEqual(rows(html('<b>'.repeat(500) + 'x')), ['plain']);
	});

	test('the quote of a reply is stripped from the body of a reply only', () => {
		const body = '> <@a:x> first\n> second\n>\n> third\n\nanswer\n> own quote';
		const reply = {msgtype: 'm.text', body, 'm.relates_to': {'m.in_reply_to': {event_id: '$x'}}};
		assert.deepEqual(rows(reply), ['answer', '> own quote']);
		assert.equal(summary(reply), 'answer > own quote');
		assert.equal(rows({msgtype: 'm.text', body})[0], '> <@a:x> first');
		assert.deepEqual(rows({...reply, body: '> only a quote'}), ['> only a quote']);
	});

	test('an empty body is said to be empty, and one that is no text is said to be damaged', () => {
		for (const body of ['', ' \n ', undefined, 5, {}, null]) {
			const expected = typeof body === 'string' ? 'empty message' : 'damaged message';
			assert.deepEqual(rows({msgtype: 'm.text', body}), [expected]);
			assert.equal(summary({msgtype: 'm.text', body}), expected);
		}
		assert.deepEqual(rows({}), ['damaged message']);
	});

	test('an unknown message type is marked and its body shown', () => {
		assert.deepEqual(rows({msgtype: 'org.x\u001B', body: 'hello'}), ['unsupported message org.x␛', 'hello']);
		assert.deepEqual(rows({body: 'hello'}), ['unsupported message without type', 'hello']);
	});

	test('an unknown event type is one quiet line', () => {
		assert.deepEqual(rows({body: 'x'}, 'org.x.\u202Epoll'), ['unsupported event org.x.poll: x']);
		assert.equal(summary({}, 'm.call.invite'), 'unsupported event m.call.invite');
	});
});

suite('files', () => {
	test('one line has kind, name, size and dimensions', () => {
		const photo = {msgtype: 'm.image', body: 'salad.jpg', info: {size: 1_234_567, w: 1280, h: 960}};
		assert.deepEqual(rows(photo), ['photo  salad.jpg 1.2 MB 1280×960']);
		assert.equal(summary(photo), 'photo salad.jpg');
		assert.deepEqual(rows({msgtype: 'm.video', body: 'v.mp4', info: {duration: 65_400, size: 950}}), [
			'video  v.mp4 950 B 1:05',
		]);
		assert.deepEqual(rows({body: 'cat', info: {w: 64, h: 64}}, 'm.sticker'), ['sticker  cat 64×64']);
	});

	test('a voice message is called so', () => {
		const voice = {msgtype: 'm.audio', body: 'v.ogg', info: {duration: 9000}, 'org.matrix.msc3245.voice': {}};
		assert.deepEqual(rows(voice), ['voice  v.ogg 0:09']);
	});

	test('with a file name the body is a caption', () => {
		const content = {...html('<b>my</b> dog', 'my dog'), msgtype: 'm.image', filename: 'dog.png'};
		assert.deepEqual(rows(content), ['photo  dog.png', 'my dog']);
		assert.deepEqual(rows({msgtype: 'm.file', body: 'a.txt', filename: 'a.txt'}), ['file  a.txt']);
	});

	test('sizes round to what a person reads', () => {
		const size = (bytes: number) =>
			rows({msgtype: 'm.file', body: 'f', info: {size: bytes}})[0]?.slice('file  f '.length);
		assert.deepEqual([999, 1000, 9949, 9950, 999_499, 999_500, 5e15].map(size), [
			'999 B',
			'1 kB',
			'9.9 kB',
			'10 kB',
			'999 kB',
			'1 MB',
			'5000 TB',
		]);
	});

	test('broken details are left out, a hostile name is one line', () => {
		for (const info of [null, 5, [], {size: -1, w: 'x', h: 1.5}, {size: 1e308, w: 2}] as never[]) {
			assert.deepEqual(rows({msgtype: 'm.file', body: '../a\n\u001B[2Jb\u202Egpj.exe', info}), [
				'file  ../a ␛[2Jbgpj.exe',
			]);
		}

		assert.deepEqual(rows({msgtype: 'm.file', body: {}}), ['file']);
	});
});

suite('summaries', () => {
	test('they are one line of the body', () => {
		assert.equal(summary({msgtype: 'm.text', body: 'a\nb\tc \u001B[m'}), 'a b c ␛[m');
		assert.equal(summary(html('<b>rich</b>', 'body')), 'body');
		assert.ok(summary({msgtype: 'm.text', body: 'x'.repeat(70_000)}).length <= 512);
	});

	test('spoilers stay hidden, however the attribute is written', () => {
		assert.equal(summary(html('so <span data-mx-spoiler>he dies</span>', 'so he dies')), 'so ▒▒▒');
		assert.equal(summary(html('<SPAN DATA-MX-SPOILER="">he dies</SPAN>', 'he dies')), '▒▒▒');
		assert.equal(summary(html('<b>'.repeat(200) + '<span data-mx-spoiler>he dies', 'he dies')), 'empty message');
	});
});
