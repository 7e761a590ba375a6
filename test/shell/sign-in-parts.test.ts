/** Small parts of signing in: input, where the key goes, the recovery key's file, taking back. */
import assert from 'node:assert/strict';
import {existsSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import type {LoginRequest} from '../../source/commands/define-command.ts';
import {ExpectedError} from '../../source/domain/errors.ts';
import {planSecrets} from '../../source/shell/choose-secrets.ts';
import type {ShellParts} from '../../source/shell/ports.ts';
import type {Prompts} from '../../source/shell/prompt.ts';
import {reserveRecoveryKeyFile} from '../../source/shell/recovery-key-file.ts';
import {readIdentity, readPassword, readStdinSecrets} from '../../source/shell/sign-in-input.ts';
import {splitCommand} from '../../source/shell/split-command.ts';
import {createUndo} from '../../source/shell/undo.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const isReason = (reason: string) => (error: unknown) =>
	error instanceof ExpectedError && error.report.reason === reason;

const request = (fields: Partial<LoginRequest> = {}): LoginRequest => ({
	server: undefined,
	user: undefined,
	isPasswordOnStdin: false,
	isRecoveryKeyOnStdin: false,
	recoveryKeyFile: undefined,
	isVerificationSkipped: false,
	secrets: undefined,
	secretsCommand: undefined,
	deviceName: undefined,
	...fields,
});

/** A person who gives these answers in turn. */
const answering = (...answers: string[]): Prompts => {
	const next = async (): Promise<string> => answers.shift() ?? assert.fail('one question too many');
	return {line: next, secret: next, confirm: async () => (await next()) === 'y', show: async () => void (await next())};
};

const partsOf = (parts: {
	readonly prompts?: Prompts;
	readonly environment?: Record<string, string>;
	readonly lines?: string[];
}): ShellParts & {readonly said: readonly string[]} => {
	const said: string[] = [];
	return {
		prompts: parts.prompts,
		// Without libsecret or a bus the keyring does not work, whoever runs the test.
		environment: {PATH: process.env['PATH'] ?? '', ...parts.environment},
		stdin: {line: async () => parts.lines?.shift(), all: async () => ''},
		talk: {say: (sentence: string) => void said.push(sentence), progress: () => undefined, fail: () => undefined},
		said,
	} as unknown as ShellParts & {readonly said: readonly string[]};
};

test('server and user are understood in every way a person types them', async () => {
	const identityOf = (server: string | undefined, user?: string) => readIdentity(request({server, user}), partsOf({}));
	assert.deepEqual(await identityOf('one.test', 'anna'), {server: 'one.test', user: 'anna'});
	assert.deepEqual(await identityOf('one.test'), {server: 'one.test', user: undefined});
	assert.deepEqual(await identityOf('@anna:one.test'), {server: 'one.test', user: '@anna:one.test'});
	assert.deepEqual(await identityOf('matrix.one.test', '@anna:one.test'), {
		server: 'matrix.one.test',
		user: '@anna:one.test',
	});
	assert.deepEqual(await identityOf('@anna:one.test', 'anna'), {server: 'one.test', user: '@anna:one.test'});
	await assert.rejects(identityOf('@anna:one.test', 'ben'), isReason('usage'));
	await assert.rejects(identityOf(undefined), isReason('usage'));
	const asked = await readIdentity(request(), partsOf({prompts: answering('one.test')}));
	assert.equal(asked.server, 'one.test');
});

test('stdin gives the password, then the recovery key, and each must be there', async () => {
	const both = request({isPasswordOnStdin: true, isRecoveryKeyOnStdin: true});
	assert.deepEqual(await readStdinSecrets(both, partsOf({lines: ['secret', 'EsTP']})), {
		password: 'secret',
		recoveryKey: 'EsTP',
	});
	const key = request({isRecoveryKeyOnStdin: true});
	assert.deepEqual(await readStdinSecrets(key, partsOf({lines: ['EsTP']})), {password: undefined, recoveryKey: 'EsTP'});
	await assert.rejects(readStdinSecrets(both, partsOf({lines: ['secret']})), /no recovery key on stdin/);
	await assert.rejects(readStdinSecrets(both, partsOf({lines: ['', 'EsTP']})), /no password on stdin/);
});

test('a password is asked for where somebody can be asked', async () => {
	assert.equal(await readPassword('given', partsOf({})), 'given');
	assert.equal(await readPassword(undefined, partsOf({prompts: answering('typed')})), 'typed');
	await assert.rejects(readPassword(undefined, partsOf({})), /--password-stdin|no terminal/);
	await assert.rejects(readPassword(undefined, partsOf({prompts: answering('')})), isReason('usage'));
});

test('without a keyring a script gets a key file and is told so', async () => {
	const parts = partsOf({});
	const plan = await planSecrets(request(), parts);
	assert.deepEqual(plan.choiceFor('@anna:one.test'), {backend: 'file'});
	assert.match(parts.said.join('\n'), /keyring is not available: .*kept in a file that only your user can read/);
});

test('without a keyring a person is asked for a passphrase, twice, and may want none', async () => {
	const plan = await planSecrets(request(), partsOf({prompts: answering('one', 'two', 'three', 'three')}));
	assert.deepEqual([plan.choiceFor(''), plan.passphrase], [{backend: 'passphrase'}, 'three']);
	const none = await planSecrets(request(), partsOf({prompts: answering('')}));
	assert.deepEqual([none.choiceFor(''), none.passphrase], [{backend: 'file'}, undefined]);
	await assert.rejects(
		planSecrets(request(), partsOf({prompts: answering('1', '2', '3', '4', '5', '6')})),
		isReason('usage'),
	);
});

test('--secrets decides, and what cannot work is refused before signing in', async () => {
	const choiceOf = async (fields: Partial<LoginRequest>, prompts?: Prompts) =>
		(await planSecrets(request(fields), partsOf(prompts === undefined ? {} : {prompts}))).choiceFor('@anna:one.test');
	assert.deepEqual(await choiceOf({secrets: 'file'}), {backend: 'file'});
	assert.deepEqual(await choiceOf({secrets: 'passphrase'}, answering('p', 'p')), {backend: 'passphrase'});
	assert.deepEqual(await choiceOf({secretsCommand: 'pass show "my key"'}), {
		backend: 'command',
		command: ['pass', 'show', 'my key'],
	});
	await assert.rejects(choiceOf({secrets: 'keyring'}), isReason('notReady'));
	await assert.rejects(choiceOf({secrets: 'passphrase'}), isReason('usage'));
	await assert.rejects(choiceOf({secrets: 'passphrase'}, answering('')), isReason('usage'));
	await assert.rejects(choiceOf({secrets: 'command'}), isReason('usage'));
	await assert.rejects(choiceOf({secrets: 'file', secretsCommand: 'x'}), isReason('usage'));
	await assert.rejects(choiceOf({secrets: 'vault'}), isReason('usage'));
});

test('a key that the environment gives is used, and not a second one', async () => {
	const environment = {MX_KEY_FILE: '/run/key'};
	const plan = await planSecrets(request(), partsOf({environment}));
	assert.deepEqual(plan.choiceFor(''), {backend: 'external'});
	await assert.rejects(planSecrets(request({secrets: 'file'}), partsOf({environment})), isReason('usage'));
});

test('a command line is cut into words without a shell', () => {
	assert.deepEqual(splitCommand(`pass show 'my "best" key' --x="a b"`), ['pass', 'show', 'my "best" key', '--x=a b']);
	assert.deepEqual(splitCommand(' '), []);
	assert.deepEqual(splitCommand('echo $(id) ; x'), ['echo', '$(id)', ';', 'x']);
});

test('the recovery key goes into a new file of its own, closed to others', context => {
	const path = join(temporaryDirectory(context), 'key');
	const file = reserveRecoveryKeyFile(path);
	assert.equal(statSync(path).mode & 0o777, 0o600);
	file.write('EsTP vKrJ');
	file.release();
	assert.equal(readFileSync(path, 'utf8'), 'EsTP vKrJ\n');
	assert.throws(() => reserveRecoveryKeyFile(path), isReason('usage'));
	assert.equal(readFileSync(path, 'utf8'), 'EsTP vKrJ\n');
});

test('a reserved file without a key goes away; a link is never followed', context => {
	const directory = temporaryDirectory(context);
	const path = join(directory, 'key');
	reserveRecoveryKeyFile(path).release();
	assert.equal(existsSync(path), false);
	writeFileSync(join(directory, 'other'), 'untouched');
	symlinkSync(join(directory, 'other'), path);
	assert.throws(() => reserveRecoveryKeyFile(path), isReason('usage'));
	assert.throws(() => reserveRecoveryKeyFile(join(directory, 'no', 'key')), isReason('usage'));
});

test('steps are taken back from the last to the first, and one that fails does not stop the others', async () => {
	const taken: string[] = [];
	const undo = createUndo();
	undo.push('first', () => void taken.push('first'));
	undo.push('second', () => {
		throw new Error('no');
	});
	undo.push('third', async () => void taken.push('third'));
	assert.deepEqual(await undo.run(), ['second']);
	assert.deepEqual(taken, ['third', 'first']);
	assert.deepEqual(await undo.run(), []);
});
