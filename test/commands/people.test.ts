/** `mx people`: what is asked of the account, and what is printed. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {asObject} from '../../source/domain/json.ts';
import {run} from './shell-context.ts';

const contact = (userId: string, name: string, protocol: string) => ({
	rid: 1,
	roomId: `!${name}:x`,
	userId,
	name,
	protocol,
	bot: undefined,
	person: undefined,
	personName: undefined,
});

const [signal, whatsapp] = [contact('@signal_a:x', 'Anna', 'signal'), contact('@whatsapp_1:x', 'Anna K', 'whatsapp')];

const people = async (...words: readonly string[]) => {
	const changes: JsonObject[] = [];
	const ran = await run(['people', ...words], {
		session: {
			persons: async () => ({
				persons: [
					{
						id: 'a',
						name: 'Anna',
						prefers: undefined,
						users: [
							{userId: signal.userId, chat: signal},
							{userId: '@gone:x', chat: undefined},
						],
					},
				],
			}),
			suggestPersons: async () => ({
				suggestions: [{first: signal, second: whatsapp, reason: {kind: 'number', value: '+4915123456'}}],
			}),
			rooms: async () => ({rooms: [], lastSync: undefined}),
			changePeople: async ({change}: {readonly change: JsonObject}) => {
				changes.push(change);
				return {isTold: true};
			},
		},
	});
	return {...ran, changes};
};

test('who is one person is listed, and who may be, with the reason', async () => {
	const {document, lines} = await people();
	assert.deepEqual(asObject(document), {
		people: [
			{
				id: 'a',
				name: 'Anna',
				prefers: null,
				users: [
					{user_id: '@signal_a:x', network: 'signal', room_id: '!Anna:x', room_name: 'Anna'},
					{user_id: '@gone:x', network: null, room_id: null, room_name: null},
				],
			},
		],
	});
	assert.deepEqual(lines, ['a\tAnna\tSignal\t@signal_a:x', 'a\tAnna\tno chat\t@gone:x']);
	const suggested = await people('suggest');
	assert.deepEqual(suggested.lines, ['@signal_a:x\t@whatsapp_1:x\tnumber\t+4915123456']);
	assert.match(JSON.stringify(suggested.document), /"text":"the same number, \+4915123456"/);
});

test('people are linked, named and taken apart by their user ids', async () => {
	const one = async (...words: readonly string[]) => (await people(...words)).changes[0];
	const {id, ...link} = (await one('link', '@b:x', '@c:x', '--name', 'Bob')) ?? {};
	assert.equal(typeof id, 'string');
	assert.deepEqual(link, {kind: 'link', users: ['@b:x', '@c:x'], name: 'Bob'});
	// Who has a name keeps it.
	assert.equal((await one('link', '@signal_a:x', '@c:x'))?.['name'], undefined);
	assert.deepEqual(await one('unlink', '@b:x'), {kind: 'unlink', user: '@b:x'});
	assert.deepEqual(await one('rename', '@b:x', '--name', 'Bobby'), {kind: 'rename', user: '@b:x', name: 'Bobby'});
	assert.deepEqual(await one('rename', '@b:x'), {kind: 'rename', user: '@b:x', name: ''});
	assert.deepEqual(await one('apart', '@b:x', '@c:x'), {kind: 'apart', users: ['@b:x', '@c:x']});
	assert.deepEqual(await one('prefer', '@b:x'), {kind: 'prefer', user: '@b:x', isSet: true});
	assert.deepEqual(await one('no-prefer', '@b:x'), {kind: 'prefer', user: '@b:x', isSet: false});
});

test('what names nobody is refused, with what to say', async () => {
	for (const words of [
		['merge'],
		['link', '@b:x'],
		['link', 'anna', '@b:x'],
		['unlink'],
		['unlink', '@b:x', '@c:x'],
		['apart', '@a:x'],
	]) {
		const {error, changes} = await people(...words);
		assert.equal(error?.reason, 'usage', words.join(' '));
		assert.deepEqual(changes, []);
	}
});
