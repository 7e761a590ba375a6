/** Verification by emoji against a real server: between mx and mx, and between mx and a stock client. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {VerificationPhase} from 'matrix-js-sdk/lib/crypto-api/index.js';
import {asString} from '../../source/domain/json.ts';
import {acceptInvitation, sendText, startHome, waitOnEngine} from '../helpers/engine.ts';
import {createPeer} from '../helpers/peer.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {refusal} from './room-requests.ts';
import {
	confirmBoth,
	nextRequest,
	showSas,
	startSecond,
	startVerified,
	waitForPhase,
	waitForStep,
} from './verification-steps.ts';

const servers = await needsServers();

test('a new device is verified by another one of the account, and gets the keys and the backup', servers, async t => {
	const server = await sharedSynapse();
	const {engine: first, home} = await startVerified(t, server);
	const second = await startSecond(t, server, home.account);
	const asked = await second.engine.session.startVerification({});
	assert.deepEqual([asked.isOwn, asked.isIncoming, asked.step], [true, false, 'requested']);
	const incoming = await waitForStep(first, 'requested');
	assert.deepEqual([incoming.deviceId, incoming.isOwn, incoming.isIncoming], [second.deviceId, true, true]);
	await first.session.acceptVerification({id: incoming.id});
	await confirmBoth(first, second.engine);
	for (const engine of [first, second.engine]) {
		const done = await waitForStep(engine, 'done');
		assert.deepEqual([done.isTrusted, done.ending], [true, 'Both devices trust each other now.']);
		const {devices} = await engine.session.devices({});
		assert.deepEqual(
			devices.map(({trust}) => trust),
			['verified', 'verified'],
		);
	}
	await waitOnEngine(
		second.engine,
		async () => ((await second.engine.session.recovery({})).state === 'ready' ? true : undefined),
		{what: () => 'the keys of the account'},
	);
	assert.deepEqual((await first.session.verifications({})).verifications, []);
});

test('a named device is asked, declines, and is asked again by both sides at once', servers, async t => {
	const server = await sharedSynapse();
	const {engine: first, home} = await startVerified(t, server);
	const second = await startSecond(t, server, home.account);
	await first.session.startVerification({deviceId: second.deviceId});
	const incoming = await waitForStep(second.engine, 'requested');
	// Asked for again, it is the one that is under way.
	assert.equal((await second.engine.session.startVerification({})).id, incoming.id);
	await second.engine.session.cancelVerification({id: incoming.id});
	assert.equal((await waitForStep(second.engine, 'cancelled')).ending, 'You cancelled it. Nothing was verified.');
	assert.equal((await waitForStep(first, 'cancelled')).ending, 'The other device cancelled it. Nothing was verified.');
	assert.equal(
		await refusal(first.session.startVerification({deviceId: 'NOSUCH'})),
		'You have no device NOSUCH that takes part in encryption.',
	);
	assert.equal(
		await refusal(first.session.startVerification({deviceId: home.account.deviceId})),
		'This is the device that you are using.',
	);
	// Both sides begin with the emoji at once: one of the two beginnings counts.
	const again = await first.session.startVerification({deviceId: second.deviceId});
	await waitForStep(second.engine, 'requested', again.id);
	await second.engine.session.acceptVerification({id: again.id});
	await Promise.all([
		second.engine.session.startSas({id: again.id}),
		waitForStep(first, 'ready', again.id).then(async () => first.session.startSas({id: again.id})),
	]);
	await confirmBoth(first, second.engine);
	assert.ok((await waitForStep(first, 'done', again.id)).isTrusted);
});

test('a person is verified in the chat with them, encrypted, and messages keep their order', servers, async t => {
	const server = await sharedSynapse();
	const {engine: anna, home: annaHome} = await startVerified(t, server);
	const {engine: bob, home: bobHome} = await startVerified(t, server);
	const {userId} = bobHome.account;
	const asked = await anna.session.startVerification({userId});
	const roomId = asked.roomId ?? '';
	await acceptInvitation(bob, roomId);
	const incoming = await waitForStep(bob, 'requested');
	assert.deepEqual([incoming.userId, incoming.roomId, incoming.isOwn], [annaHome.account.userId, roomId, false]);
	await sendText(anna, roomId, 'one');
	await bob.session.acceptVerification({id: incoming.id});
	await sendText(anna, roomId, 'two');
	await confirmBoth(anna, bob);
	for (const engine of [anna, bob]) assert.ok((await waitForStep(engine, 'done')).isTrusted);
	assert.equal((await anna.session.devicesOf({userId})).identity, 'verified');
	assert.equal((await bob.session.devicesOf({userId: annaHome.account.userId})).identity, 'verified');
	const {messages} = await bob.session.read({room: roomId, count: 100});
	assert.deepEqual(
		messages.filter(({type}) => type === 'm.room.message').map(({content}) => asString(content['body']) ?? ''),
		[messages.find(({content}) => content['msgtype'] === 'm.key.verification.request')?.content['body'], 'one', 'two'],
	);
	// Not one of the events went in the clear.
	assert.deepEqual(
		messages.filter(({type, encryption}) => type.startsWith('m.key.') && encryption === 'clear'),
		[],
	);
});

test(
	'a stock client asks, and its person is verified; the other way round it says that the emoji differ',
	servers,
	async t => {
		const server = await sharedSynapse();
		const {engine, home} = await startVerified(t, server);
		const peer = await createPeer(t, {server, name: uniqueName('peer'), isEncrypted: true});
		await peer.setUpEncryption();
		const roomId = await peer.createRoom({isEncrypted: true, isDirect: true, invite: [home.account.userId]});
		await acceptInvitation(engine, roomId);
		await sendText(engine, roomId, 'here');
		await peer.waitForText(roomId, 'here');
		const crypto = peer.client.getCrypto();
		assert.ok(crypto);
		const refusedBy = nextRequest(peer.client);
		await engine.session.startVerification({userId: peer.userId});
		const request = await refusedBy;
		await request.accept();
		const shownTo = await showSas(request);
		await waitForStep(engine, 'compare');
		shownTo.mismatch();
		const {ending} = await waitForStep(engine, 'cancelled');
		assert.match(
			ending ?? '',
			/^They said that the emoji, or the keys behind them, do not match\. Nothing was verified\./,
		);
		assert.equal((await engine.session.devicesOf({userId: peer.userId})).identity, 'unverified');

		await crypto.userHasCrossSigningKeys(home.account.userId, true);
		const own = await crypto.requestVerificationDM(home.account.userId, roomId);
		const incoming = await waitForStep(engine, 'requested');
		await engine.session.acceptVerification({id: incoming.id});
		await waitForPhase(own, VerificationPhase.Ready);
		const callbacks = await showSas(own);
		const shown = await waitForStep(engine, 'compare');
		assert.deepEqual(
			shown.emoji?.map(({symbol, name}) => [symbol, name]),
			callbacks.sas.emoji,
		);
		await callbacks.confirm();
		await engine.session.confirmVerification({id: shown.id});
		assert.ok((await waitForStep(engine, 'done', shown.id)).isTrusted);
		assert.equal((await engine.session.devicesOf({userId: peer.userId})).identity, 'verified');
		await waitForPhase(own, VerificationPhase.Done);
	},
);

test('an account without an identity and a device that is not verified are told so', servers, async t => {
	const server = await sharedSynapse();
	const {home: bob} = await startVerified(t, server);
	const {engine: anna, home} = await startVerified(t, server);
	const second = await startSecond(t, server, home.account);
	assert.equal(
		await refusal(second.engine.session.startVerification({userId: bob.account.userId})),
		'This device is not verified itself, so it cannot vouch for other people.',
	);
	const plain = await createPeer(t, {server, name: uniqueName('plain')});
	assert.equal(
		await refusal(anna.session.startVerification({userId: plain.userId})),
		`${plain.userId} has no identity that could be verified.`,
	);
	assert.equal(await refusal(anna.session.startVerification({userId: 'bob'})), 'bob is not the id of a person.');
	// Nor is a request of such a person accepted.
	const bare = await createPeer(t, {server, name: uniqueName('bare'), isEncrypted: true});
	const roomId = await bare.createRoom({isEncrypted: true, isDirect: true, invite: [home.account.userId]});
	await acceptInvitation(anna, roomId);
	await sendText(anna, roomId, 'here');
	await bare.waitForText(roomId, 'here');
	await bare.client.getCrypto()?.userHasCrossSigningKeys(home.account.userId, true);
	await bare.client.getCrypto()?.requestVerificationDM(home.account.userId, roomId);
	const {id} = await waitForStep(anna, 'requested');
	assert.equal(
		await refusal(anna.session.acceptVerification({id})),
		`${bare.userId} has no identity that could be verified.`,
	);
	assert.match(await refusal(anna.session.confirmVerification({id: 'gone'})), /^This verification is gone/);
});

test('what is under way ends with the engine, and the other side is told', servers, async t => {
	const server = await sharedSynapse();
	const {engine: first, home} = await startVerified(t, server);
	const second = await startSecond(t, server, home.account);
	const asked = await first.session.startVerification({deviceId: second.deviceId});
	await waitForStep(second.engine, 'requested');
	await first.stop();
	assert.equal(
		(await waitForStep(second.engine, 'cancelled')).ending,
		'The other device cancelled it. Nothing was verified.',
	);
	const again = await startHome(t, home);
	assert.deepEqual((await again.session.verifications({})).verifications, []);
	assert.match(await refusal(again.session.cancelVerification({id: asked.id})), /^This verification is gone/);
});
