/** What must never reach the log, and what must survive. */
import assert from 'node:assert/strict';
import {inspect} from 'node:util';
import test from 'node:test';
import * as fc from 'fast-check';
import {escapedJson, redact, redactValue} from '../../source/domain/redaction.ts';

const recoveryKey = 'EsTj 3yST y93F SLpB jJsz eAXc 2XzA ygD3 w69H fGaN TKBj jXEd';

const canaries: readonly (readonly [text: string, secret: string])[] = [
	['token syt_YWRh_canarycanarycanary_1a2B3c here', 'canary'],
	['refresh syr_canarycanary', 'canary'],
	['login syl_canarycanary', 'canary'],
	['"mat_canaryCANARYcanary_9zZ"', 'canary'],
	['mct_canary-canary.canary', 'canary'],
	[`your key: ${recoveryKey}.`, 'jXEd'],
	[recoveryKey.replaceAll(' ', ''), 'jXEd'],
	[recoveryKey.replaceAll(' ', '\n'), 'fGaN'],
	['GET /_matrix/client/v3/sync?access_token=canary&since=s1', 'canary'],
	['GET /x?access_token%3Dcanary', 'canary'],
	['{"access_token":"canary","x":1}', 'canary'],
	['"{\\"refresh_token\\":\\"canary\\"}"', 'canary'],
	['Authorization: Bearer canary', 'canary'],
	["{authorization: 'Bearer canary'}", 'canary'],
	['["Authorization","Basic canary"]', 'canary'],
	['sent with bearer canarycanary', 'canary'],
	['password: canary', 'canary'],
	['{"password": "canary with spaces \\" and quotes"}', 'canary'],
	['{"password": "x with canary"}', 'canary'],
	['passphrase=canary', 'canary'],
	['client_secret=canary&grant_type=x', 'canary'],
	['shared_secret: canary', 'canary'],
	['https://ada:canary@matrix.example.org/x', 'canary'],
	['loginToken=canary', 'canary'],
];

for (const [text, secret] of canaries) {
	test(`is redacted: ${JSON.stringify(text).slice(0, 60)}`, () => {
		assert.ok(!redact(text).includes(secret), redact(text));
		assert.ok(redact(text).includes('[removed]'));
	});
}

test('what is around a secret, and what is none, stays', () => {
	assert.equal(redact('GET /sync?access_token=abc&since=s1 200'), 'GET /sync?access_token=[removed]&since=s1 200');
	const plain = [
		'$NYvGfHPrk5q0b8X-u3mZ1cM4pQ0vYxk7Tg2JdqLQyPc in !abc:example.org by @ada:example.org',
		'm.room.message 12 events in 34 ms, M_LIMIT_EXCEEDED, retry_after_ms 2000',
		'https://matrix.example.org/_matrix/client/versions',
		'the format of the token is unknown',
		'ed25519:ABCDEFGHIJ vfZQ3Xv8sK2n1mO7p6q5r4s3t2u1v0w9x8y7z6A5B4C',
	];
	for (const text of plain) assert.equal(redact(text), text);
});

test('a long text is cut, and a secret behind the limit does not come through', () => {
	const text = `${'x'.repeat(70_000)} syt_canarycanary`;
	assert.ok(redact(text).length <= 8193);
	assert.ok(!redact(text).includes('canary'));
});

test('redaction of hostile text takes time in proportion to its length', () => {
	const hostile = ['Es', 'EsTj ', 'access_token', 'authorization:   ', 'bearer ', 'a://', 'syt_', '"password":"\\'];
	for (const piece of hostile) {
		const started = performance.now();
		redact(piece.repeat(65_536 / piece.length));
		assert.ok(performance.now() - started < 2000, piece);
	}
});

test('fields with private names are removed whatever their value', () => {
	const value = redactValue({
		accessToken: 'canary',
		nested: {password: {deep: 'canary'}, content: {body: 'canary'}, list: [{body: 'canary', eventId: '$1'}]},
		headers: {Authorization: 'canary', Cookie: 'canary'},
		masterKey: new Uint8Array([1, 2, 3]),
		displayname: 'canary',
	});
	assert.ok(!JSON.stringify(value).includes('canary'));
	assert.ok(JSON.stringify(value).includes('$1'));
});

test('every kind of value becomes JSON', () => {
	const circular: Record<string, unknown> = {};
	circular['self'] = circular;
	const hostile = {
		get trap(): never {
			throw new Error('no');
		},
	};
	const error = new Error('failed with access_token=canary', {cause: new TypeError('cause')});
	const value = redactValue({
		error,
		circular,
		hostile,
		bytes: new Uint8Array(4),
		map: new Map([[1, 2]]),
		date: new Date(0),
		bad: new Date(NaN),
		big: 12n,
		nan: NaN,
		f: () => 1,
		url: new URL('https://x.org/?access_token=canary'),
		many: Array.from({length: 60}, (_, index) => index),
		['__proto__']: 1,
	});
	const text = JSON.stringify(value);
	assert.ok(!text.includes('canary'));
	assert.match(text, /"bytes":"\[4 bytes\]"/);
	assert.match(text, /"date":"1970-01-01T00:00:00.000Z"/);
	assert.match(text, /"hostile":"\[unreadable\]"/);
	assert.match(text, /"message":"cause"/);
	assert.match(text, /10 more/);
	assert.match(text, /"__proto__":1/);
});

test('redactValue never throws', () => {
	fc.assert(
		fc.property(fc.anything({withBigInt: true, withDate: true, withMap: true, withTypedArray: true}), value => {
			assert.equal(typeof escapedJson(redactValue(value)), 'string', inspect(value));
		}),
		{numRuns: 300},
	);
});

test('escaped JSON is printable text that parses back to the same', () => {
	fc.assert(
		fc.property(fc.string({unit: 'binary', maxLength: 40}), text => {
			const line = escapedJson({text});
			assert.doesNotMatch(line, /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069\u200B-\u200F\uFEFF]/u);
			assert.deepEqual(JSON.parse(line), {text});
		}),
	);
	assert.equal(escapedJson('\u001B[2J\u009B\u2028\u202E'), '"\\u001b[2J\\u009b\\u2028\\u202e"');
});
