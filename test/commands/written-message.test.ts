/** What a text in the composer becomes as a message, and its way back. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {messageContent, TooLongError} from '../../source/commands/shell/message-content.ts';
import {writtenMessage} from '../../source/commands/written-message.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import {writtenText} from '../../source/view-models/written-words.ts';

const now = new Date(2026, 10, 26, 12, 0).getTime();

const contentOf = async (text: string): Promise<JsonObject> => {
	const message = writtenMessage(text, now);
	assert.ok(typeof message === 'object');
	const {written} = message;
	return written.kind === 'event' ? written.content : messageContent(written.text, written.style, written.style.kind);
};

const sentenceOf = (text: string): string => {
	const message = writtenMessage(text, now);
	assert.ok(typeof message === 'string');
	return message;
};

const html = 'org.matrix.custom.html';

suite('words that say how a text is meant', () => {
	for (const [text, expected] of [
		['hi **there**', {msgtype: 'm.text', body: 'hi **there**', formatted_body: '<p>hi <strong>there</strong></p>'}],
		['//etc/x', {msgtype: 'm.text', body: '/etc/x'}],
		['/me waves', {msgtype: 'm.emote', body: 'waves'}],
		['/notice done', {msgtype: 'm.notice', body: 'done'}],
		['/plain 2 * 3 * 4', {msgtype: 'm.text', body: '2 * 3 * 4'}],
		['/plain **not bold**', {msgtype: 'm.text', body: '**not bold**'}],
		['/md *x*', {msgtype: 'm.text', body: '*x*', formatted_body: '<p><em>x</em></p>'}],
		['/html <b>x</b> y', {msgtype: 'm.text', body: 'x y', formatted_body: '<b>x</b> y'}],
		[
			'/spoiler *it* ends',
			{msgtype: 'm.text', body: '[spoiler]', formatted_body: '<span data-mx-spoiler><em>it</em> ends</span>'},
		],
		['/code  a * b', {msgtype: 'm.text', body: '```\na * b\n```', formatted_body: '<pre><code>a * b\n</code></pre>'}],
		[
			'/code ts\n  if (x)\n',
			{
				msgtype: 'm.text',
				body: '```ts\n  if (x)\n```',
				formatted_body: '<pre><code class="language-ts">  if (x)\n</code></pre>',
			},
		],
		['/shrug', {msgtype: 'm.text', body: '¯\\_(ツ)_/¯'}],
		['/shrug who knows', {msgtype: 'm.text', body: 'who knows ¯\\_(ツ)_/¯'}],
		['/tableflip no', {msgtype: 'm.text', body: 'no (╯°□°)╯︵ ┻━┻'}],
		['/unflip', {msgtype: 'm.text', body: '┬──┬ ノ( ゜-゜ノ)'}],
		['/lenny well', {msgtype: 'm.text', body: 'well ( ͡° ͜ʖ ͡°)'}],
	] as const) {
		test(text.replaceAll('\n', '⏎'), async () => {
			const content = await contentOf(text);
			const {'m.mentions': mentions, format, ...rest} = content;
			assert.deepEqual(mentions, {});
			assert.equal(format, 'formatted_body' in expected ? html : undefined);
			assert.deepEqual(rest, expected);
		});
	}

	test('a rainbow has a colour for each character, and none for blanks', async () => {
		const content = await contentOf('/rainbow a <b');
		assert.equal(content['body'], 'a <b');
		const {formatted_body: formatted} = content;
		assert.ok(typeof formatted === 'string');
		const colours = formatted.match(/data-mx-color="#[0-9a-f]{6}"/g) ?? [];
		assert.equal(new Set(colours).size, 3);
		assert.match(formatted, /<\/span> <span data-mx-color="#[0-9a-f]{6}">&lt;<\/span>/);
	});

	test('what names nobody and what is empty', async () => {
		await assert.rejects(async () => contentOf('/me'), /There is no text/);
		assert.equal(writtenMessage('/quit', now), undefined);
		assert.equal(
			writtenMessage('/later', now),
			'Write when: 10m, 18:30, tomorrow, monday 9:00 or 2026-12-24 18:00; then the text.',
		);
		assert.equal(writtenMessage('/later 10m', now), 'Write the text behind the time.');
		assert.equal(writtenMessage('/later 10m /quit', now), 'Only a message can be sent later.');
		assert.equal(writtenMessage('/split /location 1,2', now), 'Only a text can be split.');
	});

	test('later takes the other words', async () => {
		const message = writtenMessage('/later 10m /me leaves', now);
		assert.ok(typeof message === 'object');
		assert.equal(message.sendAt, now + 600_000);
		assert.ok(message.written.kind === 'text' && message.written.style.kind === 'm.emote');
	});

	test('too much is refused before it is looked at, and by what it makes', async () => {
		await assert.rejects(async () => contentOf('x'.repeat(1_000_000)), TooLongError);
		await assert.rejects(async () => contentOf('*x* '.repeat(6000)), TooLongError);
		await assert.rejects(async () => contentOf(`/rainbow ${'x'.repeat(2000)}`), TooLongError);
	});
});

suite('a place', () => {
	test('has the keys that other clients read', async () => {
		assert.deepEqual(await contentOf('/location geo:52.52,13.405;u=10 Berlin, Mitte'), {
			msgtype: 'm.location',
			body: 'Berlin, Mitte (geo:52.52,13.405;u=10)',
			geo_uri: 'geo:52.52,13.405;u=10',
			'm.mentions': {},
			'org.matrix.msc3488.location': {uri: 'geo:52.52,13.405;u=10', description: 'Berlin, Mitte'},
			'org.matrix.msc3488.asset': {type: 'm.pin'},
			'org.matrix.msc1767.text': 'Berlin, Mitte (geo:52.52,13.405;u=10)',
		});
		assert.equal((await contentOf('/location 52.52, 13.405'))['geo_uri'], 'geo:52.52,13.405');
	});

	test('that is none says so', () => {
		assert.match(sentenceOf('/location Berlin'), /^Write \/location geo:/);
		assert.match(sentenceOf('/location 91,13'), /^The latitude goes/);
	});
});

suite('what was sent is written again as it was', () => {
	for (const text of [
		'hi **there**',
		'//etc/x',
		'/me waves',
		'/notice done',
		'/spoiler it ends',
		'/rainbow all of it',
		'/location geo:1,2 there',
		'/location geo:1,2',
	]) {
		test(text, async () => assert.equal(writtenText(await contentOf(text)), text));
	}
});
