/** The account record on disk: what is written is read back, what is broken is kept aside. */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	existsSync,
	lstatSync,
	readFileSync,
	readdirSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import test from 'node:test';
import type {TestContext} from 'node:test';
import * as fc from 'fast-check';
import {ExpectedError} from '../../source/domain/errors.ts';
import {readAccountRecord, writeAccountRecord} from '../../source/store/account-record.ts';
import type {AccountRecord, SecretsRecord} from '../../source/store/account-record.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const check = '0123456789abcdef';
const now = Date.UTC(2026, 10, 25, 12, 0, 0, 7);

const record = (secrets: SecretsRecord = {backend: 'file', check}): AccountRecord => ({
	version: 1,
	userId: '@ada:example.org',
	deviceId: 'ABCDEFGH',
	homeserver: 'https://matrix.example.org',
	cipher: 'aegis',
	secrets,
});

const freshPath = (context: TestContext): string => {
	const root = temporaryDirectory(context);
	return join(root, 'account.json');
};

const saying = (pattern: RegExp) => (error: unknown) => error instanceof ExpectedError && pattern.test(error.message);

test('a record of every backend is read back as it was written', context => {
	const path = freshPath(context);
	const all: readonly SecretsRecord[] = [
		{backend: 'keyring', entry: '@ada:example.org 1a2b3c4d', check},
		{backend: 'passphrase', check},
		{backend: 'file', check},
		{backend: 'command', command: ['pass', 'show', 'mx key', ''], check},
		{backend: 'external', check},
	];
	for (const secrets of all) {
		writeAccountRecord(path, record(secrets));
		assert.deepEqual(readAccountRecord(path, now), record(secrets));
	}
});

test('nobody is signed in where there is no file or no directory', context => {
	const path = freshPath(context);
	assert.equal(readAccountRecord(path, now), undefined);
	assert.equal(readAccountRecord(join(path, '..', 'missing', 'account.json'), now), undefined);
});

test('the file is 0600 whatever the umask, and nothing else is left', context => {
	const path = freshPath(context);
	const umask = process.umask(0);
	context.after(() => process.umask(umask));
	writeAccountRecord(path, record());
	process.umask(0o777);
	writeAccountRecord(path, record());
	assert.equal(statSync(path).mode & 0o7777, 0o600);
	assert.deepEqual(readdirSync(join(path, '..')), ['account.json']);
});

const broken: readonly (readonly [why: string, text: string])[] = [
	['empty', ''],
	['cut', JSON.stringify(record()).slice(0, -20)],
	['not an object', '[]'],
	['without a version', JSON.stringify({...record(), version: undefined})],
	['a user id that is none', JSON.stringify({...record(), userId: 'ada'})],
	['a device id with a line break', JSON.stringify({...record(), deviceId: 'A\nB'})],
	['a homeserver that is no URL', JSON.stringify({...record(), homeserver: 'example.org'})],
	['a homeserver of another scheme', JSON.stringify({...record(), homeserver: 'file:///etc/passwd'})],
	['an unknown cipher', JSON.stringify({...record(), cipher: 'rot13'})],
	['an unknown backend', JSON.stringify({...record(), secrets: {backend: 'cloud', check}})],
	['no check', JSON.stringify({...record(), secrets: {backend: 'file'}})],
	['a command that is a string', JSON.stringify({...record(), secrets: {backend: 'command', command: 'pass', check}})],
	['an empty command', JSON.stringify({...record(), secrets: {backend: 'command', command: [], check}})],
];

for (const [why, text] of broken) {
	test(`a record that is ${why} is renamed, not discarded, and the error says where it is`, context => {
		const path = freshPath(context);
		writeFileSync(path, text);
		const aside = `${path}.bad-2026-11-25T12-00-00-007Z`;
		assert.throws(() => readAccountRecord(path, now), saying(new RegExp(`damaged.*${aside.replaceAll('.', '\\.')}`)));
		assert.equal(existsSync(path), false);
		assert.equal(readFileSync(aside, 'utf8'), text);
	});
}

test('two broken records of the same moment are both kept', context => {
	const path = freshPath(context);
	for (const text of ['first', 'second']) {
		writeFileSync(path, text);
		assert.throws(() => readAccountRecord(path, now), saying(/damaged/));
	}
	const names = readdirSync(join(path, '..'));
	const texts = names.map(name => readFileSync(join(path, '..', name), 'utf8'));
	assert.deepEqual(texts.sort(), ['first', 'second']);
});

test('the record of a newer mx is left alone', context => {
	const path = freshPath(context);
	const text = JSON.stringify({version: 2, somethingNew: true});
	writeFileSync(path, text);
	assert.throws(() => readAccountRecord(path, now), saying(/newer mx/));
	assert.equal(readFileSync(path, 'utf8'), text);
});

test('a planted link is not read, and writing replaces it without touching its target', context => {
	const path = freshPath(context);
	const target = join(path, '..', 'target');
	writeFileSync(target, JSON.stringify(record()));
	symlinkSync(target, path);
	assert.throws(() => readAccountRecord(path, now), saying(/symbolic link/));
	writeAccountRecord(path, {...record(), deviceId: 'NEW'});
	assert.equal(lstatSync(path).isFile(), true);
	assert.equal(readFileSync(target, 'utf8'), JSON.stringify(record()));
});

test('a named pipe in its place does not block', {skip: process.platform === 'win32'}, context => {
	const path = freshPath(context);
	execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
	assert.throws(() => readAccountRecord(path, now), saying(/not a regular file/));
});

test('a directory that cannot be written to gives a sentence, and the old record stays', context => {
	const path = freshPath(context);
	writeAccountRecord(path, record());
	const gone = join(path, '..', 'gone', 'account.json');
	assert.throws(() => writeAccountRecord(gone, record()), ExpectedError);
	if (process.geteuid?.() === 0) return;
	chmodSync(join(path, '..'), 0o500);
	assert.throws(() => writeAccountRecord(path, {...record(), deviceId: 'NEW'}), saying(/permission denied/));
	chmodSync(join(path, '..'), 0o700);
	assert.deepEqual(readAccountRecord(path, now), record());
});

test('any JSON in the file is either a record or a sentence', context => {
	const path = freshPath(context);
	const members = fc.record(
		{
			version: fc.oneof(fc.constant(1), fc.jsonValue()),
			userId: fc.oneof(fc.constant('@a:b'), fc.jsonValue()),
			deviceId: fc.oneof(fc.constant('D'), fc.jsonValue()),
			homeserver: fc.oneof(fc.constant('http://h'), fc.jsonValue()),
			cipher: fc.oneof(fc.constant('aegis'), fc.jsonValue()),
			secrets: fc.oneof(fc.constant({backend: 'file', check}), fc.jsonValue()),
		},
		{requiredKeys: []},
	);
	let readCount = 0;
	fc.assert(
		fc.property(members, (value: unknown) => {
			writeFileSync(path, JSON.stringify(value));
			try {
				readCount += readAccountRecord(path, now)?.version ?? 0;
			} catch (error) {
				assert.ok(error instanceof ExpectedError);
			}
		}),
		{numRuns: 200, examples: [[{...record()}]]},
	);
	assert.ok(readCount > 0);
});
