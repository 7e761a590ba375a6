/** Requests, answers and notices over a real socket. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {connect, connectRaw, echo, freshFiles, saying, serve, until} from './socket-peers.ts';

test('a request goes through and its answer comes back', async context => {
	const files = freshFiles(context);
	await serve(context, files);
	const connection = await connect(context, files);
	assert.deepEqual([connection.version, connection.userId], ['1.2.3', '@ada:example.org']);
	assert.deepEqual(await connection.session.join({room: '#zoë\n:example.org'}), {
		method: 'join',
		params: {room: '#zoë\n:example.org'},
	});
});

test('answers find their questions in any order, for two clients at once', async context => {
	const files = freshFiles(context);
	const waiting: (() => void)[] = [];
	await serve(context, files, {
		handle: async request => {
			await new Promise<void>(resolve => waiting.push(resolve));
			return echo(request);
		},
	});
	const [one, two] = [await connect(context, files), await connect(context, files)];
	const answers = [one, two, one, two].map(async ({session}, index) => session.leave({roomId: `!${index}`}));
	await until(() => waiting.length === 4);
	for (const resolve of waiting.toReversed()) resolve();
	assert.deepEqual(
		await Promise.all(answers),
		[0, 1, 2, 3].map(index => ({method: 'leave', params: {roomId: `!${index}`}})),
	);
});

test('a failure of the session arrives with sentence, next step, reason and candidates', async context => {
	const files = freshFiles(context);
	const error = {message: 'Which?', next: '--pick N', reason: 'ambiguous' as const, candidates: ['a', 'b']};
	await serve(context, files, {handle: async ({id}) => ({id, ok: false, error})});
	const {session} = await connect(context, files);
	await assert.rejects(session.status({}), (thrown: unknown) => {
		assert.ok(thrown instanceof ExpectedError);
		assert.deepEqual(thrown.report, error);
		return true;
	});
});

test('a handler that rejects, or answers what JSON cannot hold, is an answer too', async context => {
	const files = freshFiles(context);
	let callCount = 0;
	await serve(context, files, {
		handle: async ({id}) => {
			callCount += 1;
			if (callCount === 1) throw new TypeError('a bug');
			return {id, ok: true, result: callCount === 2 ? 12n : 'fine'};
		},
	});
	const {session} = await connect(context, files);
	await assert.rejects(session.status({}), saying(/a bug/));
	await assert.rejects(session.status({}), saying(/BigInt/));
	assert.equal(await session.status({}), 'fine');
});

test('notices reach those who subscribed, until they leave', async context => {
	const files = freshFiles(context);
	const server = await serve(context, files);
	const [one, two, deaf] = [
		await connect(context, files),
		await connect(context, files),
		await connect(context, files),
	];
	const heard: string[] = [];
	const stop = one.subscribe(notice => heard.push(`one ${notice.kind}`));
	one.subscribe(notice => heard.push(`one again ${notice.kind}`));
	two.subscribe(notice => heard.push(`two ${notice.kind}`));
	await until(() => server.listenerCount() === 2);
	server.notify({kind: 'alert', message: 'x'});
	await until(() => heard.length === 3);
	assert.deepEqual(heard.sort(), ['one again alert', 'one alert', 'two alert']);
	stop();
	two.close();
	await until(() => server.listenerCount() === 1);
	server.notify({kind: 'net', net: {state: 'online'}});
	await until(() => heard.length === 4);
	assert.equal(heard[3], 'one again net');
	assert.ok(await deaf.session.status({}));
});

test('a request just below the limit goes through, one above is refused before it is sent', async context => {
	const files = freshFiles(context);
	await serve(context, files, {
		handle: async ({id, params}) => ({id, ok: true, result: JSON.stringify(params).length}),
	});
	const {session} = await connect(context, files);
	assert.ok(Number(await session.join({room: 'x'.repeat(1_048_000)})) > 1_048_000);
	await assert.rejects(session.join({room: 'x'.repeat(1_049_000)}), saying(/too large/));
	assert.ok(await session.status({}));
});

test('an answer that is too large becomes a sentence', async context => {
	const files = freshFiles(context);
	await serve(context, files, {handle: async ({id}) => ({id, ok: true, result: 'x'.repeat(34_000_000)})});
	const {session} = await connect(context, files);
	await assert.rejects(session.rooms({limit: 1}), saying(/too large/));
});

test('lines that come in pieces, or many at once, are put together', async context => {
	const files = freshFiles(context);
	await serve(context, files);
	const raw = await connectRaw(context, files);
	const token = `${JSON.stringify({token: readFileSync(files.socketToken, 'utf8')})}\n`;
	const request = (id: number): string => `${JSON.stringify({id, method: 'join', params: {room: 'zoë'}})}\n`;
	const bytes = Buffer.from(`${token}${request(1)}${request(2)}`);
	for (const byte of bytes.subarray(0, -30)) {
		raw.socket.write(Buffer.of(byte));
		await new Promise(resolve => setImmediate(resolve));
	}
	raw.socket.write(bytes.subarray(-30));
	await until(() => raw.received().split('\n').length === 5);
	assert.match(raw.received(), /"id":1.*zoë.*\n.*"id":2.*zoë.*\n$/);
});
