/** An engine whose archive fails while a message is on its way: it ends, says why, and ends once. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {mkdirSync, readdirSync} from 'node:fs';
import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import {test, type TestContext} from 'node:test';
import type {EngineNotice} from '../../source/domain/session.ts';
import {openAccountStores} from '../../source/engine/account-stores.ts';
import {fenceCause} from '../../source/engine/damage.ts';
import {openEngine} from '../../source/engine/open-engine.ts';
import {openAccountDatabase, type AccountFile} from '../../source/store/account-database.ts';
import {openLogFile} from '../../source/store/log-file.ts';
import {CryptoDamaged, DiskFull, StoreBusy, StoreCorrupt} from '../../source/store/store-errors.ts';
import {deriveKeys} from '../../source/store/secrets/derived-keys.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {message, ownUser, roomId, syncRoom} from '../store/account-fixture.ts';
import {spoilTable} from './archive-file.ts';
import {filesAt} from './damage.ts';

/** A server that answers nothing before it is told to fail. */
const startSilentServer = async (context: TestContext) => {
	const asked = Promise.withResolvers<void>();
	const answers: ServerResponse[] = [];
	const server = createServer((_request, response) => {
		answers.push(response);
		asked.resolve();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	context.after(() => {
		server.closeAllConnections();
		server.close();
	});
	const {port} = server.address() as AddressInfo;
	const fail = (): void => {
		for (const answer of answers) answer.writeHead(500).end();
	};
	return {url: `http://127.0.0.1:${port}`, asked: asked.promise, fail};
};

/** An engine that knows one room, and has a message for it on its way. */
const startSending = async (context: TestContext) => {
	const server = await startSilentServer(context);
	const files = filesAt(temporaryDirectory(context));
	for (const file of [files.accountDatabase, files.socket, files.log])
		mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
	const keys = deriveKeys(new Uint8Array(32).fill(3));
	const record = {
		version: 1,
		userId: ownUser,
		deviceId: 'D',
		homeserver: server.url,
		cipher: 'aegis',
		secrets: {backend: 'file', check: 'unused'},
	} as const;
	const stores = openAccountStores({files, record, keys, isNewDevice: true});
	stores.account.write(() => stores.rooms.applyRoom(syncRoom([message('hello')])));
	await stores.close();
	const log = openLogFile({path: files.log, now: Date.now});
	context.after(() => log.close());
	const options = {files, record, keys, mode: 'one-shot', version: 'test', log, accessToken: 'the token'} as const;
	const engine = await openEngine(options);
	context.after(() => engine.stop());
	const notices: EngineNotice[] = [];
	engine.subscribe(notice => void notices.push(notice));
	const content = {msgtype: 'm.text', body: 'on its way'};
	const sent = engine.session.send({to: roomId, content, isWaiting: true, timeout: 60_000});
	// It is looked at where the test wants to.
	sent.catch(() => undefined);
	await server.asked;
	const file: AccountFile = {file: files.accountDatabase, key: keys.accountDatabase, cipher: 'aegis'};
	return {engine, server, file, notices, sent};
};

/** Damages the table that is in use: what the engine has of it in memory is made stale. */
const spoilInUse = (file: AccountFile, table: string): void => {
	const other = openAccountDatabase(file);
	other.database.pragma('wal_checkpoint(TRUNCATE)');
	spoilTable(file, table);
	other.write(() => other.setMeta('versions', 'stale'));
	other.close();
};

test('an engine that meets a damaged page of the outbox ends, and sets the archive aside once, however often it is stopped', async context => {
	const {engine, file, notices, sent} = await startSending(context);
	spoilInUse(file, 'outbox');
	await assert.rejects(engine.session.resolveOutbox({id: 1, action: 'retry'}), StoreCorrupt);
	assert.equal(await engine.ended, 'storage-failed');
	const net = notices.findLast(notice => notice.kind === 'net')?.net;
	assert.deepEqual(net, {state: 'no-storage', cause: 'a file is damaged'});
	await Promise.all([engine.stop(), engine.stop()]);
	await assert.rejects(sent);
	const aside = readdirSync(path.dirname(file.file)).filter(name => /\.bad-.*Z(?:-\d+)?$/.test(name));
	assert.equal(aside.length, 1);
});

test('an engine that meets an error of its own ends as failed, and blames no file', async context => {
	const {engine, file, notices, server} = await startSending(context);
	const other = openAccountDatabase(file);
	other.database.exec('DROP TABLE outbox');
	other.close();
	server.fail();
	assert.equal(await engine.ended, 'failed');
	assert.ok(!notices.some(notice => notice.kind === 'net' && notice.net.state === 'no-storage'));
});

test('why an engine cannot use its files is told in the words of the failure', () => {
	const busy = new StoreBusy('/home/anna/account.db');
	assert.equal(fenceCause(busy), 'Another mx is using account.db of this account');
	assert.equal(fenceCause(new DiskFull('/home/anna')), 'the disk is full');
	assert.equal(fenceCause(new StoreCorrupt('account.db')), 'a file is damaged');
	assert.equal(fenceCause(new CryptoDamaged()), 'a file is damaged');
	assert.equal(fenceCause(new TypeError('Cannot read properties of undefined')), undefined);
});
