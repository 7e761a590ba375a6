/** The passphrase-wrapped key file: opens with its passphrase only, and cannot be tampered with. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import test from 'node:test';
import {ExpectedError} from '../../../source/domain/errors.ts';
import {createKey} from '../../../source/store/secrets/derived-keys.ts';
import {unwrapKey, wrapKey} from '../../../source/store/secrets/wrapped-key.ts';

type File = {v: number; kdf: string; salt: string; params: Record<string, number>; nonce: string; wrapped: string};

const changed = (text: string, change: (file: File) => void): string => {
	const file = JSON.parse(text) as File;
	change(file);
	return JSON.stringify(file);
};

test('the passphrase opens the key, however its letters are composed; another one does not', async () => {
	const key = createKey();
	const text = await wrapKey(key, 'pässwörd 🔑');
	assert.deepEqual(await unwrapKey(text, 'pässwörd 🔑'.normalize('NFD')), key);
	assert.equal(await unwrapKey(text, 'pässwörd'), undefined);
	assert.equal(await unwrapKey(text, ''), undefined);
});

test('the file holds the strongest derivation this Node has, and neither key nor passphrase', async () => {
	const key = createKey();
	const text = await wrapKey(key, 'correct horse');
	const {kdf, params} = JSON.parse(text) as File;
	const hasArgon2 = typeof (crypto as {argon2?: unknown}).argon2 === 'function';
	assert.deepEqual(
		{kdf, params},
		hasArgon2
			? {kdf: 'argon2id', params: {memory: 65_536, passes: 3, parallelism: 1}}
			: {kdf: 'scrypt', params: {N: 131_072, r: 8, p: 1}},
	);
	assert.ok(!text.includes(Buffer.from(key).toString('base64')) && !text.includes('correct'));
	assert.notEqual(await wrapKey(key, 'correct horse'), text);
});

test('a file of a Node without argon2 opens too', async context => {
	const argon2 = Object.getOwnPropertyDescriptor(crypto, 'argon2');
	if (argon2 === undefined) return;
	Object.defineProperty(crypto, 'argon2', {...argon2, value: undefined});
	context.after(() => Object.defineProperty(crypto, 'argon2', argon2));
	const key = createKey();
	const text = await wrapKey(key, 'correct horse');
	assert.equal((JSON.parse(text) as File).kdf, 'scrypt');
	assert.deepEqual(await unwrapKey(text, 'correct horse'), key);
	assert.equal(await unwrapKey(text, 'wrong'), undefined);
});

test('any change to the file is noticed', async () => {
	const text = await wrapKey(createKey(), 'correct horse');
	const flip = (field: 'salt' | 'nonce' | 'wrapped') => (file: File) => {
		const bytes = Buffer.from(file[field], 'base64');
		bytes[0] = (bytes[0] ?? 0) ^ 1;
		file[field] = bytes.toString('base64');
	};
	for (const field of ['salt', 'nonce', 'wrapped'] as const) {
		assert.equal(await unwrapKey(changed(text, flip(field)), 'correct horse'), undefined, field);
	}
	const weaker = changed(text, file => {
		file.params = file.kdf === 'argon2id' ? {memory: 8192, passes: 1, parallelism: 1} : {N: 16_384, r: 8, p: 1};
	});
	assert.equal(await unwrapKey(weaker, 'correct horse'), undefined);
});

test('what is not a key file, or asks for absurd work, is a sentence and no work', async () => {
	const text = await wrapKey(createKey(), 'x');
	const broken = [
		'',
		'{}',
		'null',
		text.slice(0, -30),
		changed(text, file => (file.v = 2)),
		changed(text, file => (file.kdf = 'md5')),
		changed(text, file => (file.wrapped = 'AAAA')),
		changed(text, file => (file.params = {memory: 2 ** 31, passes: 3, parallelism: 1})),
		changed(text, file => Object.assign(file, {kdf: 'scrypt', params: {N: 2 ** 30, r: 8, p: 1}})),
		changed(text, file => Object.assign(file, {kdf: 'scrypt', params: {N: 16_385, r: 8, p: 1}})),
	];
	for (const file of broken) await assert.rejects(unwrapKey(file, 'x'), ExpectedError, file);
});
