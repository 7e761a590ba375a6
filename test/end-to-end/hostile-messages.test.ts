/** Hostile and honest text in messages: what must not reach a terminal does not, what people write does. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {legitimateTexts, readEmoji} from '../corpus/legitimate.ts';
import {hostilePayloads} from '../corpus/terminal.ts';
import {createPeer} from '../helpers/peer.ts';
import {joinRoom, openFirstRoom, scrollToStart, signIn, writeSettings} from '../helpers/signed-in.ts';
import {needsServers, sharedSynapse, uniqueName} from '../helpers/synapse.ts';
import {assertLeft, assertPrintsSafely, readableBodies, readRoom} from './printed-text.ts';

/** The texts as HTML in places that are drawn. */
const htmlOf = (payload: string): string =>
	`<b>${payload}</b> <a href="${payload}">link</a> <a href="https://x.test/${payload}">link</a> <code>${payload}</code>`;

suite('messages through a real server', await needsServers(), () => {
	test('encrypted, where no server looks, as text and as HTML, nothing reaches the terminal as a command', async t => {
		const server = await sharedSynapse();
		const anna = await signIn(server);
		// Who does not press a key for a while is told of what comes in, by the bell.
		writeSettings(anna.home, {notify: 'off'});
		const mallory = await createPeer(t, {server, name: uniqueName('mallory'), isEncrypted: true});
		const roomId = await mallory.createRoom({name: 'Secret', isEncrypted: true, invite: [anna.userId]});
		await joinRoom(anna, roomId);
		await mallory.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
		// An encrypted event is a third larger than its text and has at most 64 KiB.
		const payloads = hostilePayloads.map(({payload}) => payload).filter(payload => payload.length < 5000);
		const texts: string[] = [];
		for (const payload of payloads) {
			await mallory.sendText(roomId, `aa${payload}zz`);
			await mallory.client.sendHtmlMessage(roomId, payload, htmlOf(payload));
			texts.push(`aa${payload}zz`, payload);
		}
		const screen = anna.openScreen(t, {columns: 110, rows: 40});
		await openFirstRoom(screen);
		// A lone surrogate is no Unicode, so the cryptography refuses it; that is told in the message's place.
		const readable = texts.filter(text => text.isWellFormed());
		await readRoom(screen, anna, {roomId, count: readable.length});
		assert.deepEqual(await readableBodies(anna, roomId), readable);
		await assertLeft(screen);
		await assertPrintsSafely(t, anna, ['read', roomId, '-n', '9999']);
	});

	test('honest text of many scripts and every emoji are printed as they were sent', async t => {
		const server = await sharedSynapse();
		const anna = await signIn(server);
		// Who does not press a key for a while is told of what comes in, by the bell.
		writeSettings(anna.home, {notify: 'off'});
		const bob = await createPeer(t, {server, name: uniqueName('bob')});
		const roomId = await bob.createRoom({name: 'Scripts', invite: [anna.userId]});
		await joinRoom(anna, roomId);
		const emoji = readEmoji();
		const texts = Object.values(legitimateTexts);
		for (let first = 0; first < emoji.length; first += 100) texts.push(emoji.slice(first, first + 100).join(' '));
		for (const text of texts) await bob.sendText(roomId, text);
		const screen = anna.openScreen(t);
		await openFirstRoom(screen);
		await scrollToStart(screen);
		const {code, stdout} = await anna.run(['read', roomId, '-n', '9999']);
		assert.equal(code, 0);
		const printed = stdout
			.replaceAll('\n\t\t', '\r')
			.split('\n')
			.map(line => line.split('\t')[2] ?? '')
			.filter(line => line !== '' && !line.startsWith('* '));
		assert.deepEqual(
			printed.map(line => line.replaceAll('\r', '\n')),
			texts,
		);
	});
});
