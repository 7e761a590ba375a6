/** The life of a master key in each backend: made, found by the next start, refused when wrong, deleted. */
import assert from 'node:assert/strict';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import test from 'node:test';
import type {TestContext} from 'node:test';
import type {ExitReason} from '../../../source/domain/errors.ts';
import {ExpectedError} from '../../../source/domain/errors.ts';
import {deriveKeys, keyFromText, keyToText} from '../../../source/store/secrets/derived-keys.ts';
import {createMasterKey, deleteMasterKey, loadMasterKey} from '../../../source/store/secrets/master-key.ts';
import type {SecretsChoice, SecretsContext} from '../../../source/store/secrets/master-key.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

/** A keyring in a file, which `touch locked` in its folder locks as libsecret does: reads answer null. */
const fakeKeyring = `
	import fs from 'node:fs';
	const folder = process.env.FOLDER;
	const request = JSON.parse(fs.readFileSync(0, 'utf8'));
	const path = folder + '/keyring.json';
	const store = fs.existsSync(path) ? JSON.parse(fs.readFileSync(path, 'utf8')) : {};
	const isLocked = fs.existsSync(folder + '/locked');
	if (request.action === 'set') store[request.account] = request.secret;
	if (request.action === 'delete') delete store[request.account];
	fs.writeFileSync(path, JSON.stringify(store));
	const secret = request.action === 'get' && !isLocked ? store[request.account] ?? null : null;
	process.stdout.write(JSON.stringify(isLocked && request.action === 'set'
		? {ok: false, error: 'Cannot create an item in a locked collection'} : {ok: true, secret}));
`;

const freshContext = (
	context: TestContext,
	passphrase = 'correct horse',
): SecretsContext & {readonly folder: string} => {
	const folder = temporaryDirectory(context);
	const script = join(folder, 'keyring.mjs');
	writeFileSync(script, fakeKeyring);
	mkdirSync(join(folder, 'data'));
	const file = (name: string): string => join(folder, 'data', name);
	return {
		folder,
		files: {keyFile: file('account.key'), accountDatabase: file('account.db'), cryptoDatabase: file('crypto.db')},
		environment: {PATH: process.env['PATH'], FOLDER: folder},
		now: () => 0,
		askPassphrase: async () => passphrase,
		keyring: {script, timeout: 20_000},
	};
};

const failing = (reason: ExitReason, pattern: RegExp) => (error: unknown) =>
	error instanceof ExpectedError && error.report.reason === reason && pattern.test(error.message);

const printing = (text: string): readonly string[] => [process.execPath, '-e', `console.log(${JSON.stringify(text)})`];

const choices: readonly SecretsChoice[] = [
	{backend: 'keyring', label: '@ada:example.org'},
	{backend: 'passphrase'},
	{backend: 'file'},
	{backend: 'command', command: printing('from a program\nsecond line')},
];

for (const choice of choices) {
	test(`${choice.backend}: the next start finds the key, nothing secret is in the record, and deleting takes it away`, async context => {
		const secretsContext = freshContext(context);
		const {masterKey, secrets} = await createMasterKey(choice, secretsContext);
		assert.equal(masterKey.length, 32);
		assert.ok(!JSON.stringify(secrets).includes(keyToText(masterKey)));
		assert.ok(!JSON.stringify(secrets).includes('correct horse'));
		writeFileSync(secretsContext.files.cryptoDatabase, 'a store');
		assert.deepEqual(await loadMasterKey(secrets, secretsContext), masterKey);
		await deleteMasterKey(secrets, secretsContext);
		assert.equal(existsSync(secretsContext.files.keyFile), false);
		await assert.rejects(loadMasterKey(secrets, secretsContext), ExpectedError);
	});

	test(`${choice.backend}: no key is made over a store that exists`, async context => {
		const secretsContext = freshContext(context);
		for (const file of [secretsContext.files.cryptoDatabase, secretsContext.files.accountDatabase]) {
			writeFileSync(file, 'a store');
			await assert.rejects(createMasterKey(choice, secretsContext), failing('error', /is there already/));
			assert.equal(existsSync(secretsContext.files.keyFile), false);
			assert.equal(existsSync(join(secretsContext.folder, 'keyring.json')), false);
			rmSync(file);
		}
	});
}

test('key files are 0600 whatever the umask, and no other file is left', async context => {
	const umask = process.umask(0);
	context.after(() => process.umask(umask));
	for (const backend of ['passphrase', 'file'] as const) {
		const secretsContext = freshContext(context);
		await createMasterKey({backend}, secretsContext);
		assert.equal(statSync(secretsContext.files.keyFile).mode & 0o7777, 0o600);
		assert.deepEqual(readdirSync(join(secretsContext.folder, 'data')), ['account.key']);
	}
});

test('a key file without a store is set aside, never overwritten', async context => {
	const secretsContext = freshContext(context);
	await createMasterKey({backend: 'file'}, secretsContext);
	const first = readFileSync(secretsContext.files.keyFile, 'utf8');
	await createMasterKey({backend: 'file'}, secretsContext);
	assert.equal(readFileSync(`${secretsContext.files.keyFile}.old-1970-01-01T00-00-00-000Z`, 'utf8'), first);
});

test('a key file that others can read, or that is a link, is refused', async context => {
	const secretsContext = freshContext(context);
	const {secrets} = await createMasterKey({backend: 'file'}, secretsContext);
	const {keyFile} = secretsContext.files;
	chmodSync(keyFile, 0o640);
	await assert.rejects(loadMasterKey(secrets, secretsContext), failing('error', /can be read by other users/));
	chmodSync(keyFile, 0o600);
	const target = `${keyFile}.target`;
	writeFileSync(target, readFileSync(keyFile), {mode: 0o600});
	rmSync(keyFile);
	symlinkSync(target, keyFile);
	await assert.rejects(loadMasterKey(secrets, secretsContext), failing('error', /symbolic link/));
});

test('a wrong passphrase, an empty one, or nobody to ask needs a person', async context => {
	const secretsContext = freshContext(context);
	const {secrets} = await createMasterKey({backend: 'passphrase'}, secretsContext);
	const asking = (answer: string): SecretsContext => ({...secretsContext, askPassphrase: async () => answer});
	await assert.rejects(loadMasterKey(secrets, asking('wrong')), failing('notReady', /passphrase is wrong/));
	await assert.rejects(loadMasterKey(secrets, asking('')), failing('notReady', /empty/));
	const alone = {...secretsContext, askPassphrase: undefined};
	await assert.rejects(loadMasterKey(secrets, alone), failing('notReady', /no terminal/));
	await assert.rejects(createMasterKey({backend: 'passphrase'}, alone), failing('notReady', /no terminal/));
});

test('nobody is asked for the passphrase of a key file that is missing', async context => {
	const secretsContext = freshContext(context);
	const {secrets} = await createMasterKey({backend: 'passphrase'}, secretsContext);
	rmSync(secretsContext.files.keyFile);
	let askedCount = 0;
	const counting = {
		...secretsContext,
		askPassphrase: async () => {
			askedCount += 1;
			return 'correct horse';
		},
	};
	await assert.rejects(loadMasterKey(secrets, counting), failing('error', /is missing/));
	assert.equal(askedCount, 0);
});

test('a locked keyring is never taken for one without a key', async context => {
	const secretsContext = freshContext(context);
	const {masterKey, secrets} = await createMasterKey({backend: 'keyring', label: '@ada:example.org'}, secretsContext);
	const lock = join(secretsContext.folder, 'locked');
	writeFileSync(lock, '');
	await assert.rejects(loadMasterKey(secrets, secretsContext), failing('notReady', /locked/));
	const choice = {backend: 'keyring', label: '@bob:example.org'} as const;
	await assert.rejects(createMasterKey(choice, secretsContext), failing('notReady', /locked/));
	rmSync(lock);
	assert.deepEqual(await loadMasterKey(secrets, secretsContext), masterKey);
});

test('two devices of one user have two entries in the keyring', async context => {
	const secretsContext = freshContext(context);
	const choice = {backend: 'keyring', label: '@ada:example.org'} as const;
	const one = await createMasterKey(choice, secretsContext);
	const two = await createMasterKey(choice, secretsContext);
	assert.deepEqual(await loadMasterKey(one.secrets, secretsContext), one.masterKey);
	assert.deepEqual(await loadMasterKey(two.secrets, secretsContext), two.masterKey);
});

test('a program that fails, prints nothing, the wrong thing, or does not exist is named', async context => {
	const secretsContext = freshContext(context);
	const {secrets} = await createMasterKey({backend: 'command', command: printing('right')}, secretsContext);
	const cases: readonly (readonly [command: readonly string[], pattern: RegExp])[] = [
		[[process.execPath, '-e', 'console.log("right"); process.exitCode = 3'], /exit code 3/],
		[[process.execPath, '-e', ''], /printed nothing/],
		[printing('wrong'), /is wrong/],
		[['/nonexistent/pass'], /cannot be run/],
	];
	for (const [command, pattern] of cases) {
		const changed = {...secrets, backend: 'command', command} as const;
		await assert.rejects(loadMasterKey(changed, secretsContext), failing('error', pattern));
	}
});

test('the command runs without a shell', async context => {
	const secretsContext = freshContext(context);
	const command = [process.execPath, '-p', 'process.argv[1]', '$(id); `id` | cat'];
	const {secrets} = await createMasterKey({backend: 'command', command}, secretsContext);
	const typed = {...secretsContext, askPassphrase: async () => '$(id); `id` | cat'};
	assert.equal((await loadMasterKey({...secrets, backend: 'passphrase'}, typed)).length, 32);
});

test('the key of another account is refused, and the sentence says so', async context => {
	const secretsContext = freshContext(context);
	const {secrets} = await createMasterKey({backend: 'file'}, secretsContext);
	const other = await createMasterKey({backend: 'file'}, freshContext(context));
	writeFileSync(secretsContext.files.keyFile, keyToText(other.masterKey));
	await assert.rejects(loadMasterKey(secrets, secretsContext), failing('error', /not the key of this account/));
	writeFileSync(secretsContext.files.keyFile, 'nonsense');
	await assert.rejects(loadMasterKey(secrets, secretsContext), failing('error', /not the key of this account/));
});

test('the environment gives a key: the systemd credential before MX_KEY_FILE before MX_KEY', async context => {
	const secretsContext = freshContext(context);
	const {environment, folder} = secretsContext;
	await assert.rejects(createMasterKey({backend: 'external'}, secretsContext), failing('notReady', /there is none/));
	const write = (path: string, byte: number): string => {
		writeFileSync(path, `${keyToText(new Uint8Array(32).fill(byte))}\n`, {mode: 0o600});
		return path;
	};
	environment['MX_KEY'] = keyToText(new Uint8Array(32).fill(1));
	const {masterKey, secrets} = await createMasterKey({backend: 'external'}, secretsContext);
	assert.deepEqual(masterKey, new Uint8Array(32).fill(1));
	assert.deepEqual(secrets.backend, 'external');
	assert.equal('MX_KEY' in environment, false);

	environment['MX_KEY'] = keyToText(new Uint8Array(32).fill(9));
	environment['MX_KEY_FILE'] = write(join(folder, 'given'), 1);
	assert.deepEqual(await loadMasterKey(secrets, secretsContext), masterKey);

	environment['CREDENTIALS_DIRECTORY'] = folder;
	assert.deepEqual(await loadMasterKey(secrets, secretsContext), masterKey);
	write(join(folder, 'mx-key'), 2);
	await assert.rejects(loadMasterKey(secrets, secretsContext), failing('error', /environment gives is not the key/));
});

test('a given key wins over the backend, and is checked', async context => {
	const secretsContext = freshContext(context);
	const {masterKey, secrets} = await createMasterKey({backend: 'passphrase'}, secretsContext);
	const alone = {...secretsContext, askPassphrase: undefined};
	secretsContext.environment['MX_KEY'] = Buffer.from(masterKey).toString('base64url');
	assert.deepEqual(await loadMasterKey(secrets, alone), masterKey);
	secretsContext.environment['MX_KEY'] = keyToText(new Uint8Array(32));
	await assert.rejects(loadMasterKey(secrets, alone), failing('error', /environment gives is not the key/));
	secretsContext.environment['MX_KEY'] = 'short';
	await assert.rejects(loadMasterKey(secrets, alone), failing('error', /MX_KEY does not hold a key/));
});

test('a given key file that is missing or open to others is refused', async context => {
	const secretsContext = freshContext(context);
	const path = join(secretsContext.folder, 'given');
	secretsContext.environment['MX_KEY_FILE'] = path;
	await assert.rejects(createMasterKey({backend: 'external'}, secretsContext), failing('error', /There is no file/));
	writeFileSync(path, keyToText(new Uint8Array(32)));
	chmodSync(path, 0o644);
	await assert.rejects(createMasterKey({backend: 'external'}, secretsContext), failing('error', /read by other users/));
});

test('keys derived from one master key are fixed, different, and 32 bytes', () => {
	const keys = deriveKeys(new Uint8Array(32).fill(7));
	const all = [keys.accountDatabase, keys.cryptoDatabase, keys.storageKey('ABC'), keys.storageKey('ABD')];
	assert.equal(new Set(all.map(key => Buffer.from(key).toString('hex'))).size, 4);
	for (const key of all) assert.equal(key.length, 32);
	// Changing a label would lock everybody out.
	assert.deepEqual(
		all.slice(0, 3).map(key => Buffer.from(key).toString('hex').slice(0, 16)),
		['6fe4b5c8d8b615b7', '6ba5be4c989e54e1', 'fb365d1f00632288'],
	);
});

test('the text of a key is 32 bytes of base64 and nothing else', () => {
	const key = new Uint8Array(32).fill(0xfb);
	assert.deepEqual(keyFromText(`${keyToText(key)}\nignored`), key);
	assert.deepEqual(keyFromText(Buffer.from(key).toString('base64url')), key);
	for (const text of ['', 'short', 'A'.repeat(44), 'A'.repeat(42), `${'A'.repeat(43)}=x`, ' '.repeat(43)]) {
		assert.equal(keyFromText(text), undefined, text);
	}
});
