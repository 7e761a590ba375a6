/** `mx send`: what is sent, what is printed, and which exit code follows. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import {asString} from '../../source/domain/json.ts';
import type {SendFileRequest} from '../../source/domain/media-requests.ts';
import type {SendReceipt, SendRequest} from '../../source/domain/session.ts';
import {receiving, run} from './shell-context.ts';

const sendWith = async (words: readonly string[], stdin?: string) => {
	const requests: SendRequest[] = [];
	const ran = await run(['send', ...words], {session: receiving(requests), ...(stdin === undefined ? {} : {stdin})});
	return {...ran, requests, content: requests[0]?.content};
};

test('words are sent as Markdown, and the event id is printed', async () => {
	const {content, lines, document, requests, error} = await sendWith(['@anna:one.test', 'are', 'you', '**there**?']);
	assert.deepEqual(content, {
		msgtype: 'm.text',
		body: 'are you **there**?',
		'm.mentions': {},
		format: 'org.matrix.custom.html',
		formatted_body: '<p>are you <strong>there</strong>?</p>',
	});
	assert.deepEqual(lines, ['$sent']);
	assert.deepEqual(document, {
		room_id: '!family:one.test',
		event_id: '$sent',
		transaction_id: 'mx-1',
		state: 'sent',
		error: null,
		warning: null,
		delivery: null,
		delivery_certain: null,
		delivery_error: null,
	});
	assert.equal(error, undefined);
	const {to, isWaiting, timeout, transactionKey} = requests[0] ?? ({} as SendRequest);
	assert.deepEqual([to, isWaiting, timeout], ['@anna:one.test', true, 30_000]);
	assert.ok((transactionKey?.length ?? 0) > 20);
});

test('without words, or with -, stdin is the message; its last line break is not part of it', async () => {
	for (const words of [['Family'], ['Family', '-']]) {
		assert.equal((await sendWith(words, 'one\ntwo\n\n')).content?.['body'], 'one\ntwo\n');
	}
	assert.equal((await sendWith(['Family'], 'last\r\n')).content?.['body'], 'last');
});

test('--text leaves Markdown alone, --html makes the plain body from the HTML', async () => {
	assert.deepEqual((await sendWith(['--text', 'Family', '**x**'])).content, {
		msgtype: 'm.text',
		body: '**x**',
		'm.mentions': {},
	});
	const {content} = await sendWith([
		'--html',
		'Family',
		'<p>one<br>two</p><blockquote>three</blockquote><hr><ul><li>four</li></ul>',
	]);
	assert.equal(
		content?.['formatted_body'],
		'<p>one<br>two</p><blockquote>three</blockquote><hr><ul><li>four</li></ul>',
	);
	assert.deepEqual(
		asString(content?.['body'])
			?.split('\n')
			.filter(line => line.trim() !== ''),
		['one', 'two', '> three', '---', '• four'],
	);
});

test('--file sends a file with the words to it, and reads no stdin', async () => {
	const requests: SendFileRequest[] = [];
	const sendFile = async (request: SendFileRequest) => {
		requests.push(request);
		return {
			roomId: '!family:one.test',
			transactionId: 'mx-1',
			state: 'sent' as const,
			eventId: '$sent',
			error: undefined,
		};
	};
	const send = async (...words: readonly string[]) => run(['send', ...words], {session: {sendFile}, stdin: 'not this'});
	assert.deepEqual((await send('--file', 'salad.jpg', 'Family', 'with', '**tomatoes**')).lines, ['$sent']);
	await send('--file', '/tmp/notes.txt', 'Family');
	await send('--file', '/tmp/notes.txt', '--timeout', '5', 'Family', '-');
	assert.deepEqual(
		requests.map(({path: file, caption, timeout}) => [file, caption?.['body'], timeout]),
		[
			[path.resolve('salad.jpg'), 'with **tomatoes**', 3_600_000],
			['/tmp/notes.txt', undefined, 3_600_000],
			['/tmp/notes.txt', 'not this', 5000],
		],
	);
	assert.equal((await send('--file', 'a', '--emote', 'Family')).error?.reason, 'usage');
	assert.ok(requests.every(({keepsMetadata}) => keepsMetadata === undefined));
});

test('--keep-metadata, or the setting of that name, sends a picture as it is', async () => {
	const requests: SendFileRequest[] = [];
	const sendFile = async (request: SendFileRequest) => {
		requests.push(request);
		const roomId = '!family:one.test';
		return {roomId, transactionId: 'mx-1', state: 'sent' as const, eventId: '$sent', error: undefined};
	};
	const session = {sendFile};
	await run(['send', '--keep-metadata', '--file', 'salad.jpg', 'Family'], {session});
	await run(['send', '--file', 'salad.jpg', 'Family'], {session, keepsMetadata: true});
	assert.deepEqual(
		requests.map(({keepsMetadata}) => keepsMetadata),
		[true, true],
	);
	assert.equal((await run(['send', '--keep-metadata', 'Family', 'hello'], {session})).error?.reason, 'usage');
});

test('controls are never sent', async () => {
	const {content} = await sendWith(['--text', 'Family', 'a\u001B[31mb\u0000\r\nc\u009B']);
	assert.equal(content?.['body'], 'a[31mb\nc');
});

test('the kind of the message, the reply and the key go with it', async () => {
	assert.equal((await sendWith(['--notice', 'Family', 'x'])).content?.['msgtype'], 'm.notice');
	assert.equal((await sendWith(['--emote', 'Family', 'waves'])).content?.['msgtype'], 'm.emote');
	const {requests} = await sendWith([
		'--reply',
		'$other',
		'--txn',
		'backup-1',
		'--timeout',
		'2.5',
		'--pick',
		'2',
		'Family',
		'x',
	]);
	const {replyTo, transactionKey, timeout, pick} = requests[0] ?? ({} as SendRequest);
	assert.deepEqual([replyTo, transactionKey, timeout, pick], ['$other', 'backup-1', 2500, 2]);
});

test('what cannot be meant is refused before anything is sent', async () => {
	const refused = [
		['--html', '--text', 'Family', 'x'],
		['--notice', '--emote', 'Family', 'x'],
		['--reply', 'other', 'Family', 'x'],
		['--txn', '', 'Family', 'x'],
		['Family', ''],
		['Family', ' '],
		['Fam\u0007ily', 'x'],
		['Family', 'x'.repeat(50_000)],
		['--html', 'Family', '<div>'.repeat(200)],
		['--html', 'Family', '<p></p>'],
	];
	for (const words of refused) {
		const {error, requests} = await sendWith(words);
		assert.equal(error?.reason, 'usage', words.join(' ').slice(0, 40));
		assert.deepEqual(requests, []);
	}
	assert.equal((await sendWith(['Family'], '\n')).error?.reason, 'usage');
});

test('a message that the server does not have in time is queued: printed as JSON, and an exit code of its own', async () => {
	const world = {session: receiving([], {state: 'queued', eventId: undefined, error: 'the server does not answer'})};
	const {error, document, lines} = await run(['send', '--txn', 'k', 'Family', 'x'], world);
	assert.equal(error?.reason, 'queued');
	assert.match(error?.message ?? '', /Queued, not delivered yet: the server does not answer/);
	assert.match(error?.next ?? '', /--txn k /);
	assert.equal(document?.['state'], 'queued');
	assert.deepEqual(lines, []);
});

test('--no-wait is done once the message is queued', async () => {
	const requests: SendRequest[] = [];
	const world = {session: receiving(requests, {state: 'queued', eventId: undefined})};
	const {error} = await run(['send', '--no-wait', 'Family', 'x'], world);
	assert.equal(error, undefined);
	assert.equal(requests[0]?.isWaiting, false);
});

test('a refused message is refused, with the words of the server', async () => {
	const world = {session: receiving([], {state: 'failed', eventId: undefined, error: 'You may not write here.'})};
	const {error} = await run(['send', '--no-wait', 'Family', 'x'], world);
	assert.deepEqual([error?.reason, error?.message], ['refused', 'You may not write here.']);
});

test('a held message says that it waits for a sign-in', async () => {
	const world = {session: receiving([], {state: 'held', eventId: undefined})};
	const {error} = await run(['send', 'Family', 'x'], world);
	assert.equal(error?.reason, 'queued');
	assert.match(error?.next ?? '', /mx login/);
});

test('a user id in Markdown or a link in HTML mentions, code and the output of a program do not', async () => {
	const mentions = async (...words: readonly string[]) => (await sendWith(words)).content?.['m.mentions'];
	const {content} = await sendWith(['Family', 'ask @bob:one.test.']);
	assert.deepEqual(content?.['m.mentions'], {user_ids: ['@bob:one.test']});
	assert.equal(
		content?.['formatted_body'],
		'<p>ask <a href="https://matrix.to/#/@bob:one.test">@bob:one.test</a>.</p>',
	);
	assert.deepEqual(await mentions('Family', '`@bob:one.test`'), {});
	assert.deepEqual(await mentions('--text', 'Family', 'ask @bob:one.test'), {});
	assert.deepEqual(await mentions('Family', '@room', 'dinner'), {});
	assert.deepEqual(
		await mentions(
			'--html',
			'Family',
			'<a href=\'https://matrix.to/#/@bob:one.test\'>Bob</a> <a href="https://x.test">x</a>',
		),
		{user_ids: ['@bob:one.test']},
	);
	assert.deepEqual(await mentions('--emote', 'Family', 'hugs @bob:one.test'), {user_ids: ['@bob:one.test']});
});

test('--until bridged is done when the bridge has passed the message on, and says what became of it otherwise', async () => {
	const words = ['send', '--until', 'bridged', 'Family', 'hello'];
	const until = async (delivery: SendReceipt['delivery']) => {
		const requests: SendRequest[] = [];
		const ran = await run(words, {session: receiving(requests, {delivery})});
		assert.equal(requests[0]?.until, 'bridged');
		return ran;
	};
	const good = await until({stage: 'delivered', isCertain: true, reason: undefined});
	assert.equal(good.error, undefined);
	assert.equal(good.document?.['delivery'], 'delivered');
	const bad = await until({stage: 'failed', isCertain: true, reason: 'no such number'});
	assert.equal(bad.error?.reason, 'bridge');
	assert.match(bad.error?.message ?? '', /did not pass it on: no such number/);
	assert.match((await until({stage: 'failed', isCertain: false, reason: 'x'})).error?.message ?? '', /may not have/);
	assert.equal((await until(undefined)).error?.reason, 'bridge');
	assert.equal(
		(await run(['send', '--until', 'noon', 'Family', 'x'], {session: receiving([])})).error?.reason,
		'usage',
	);
	const both = await run([...words, '--no-wait'], {session: receiving([])});
	assert.equal(both.error?.reason, 'usage');
});

test('what becomes of it on another network is said on stderr', async () => {
	const world = {session: receiving([], {warning: 'SMS does not show bold: it will arrive as plain text.'})};
	const {said, lines} = await run(['send', 'Family', '**hello**'], world);
	assert.deepEqual(lines, ['$sent']);
	assert.deepEqual(said, ['SMS does not show bold: it will arrive as plain text.']);
});

test('of a person on several networks it is said where the message goes; of anybody else nothing', async () => {
	const chat = (userId: string, protocol: string, roomId: string) => ({
		userId,
		chat: {rid: 1, roomId, userId, name: 'Anna', protocol, bot: undefined, person: 1, personName: 'Anna'},
	});
	const [signal, whatsapp] = [
		chat('@signal_a:x', 'signal', '!family:one.test'),
		chat('@whatsapp_1:x', 'whatsapp', '!b:x'),
	];
	const saidTo = async (to: string, users: readonly (typeof signal)[]) => {
		const persons = async () => ({persons: [{id: 'a', name: 'Anna', prefers: undefined, users}]});
		return (await run(['send', to, 'hello'], {session: {...receiving([]), persons}})).said;
	};
	assert.deepEqual(await saidTo('Anna', [signal, whatsapp]), ['To Anna on Signal.']);
	assert.deepEqual(await saidTo('Anna', [signal]), []);
	assert.deepEqual(await saidTo('Anna', [whatsapp]), []);
	assert.deepEqual(await saidTo('!family:one.test', [signal, whatsapp]), []);
	const failing = async () => Promise.reject(new Error('unknown method'));
	const {error, lines} = await run(['send', 'Anna', 'hello'], {session: {...receiving([]), persons: failing}});
	assert.deepEqual([error, lines], [undefined, ['$sent']]);
});
