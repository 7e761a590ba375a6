/** The part of `mx bridge` in which a bridge is asked for something, and `mx send` to another network. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {ShellActions} from '../../source/commands/define-command.ts';
import type {BridgeHealth} from '../../source/domain/bridge-health.ts';
import type {BridgeLogin} from '../../source/domain/bridge-login.ts';
import type {SendRequest, Session} from '../../source/domain/session.ts';
import {receiving, room, run} from './shell-context.ts';

const health: BridgeHealth = {
	bot: '@signalbot:one.test',
	protocol: 'signal',
	rid: 1,
	account: 'abc',
	name: '+49\u001B[31m151',
	condition: 'logged-out',
	state: 'bad_credentials',
	error: undefined,
	message: 'Signed out by Signal',
	remedy: 'relogin',
	since: Date.UTC(2026, 10, 25, 12),
};

const login: BridgeLogin = {
	id: 'l1',
	version: 3,
	protocol: 'signal',
	bot: '@signalbot:one.test',
	way: 'chat',
	said: ['Login failed: too late'],
	display: undefined,
	fields: [],
	outcome: 'failed',
};

/** An account that is in step, as far as a test needs it. */
const live = (session: Partial<Session>): Pick<ShellActions, 'live'> => ({
	live: async work => work(session as Session),
});

suite('mx bridge', () => {
	test('status says how logins are, and what helps', async () => {
		const session = {bridgeHealth: async () => ({health: [health], quiet: []})};
		const {lines, document} = await run(['bridge', 'status'], {session, view: {isTerminal: true, columns: 80}});
		assert.equal(lines.length, 1);
		assert.match(
			lines[0] ?? '',
			/^Signal {2}\+49.*151 {2}logged out {2}Signed out by Signal {2}sign in again: mx bridge login signal --account abc$/,
		);
		const odd = {bridgeHealth: async () => ({health: [{...health, account: 'a; rm -rf ~'}], quiet: []})};
		assert.match((await run(['bridge', 'status'], {session: odd})).lines[0] ?? '', /mx bridge login signal$/);
		assert.ok(!(lines[0] ?? '').includes('\u001B'));
		assert.deepEqual(document?.['logins'], [
			{
				network: 'signal',
				bot: '@signalbot:one.test',
				login: 'abc',
				name: '+49\u001B[31m151',
				condition: 'logged-out',
				state: 'bad_credentials',
				error: null,
				message: 'Signed out by Signal',
				remedy: 'relogin',
				since: '2026-11-25T12:00:00.000Z',
				since_ms: health.since,
			},
		]);
		const quiet = [{protocol: 'signal', bot: '@signalbot:one.test', account: 'def', name: '+49 152'}];
		const both = await run(['bridge', 'status'], {session: {bridgeHealth: async () => ({health: [health], quiet})}});
		assert.match(both.lines[1] ?? '', /^Signal\t\+49 152\tno trouble known\t\t$/);
		const none = await run(['bridge', 'status'], {session: {bridgeHealth: async () => ({health: [], quiet: []})}});
		assert.deepEqual(none.lines, []);
		assert.match(none.said[0] ?? '', /No bridge has said/);
	});

	test('login goes by the network, or by its bot', async () => {
		const asked: unknown[] = [];
		const shell: Partial<ShellActions> = {
			async bridgeLogin({bridge, flow, account, tell}) {
				asked.push([bridge, flow, account]);
				tell(login);
				return {...login, outcome: 'done'};
			},
		};
		const {said, document} = await run(['bridge', 'login', 'Signal', '--flow', 'qr'], {shell});
		assert.deepEqual(said, ['Signed in at Signal; its chats come now.']);
		assert.deepEqual([document?.['way'], document?.['outcome']], ['chat', 'failed']);
		await run(['bridge', 'login', '@bot:one.test', '--account', 'abc'], {shell});
		assert.deepEqual(asked, [
			['signal', 'qr', undefined],
			['@bot:one.test', undefined, 'abc'],
		]);
	});

	test('login that fails says why', async () => {
		const {error} = await run(['bridge', 'login', 'signal'], {shell: {bridgeLogin: async () => login}});
		assert.deepEqual([error?.reason, error?.message], ['bridge', 'Login failed: too late']);
	});

	test('logout and contacts ask the bridge', async () => {
		const out = await run(['bridge', 'logout', 'signal'], {
			shell: live({bridgeLogout: async () => ({said: ['Logged out +49']})}),
		});
		assert.deepEqual(out.lines, ['Logged out +49']);
		const contact = {id: '4917', name: 'Anna', identifiers: ['tel:+4917'], ghost: undefined, roomId: undefined};
		const {lines} = await run(['bridge', 'contacts', 'signal', '--name', 'an'], {
			shell: live({bridgeContacts: async ({query}) => ({contacts: query === 'an' ? [contact] : []})}),
		});
		assert.deepEqual(lines, ['Anna\ttel:+4917\t4917']);
	});

	test('what makes no sense is said', async () => {
		const reason = async (...words: readonly string[]) => (await run(['bridge', ...words])).error;
		assert.match(
			(await reason('login'))?.message ?? '',
			/Of what\? Say mx bridge login and then a network, as signal\./,
		);
		assert.equal((await reason('dance'))?.reason, 'usage');
		assert.equal((await reason('api', 'http://bridge.example.org'))?.reason, 'usage');
		assert.equal((await reason('invitations', 'maybe'))?.reason, 'usage');
	});

	test('a slip in --as makes no network, and what mx does not know is named so', async () => {
		const networks: unknown[] = [];
		const session: Partial<Session> = {
			setNetwork: async ({protocol}) => (networks.push(protocol), {room: room()}),
			trustBot: async ({protocol}) => (networks.push(protocol), {}),
		};
		const said = async (as: string) => (await run(['bridge', 'network', 'Mum', '--as', as], {session})).error;
		const slip = await said('signl');
		assert.deepEqual([slip?.reason, slip?.message], ['usage', '"signl" is no network that mx knows. Is it signal?']);
		assert.match(slip?.next ?? '', /^It knows signal, whatsapp, .*other:NAME/);
		assert.equal((await said('klingon'))?.reason, 'usage');
		assert.equal((await run(['bridge', 'trust', '@foo:bar', '--as', 'signl'], {session})).error?.reason, 'usage');
		for (const as of ['Signal', 'IRC', 'facebook', 'other:klingon', 'matrix', 'auto'])
			assert.equal(await said(as), undefined, as);
		assert.deepEqual(networks, ['signal', 'irc', 'messenger', 'other:klingon', 'matrix', undefined]);
	});

	test('what an action would leave aside is refused', async () => {
		for (const words of [
			['list', 'signal'],
			['status', 'extra'],
			['status', '--flow', 'qr'],
			['login', 'signal', '--as', 'irc'],
			['why', 'Mum', '--heal'],
			['distrust', '@a:b', '--as', 'irc'],
		])
			assert.equal((await run(['bridge', ...words])).error?.reason, 'usage', words.join(' '));
	});

	test('bridges stand in columns on a terminal, with the word for what is counted; nobody found is said', async () => {
		const bridge = (bot: string, protocol: string, rooms: number) => ({
			bot,
			protocol,
			rooms,
			trust: 'attested' as const,
		});
		const bridges = [bridge('@signalbot:one.test', 'signal', 12), bridge('@wa:one.test', 'whatsapp', 1)];
		const session: Partial<Session> = {bridges: async () => ({bridges})};
		const {lines} = await run(['bridge'], {session, view: {isTerminal: true, columns: 80}});
		assert.match(lines[0] ?? '', /^Signal {4}@signalbot:one\.test {2}12 rooms {2}\S/);
		assert.match(lines[1] ?? '', /^WhatsApp {2}@wa:one\.test {11}1 room {2}\S/);
		const {said} = await run(['bridge', 'contacts', 'whatsapp', '--name', 'zzz'], {
			shell: live({bridgeContacts: async () => ({contacts: []})}),
		});
		assert.deepEqual(said, ['The bridge names no contact called "zzz".']);
	});

	test('the addresses of APIs and the way of invitations are kept', async () => {
		const kept: unknown[] = [];
		const session: Partial<Session> = {
			setBridgeApi: async request => (kept.push(request), {bot: request.isUsed ? '@wabot:one.test' : undefined}),
			setPortalInvitations: async request => (kept.push(request), {}),
		};
		const {lines, document} = await run(['bridge', 'api', 'https://bridge.example.org/'], {session});
		assert.deepEqual(lines, ['Noted: @wabot:one.test answers there.']);
		assert.equal(document?.['bot'], '@wabot:one.test');
		assert.deepEqual((await run(['bridge', 'no-api', 'http://127.0.0.1:29318'], {session})).lines, ['Noted.']);
		await run(['bridge', 'invitations', 'ask'], {session});
		assert.deepEqual(kept, [
			{url: 'https://bridge.example.org', isUsed: true},
			{url: 'http://127.0.0.1:29318', isUsed: false},
			{isAskedFirst: true},
		]);
	});
});

test('mx send goes to somebody on another network', async () => {
	const sent: SendRequest[] = [];
	const asked: unknown[] = [];
	const shell = live({
		async bridgeChat(request) {
			asked.push(request);
			return {room: room({roomId: '!anna:one.test'})};
		},
	});
	await run(['send', 'signal:+4915', 'hello'], {session: receiving(sent), shell});
	assert.deepEqual(asked, [{bridge: 'signal', identifier: '+4915'}]);
	assert.equal(sent[0]?.to, '!anna:one.test');
});
