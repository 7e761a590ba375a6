/** Reaching the account: through the mx that runs, by owning it, again when the owner goes away, and without either. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import process from 'node:process';
import test, {type TestContext} from 'node:test';
import {accountFiles, type AccountFiles} from '../../source/domain/directories.ts';
import {ExpectedError} from '../../source/domain/errors.ts';
import {interrupted} from '../../source/domain/interruption.ts';
import type {Session} from '../../source/domain/session.ts';
import {ConnectionLost} from '../../source/instance/socket-client.ts';
import {serveSession} from '../../source/instance/socket-server.ts';
import {claimAccount} from '../../source/shell/claim-account.ts';
import {createLazySession, type OpenSession} from '../../source/shell/open-session.ts';
import {findHolder} from '../../source/shell/store-holder.ts';
import {openDatabase} from '../../source/store/open-database.ts';
import {StoreBusy} from '../../source/store/store-errors.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {ownUser} from '../store/account-fixture.ts';

const {signal} = new AbortController();

const filesOf = (context: TestContext): AccountFiles => {
	const directory = temporaryDirectory(context);
	return accountFiles({config: directory, data: directory, cache: directory, state: directory, runtime: directory});
};

const serve = async (context: TestContext, files: AccountFiles): Promise<void> => {
	const server = await serveSession({
		files,
		version: '1.0.0',
		userId: ownUser,
		handle: async ({id, method}) => ({id, ok: true, result: {method}}),
		onSubscribe: () => () => undefined,
	});
	context.after(async () => server.close());
};

test('the mx that runs answers, and the store is not touched', async context => {
	const files = filesOf(context);
	await serve(context, files);
	const claim = async () => assert.fail('the store was opened');
	const found = await claimAccount({files, claim, signal, now: Date.now});
	assert.deepEqual(await found.session.status({}), {method: 'status'});
	found.close();
});

test('while the owner starts, the way to it is tried again until it answers', async context => {
	const files = filesOf(context);
	let tries = 0;
	const claim = async () => {
		tries += 1;
		if (tries === 3) await serve(context, files);
		throw new StoreBusy(files.cryptoDatabase);
	};
	const found = await claimAccount({files, claim, signal, now: Date.now});
	assert.equal(tries, 3);
	found.close();
});

test('an owner that never answers is named after 20 s', async context => {
	const files = filesOf(context);
	const key = new Uint8Array(32).fill(1);
	const program = `
		import {openDatabase} from ${JSON.stringify(join(import.meta.dirname, '../../source/store/open-database.ts'))};
		// A database that nobody holds is closed with the garbage.
		globalThis.held = openDatabase({file: process.argv[1], key: new Uint8Array(32).fill(1), cipher: 'aegis', mode: 'exclusive', durability: 'full'});
		process.stdout.write('ready');
		setInterval(() => {}, 1000);
	`;
	const arguments_ = ['--input-type=module', '--eval', program, files.cryptoDatabase];
	const owner = spawn(process.execPath, arguments_, {stdio: ['ignore', 'pipe', 'inherit']});
	context.after(async () => {
		owner.kill('SIGKILL');
		if (owner.exitCode === null && owner.signalCode === null) await once(owner, 'exit');
	});
	await once(owner.stdout, 'data');
	if (process.platform === 'linux') assert.equal(findHolder(files.cryptoDatabase), owner.pid);
	let clock = 0;
	const claim = async () =>
		openDatabase({file: files.cryptoDatabase, key, cipher: 'aegis', mode: 'exclusive', durability: 'full'});
	const now = () => (clock += 10_000);
	await assert.rejects(claimAccount({files, claim, signal, now}), (error: unknown) => {
		assert.ok(error instanceof ExpectedError);
		if (process.platform === 'linux') assert.match(error.message, new RegExp(`process ${owner.pid}\\b`));
		return /holds the account/.test(error.message);
	});
});

test('a failure that is not about the lock is not tried again', async context => {
	let tries = 0;
	const claim = async () => {
		tries += 1;
		throw new ExpectedError({message: 'The key is wrong.', reason: 'error'});
	};
	await assert.rejects(claimAccount({files: filesOf(context), claim, signal, now: Date.now}), /key is wrong/);
	assert.equal(tries, 1);
});

const opened = (session: Partial<Session>, closed: string[] = []): OpenSession => ({
	session: session as Session,
	engine: undefined,
	close: async () => void closed.push('closed'),
});

test('a session is opened with its first request, once, and closed once', async () => {
	let count = 0;
	const closed: string[] = [];
	const lazy = createLazySession(async () => {
		count += 1;
		return opened({leave: async ({roomId: left}) => ({left})}, closed);
	});
	assert.equal(count, 0);
	const answers = await Promise.all([lazy.session.leave({roomId: '!a'}), lazy.session.leave({roomId: '!b'})]);
	assert.deepEqual(answers, [{left: '!a'}, {left: '!b'}]);
	assert.equal(count, 1);
	await lazy.close();
	assert.deepEqual(closed, ['closed']);
	await createLazySession(async () => assert.fail('opened to be closed')).close();
});

test('interrupted after the owner went away, a request may have been carried out: that is said', async () => {
	let count = 0;
	const lazy = createLazySession(async () => {
		count += 1;
		if (count === 2) throw interrupted();
		return opened({
			leave: async () => {
				throw new ConnectionLost();
			},
		});
	});
	await assert.rejects(lazy.session.leave({roomId: '!a'}), ConnectionLost);
	const early = createLazySession(async () => {
		throw interrupted();
	});
	await assert.rejects(early.session.leave({roomId: '!a'}), /Interrupted/);
});

test('a request whose owner went away is sent again to the next one', async () => {
	let count = 0;
	const lazy = createLazySession(async () => {
		count += 1;
		const isDying = count < 3;
		return opened({
			leave: async () => {
				if (isDying) throw new ConnectionLost();
				return {by: count};
			},
		});
	});
	assert.deepEqual(await lazy.session.leave({roomId: '!a'}), {by: 3});
	const hopeless = createLazySession(async () =>
		opened({
			leave: async () => {
				throw new ConnectionLost();
			},
		}),
	);
	await assert.rejects(hopeless.session.leave({roomId: '!a'}), ConnectionLost);
});
