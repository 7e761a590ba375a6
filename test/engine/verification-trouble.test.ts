/** Verification by emoji where somebody stands in between, others answer, time runs out, or the server refuses. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {acceptInvitation} from '../helpers/engine.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {startFaultProxy} from './fault-proxy.ts';
import {confirmBoth, startSecond, startVerified, waitForStep} from './verification-steps.ts';

const servers = await needsServers();

/** Another public key, of Curve25519, in base64 without padding. */
const foreignKey = 'CiS1YjJgUGhXxgvVQrQBGyzxWmeTqRn4cOG3VGLRlj0';

test(
	'somebody in between is seen by the emoji, and trusted by nobody, even where people confirm them',
	servers,
	async t => {
		const server = await sharedSynapse();
		const {engine: first, home} = await startVerified(t, server);
		const proxy = await startFaultProxy(t, server.url);
		const second = await startSecond(t, server, home.account, proxy.url);
		// The key of the side that begins is swapped on its way; that of the other one is committed to.
		proxy.setFault(async ({path}, forward) => {
			if (!path.includes('/sync')) return undefined;
			const answer = await forward();
			return {
				...answer,
				body: answer.body.replaceAll(
					/("type":"m\.key\.verification\.key"[^}]*"key":")[^"]+|("key":")[^"]+("[^}]*\}[^}]*"type":"m\.key\.verification\.key")/g,
					(_, before?: string, start?: string, end?: string) =>
						before === undefined ? `${start}${foreignKey}${end}` : `${before}${foreignKey}`,
				),
			};
		});
		const isNothingTrusted = async (): Promise<void> => {
			for (const engine of [first, second.engine]) {
				const {devices} = await engine.session.devices({});
				const trust = devices.find(({deviceId}) => deviceId === second.deviceId)?.trust;
				assert.equal(trust, 'unverified');
			}
			assert.equal((await second.engine.session.recovery({})).state, 'unverified');
		};
		const compare = async () => {
			const {id} = await first.session.startVerification({deviceId: second.deviceId});
			await waitForStep(second.engine, 'requested', id);
			await second.engine.session.acceptVerification({id});
			const [one, two] = [await waitForStep(first, 'compare', id), await waitForStep(second.engine, 'compare', id)];
			assert.notDeepEqual(one.emoji, two.emoji);
			assert.notDeepEqual(one.decimals, two.decimals);
			return id;
		};
		const seen = await compare();
		await second.engine.session.mismatchVerification({id: seen});
		assert.match(
			(await waitForStep(second.engine, 'cancelled', seen)).ending ?? '',
			/^You said that the emoji do not match/,
		);
		assert.match(
			(await waitForStep(first, 'cancelled', seen)).ending ?? '',
			/^The other device said that the emoji, or the keys behind them, do not match/,
		);
		await isNothingTrusted();

		const confirmed = await compare();
		await first.session.confirmVerification({id: confirmed});
		await second.engine.session.confirmVerification({id: confirmed});
		for (const engine of [first, second.engine])
			assert.match(
				(await waitForStep(engine, 'cancelled', confirmed)).ending ?? '',
				/^(?:The keys do not fit what was compared|The other device said that the emoji, or the keys behind them, do not match)\. Nothing was verified\. Somebody may stand in between/,
			);
		await isNothingTrusted();
	},
);

test('of several devices that are asked one answers, and a request that took too long ends', servers, async t => {
	const server = await sharedSynapse();
	const {engine: first, home} = await startVerified(t, server);
	const second = await startSecond(t, server, home.account);
	const third = await startSecond(t, server, home.account);
	const {id} = await first.session.startVerification({});
	await waitForStep(third.engine, 'requested', id);
	await waitForStep(second.engine, 'requested', id);
	await second.engine.session.acceptVerification({id});
	assert.equal((await waitForStep(third.engine, 'cancelled', id)).ending, 'Another device of yours has answered it.');
	await confirmBoth(first, second.engine);
	assert.ok((await waitForStep(first, 'done', id)).isTrusted);

	const late = await first.session.startVerification({deviceId: third.deviceId});
	await waitForStep(third.engine, 'requested', late.id);
	// Another client of the first device's says so when its ten minutes are over.
	const content = {transaction_id: late.id, code: 'm.timeout', reason: 'late'};
	await matrixRequest(
		{url: server.url, accessToken: home.account.accessToken},
		'PUT',
		`/_matrix/client/v3/sendToDevice/m.key.verification.cancel/${uniqueName('txn')}`,
		{messages: {[home.account.userId]: {[third.deviceId]: content}}},
	);
	assert.equal(
		(await waitForStep(third.engine, 'cancelled', late.id)).ending,
		'It took longer than the ten minutes that there are. Nothing was verified.',
	);
});

test('a signature that the server did not take is sent again', servers, async t => {
	const server = await sharedSynapse();
	const proxy = await startFaultProxy(t, server.url);
	const {engine: first, home} = await startVerified(t, server, {url: proxy.url});
	const second = await startSecond(t, server, home.account);
	let refused = 0;
	proxy.setFault(({path}) => {
		if (!path.includes('/keys/signatures/upload') || refused > 0) return undefined;
		refused += 1;
		return {status: 403, body: '{"errcode": "M_FORBIDDEN", "error": "not now"}'};
	});
	const {id} = await first.session.startVerification({deviceId: second.deviceId});
	await waitForStep(second.engine, 'requested', id);
	await second.engine.session.acceptVerification({id});
	await waitForStep(first, 'compare', id);
	await waitForStep(second.engine, 'compare', id);
	await first.session.confirmVerification({id});
	await second.engine.session.confirmVerification({id});
	for (const engine of [first, second.engine]) assert.ok((await waitForStep(engine, 'done', id)).isTrusted);
	assert.equal(refused, 1);
});

test(
	'a person with two devices answers on one, and the other one says so; an own device is verified meanwhile',
	servers,
	async t => {
		const server = await sharedSynapse();
		const {engine: anna, home: annaHome} = await startVerified(t, server);
		const {engine: bob, home: bobHome, recoveryKey} = await startVerified(t, server);
		const other = await startSecond(t, server, bobHome.account);
		await other.engine.encryption.unlock(recoveryKey);
		const {userId} = bobHome.account;
		const asked = await anna.session.startVerification({userId});
		await acceptInvitation(bob, asked.roomId ?? '');
		const [here, there] = [await waitForStep(bob, 'requested'), await waitForStep(other.engine, 'requested')];
		assert.deepEqual([here.id, there.id], [asked.id, asked.id]);
		// Another one of her own goes on at the same time.
		const herOther = await startSecond(t, server, annaHome.account);
		const own = await anna.session.startVerification({deviceId: herOther.deviceId});
		await waitForStep(herOther.engine, 'requested', own.id);
		assert.equal((await anna.session.verifications({})).verifications.length, 2);
		await bob.session.acceptVerification({id: asked.id});
		assert.equal(
			(await waitForStep(other.engine, 'cancelled', asked.id)).ending,
			'Another device of yours has answered it.',
		);
		await herOther.engine.session.acceptVerification({id: own.id});
		for (const [id, second] of [
			[asked.id, bob],
			[own.id, herOther.engine],
		] as const) {
			await waitForStep(anna, 'compare', id);
			await waitForStep(second, 'compare', id);
			for (const engine of [anna, second]) await engine.session.confirmVerification({id});
			for (const engine of [anna, second]) assert.ok((await waitForStep(engine, 'done', id)).isTrusted);
		}
	},
);
