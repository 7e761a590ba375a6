/** Naming the address of the API of a bridge, on a real Synapse: it is asked before it is noted. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {after, before, suite, test} from 'node:test';
import type {ExpectedError} from '../../source/domain/errors.ts';
import {startFixtureBridge, type FixtureBridge} from '../bridge/fixture-bridge.ts';
import {startFixtureProvisioning} from '../bridge/fixture-provisioning.ts';
import {startEngine, type TestEngine} from '../helpers/engine.ts';
import {createOwner} from '../helpers/owner.ts';
import {needsServers, startSynapse, type Homeserver} from '../helpers/synapse.ts';

const isDemo = process.env['MX_TEST_SERVER'] === 'demo';
const needs = {...(await needsServers()), ...(isDemo ? {skip: 'the demo takes no bridges from outside'} : {})};

suite('the address of the API of a bridge', needs, () => {
	const owner = createOwner();
	let whatsapp: FixtureBridge;
	let server: Homeserver;
	let engine: TestEngine;

	const listen = async (answer: RequestListener) => {
		const listening = createServer(answer).listen(0, '127.0.0.1');
		await once(listening, 'listening');
		const close = async (): Promise<void> => {
			listening.closeAllConnections();
			await new Promise(resolve => void listening.close(resolve));
		};
		owner.after(close);
		return {url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, close};
	};

	/** What is said of an address is `words`, and it is not among those that are noted. */
	const assertRefused = async (url: string, words: RegExp): Promise<void> => {
		await assert.rejects(engine.session.setBridgeApi({url, isUsed: true}), ({report}: ExpectedError) => {
			assert.match(report.message, words);
			assert.equal(report.reason, 'bridge');
			assert.ok(report.next !== undefined);
			return true;
		});
		await assert.rejects(engine.session.setBridgeApi({url, isUsed: false}), /You have said nothing of/);
	};

	before(async () => {
		const protocol = {id: 'whatsapp', displayname: 'WhatsApp'};
		whatsapp = await startFixtureBridge(owner, {id: 'whatsapp', ghostPrefix: 'whatsapp_', protocol});
		server = await startSynapse(owner, {registrations: [whatsapp.registration]});
		await whatsapp.connect(server);
		({engine} = await startEngine(owner, server));
	});

	after(owner.end);

	test('is noted when a bridge answers there, and it is said which', async () => {
		const {url} = await startFixtureProvisioning(owner, whatsapp, server);
		assert.deepEqual(await engine.session.setBridgeApi({url, isUsed: true}), {bot: whatsapp.bot()});
		assert.equal((await engine.session.bridgeContacts({bridge: 'whatsapp'})).contacts.length, 2);
		// What is taken back need not answer any more.
		await engine.session.setBridgeApi({url, isUsed: false});
	});

	test('is not noted when another one of the bridge is, as neither would be used', async () => {
		const [first, second] = [
			await startFixtureProvisioning(owner, whatsapp, server),
			await startFixtureProvisioning(owner, whatsapp, server),
		];
		await engine.session.setBridgeApi({url: first.url, isUsed: true});
		await assertRefused(second.url, new RegExp(`${whatsapp.bot()} answers at ${first.url} already\\.$`));
		assert.equal((await engine.session.bridgeContacts({bridge: 'whatsapp'})).contacts.length, 2);
		await engine.session.setBridgeApi({url: first.url, isUsed: true});
		await engine.session.setBridgeApi({url: first.url, isUsed: false});
		await engine.session.setBridgeApi({url: second.url, isUsed: true});
		await engine.session.setBridgeApi({url: second.url, isUsed: false});
	});

	test('is not noted when nothing answers there', async () => {
		const {url, close} = await listen(() => undefined);
		await close();
		await assertRefused(url, / was not noted: nothing answers at 127\.0\.0\.1:\d+\.$/);
	});

	test('is not noted when something else answers there', async () => {
		const {url} = await listen((_, response) => void response.end('<h1>It works!</h1>'));
		await assertRefused(url, /is not the API of a bridge/);
		await assertRefused(server.url, /is not the API of a bridge/);
		const proxy = await listen((_, response) => void response.writeHead(502).end('Bad gateway'));
		await assertRefused(proxy.url, /a problem of its own \(status 502\)/);
	});

	test('is not noted when the bridge does not know the person', async () => {
		const refusal = JSON.stringify({errcode: 'M_FORBIDDEN', error: 'Not for you'});
		const {url} = await listen((_, response) => void response.writeHead(403).end(refusal));
		await assertRefused(url, /the bridge refuses, and says "Not for you"\.$/);
	});
});
