/** Bridges on the screen: how they are, signing in and out, people on their networks. */
import {parseNetworkAddress} from '../bridges/network-address.ts';
import {networkNamed, normalizeProtocolId, protocolOf} from '../bridges/protocols.ts';
import type {BridgeActions} from '../commands/bridge-actions.ts';
import {isTroubled, type BridgeHealth} from '../domain/bridge-health.ts';
import type {BridgeContact} from '../domain/bridge-login.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {
	accountOf,
	bridgeRowKey,
	bridgeRows,
	contactRows,
	loginRows,
	type BridgeRow,
} from '../view-models/bridge-rows.ts';
import {createBridgeLoginPanel} from './bridge-login.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type BridgeActionOptions = ScreenPort & {
	readonly reader: AccountReader;
	/** Opens a room, ready to write there. */
	readonly enterRoom: (room: RoomRow) => void;
};

export const createBridgeActions = (options: BridgeActionOptions): BridgeActions => {
	const {model, session, reader} = options;
	const loginPanel = createBridgeLoginPanel(options);
	let known: readonly BridgeRow['bridge'][] = [];

	const run = (work: () => Promise<void>): void => void sayFailure(options, work);

	/** @returns the id of a network by what it is called, or the user id of a bot; what is neither is said. */
	const bridgeOf = (typed: string | undefined): string | undefined => {
		if (typed === undefined) {
			const names = known.length > 0 ? known.map(({protocol}) => protocol) : ['signal'];
			model.say(`Of which network? For example /bridge login ${names[0]}.`, 'warning');
			return undefined;
		}
		if (typed.startsWith('@')) return typed;
		const id = networkNamed(typed) ?? known.find(({protocol}) => protocol === normalizeProtocolId(typed))?.protocol;
		if (id !== undefined) return id;
		model.say(`mx does not know the network ${typed}.`, 'warning');
		return undefined;
	};

	const rows = (): readonly BridgeRow[] =>
		loginRows(known, {health: reader.portals.health(), quiet: reader.portals.quiet()});

	const load = async (): Promise<void> => {
		const {bridges} = await session.bridges({});
		known = bridges.filter(({trust}) => trust === 'attested' || trust === 'inferred');
		model.inPanel(panels => panels.refresh());
	};

	/** What is chosen in the list; else the login that is in trouble. */
	const current = (): BridgeRow | undefined => {
		const chosen = model.panels.scope() === 'bridges' ? model.panels.chosen() : undefined;
		const health = reader.portals.health().find(isTroubled);
		const troubled =
			health === undefined ? undefined : {bridge: {bot: health.bot, protocol: health.protocol, rooms: 0}, health};
		return rows().find(row => bridgeRowKey(row) === chosen) ?? troubled;
	};

	const relogin = (row: BridgeRow | undefined): void => {
		if (row === undefined) return model.say('No login of a bridge is in trouble.');
		const account = accountOf(row);
		loginPanel.open({bridge: row.bridge.bot, account: account === '' ? undefined : account});
	};

	const openConsole = (bot: string | undefined): void => {
		const room = reader.portals.consoles().find(console => console.bot === bot);
		const row = room === undefined ? undefined : reader.room(room.rid);
		if (row === undefined) return model.say('There is no room with the bot yet: signing in opens one.', 'warning');
		model.closePanel('all');
		options.enterRoom(row);
	};

	const openBridges = (): void => {
		model.openPanel({
			scope: 'bridges',
			place: 'side',
			title: literal`Bridges`,
			hint: literal`r signs in or connects again · o opens the room with the bot`,
			rows: () => bridgeRows(rows()),
			empty: () => literal`There is no bridge yet: /bridge login signal, for example.`,
			choose(key) {
				const row = rows().find(each => bridgeRowKey(each) === key);
				if (row?.health !== undefined && isTroubled(row.health)) relogin(row);
				else openConsole(row?.bridge.bot);
			},
		});
		run(load);
	};

	const enter = async (request: {readonly bridge: string; readonly identifier: string}): Promise<void> => {
		model.say('Asking the bridge…', 'muted', true);
		const {room} = await session.bridgeChat(request);
		model.closePanel('all');
		model.refresh(new Set([room.rid]));
		options.enterRoom(reader.room(room.rid) ?? room);
		model.say(`This goes to ${protocolOf(room.protocol ?? request.bridge).name}.`, 'ok');
	};

	const openContacts = (bridge: string, query: string): void => {
		let contacts: readonly BridgeContact[] | undefined;
		const name = bridge.startsWith('@') ? bridge : protocolOf(bridge).name;
		model.openPanel(
			{
				scope: 'contacts',
				place: 'side',
				title: literal`People on ${safeText(name, 'name')}`,
				prompt: literal`part of a name or number`,
				hint: literal`Enter opens the chat`,
				rows: typed => contactRows(contacts ?? [], typed),
				empty: () => (contacts === undefined ? literal`Asking the bridge…` : literal`Nobody is called like that.`),
				choose: identifier => run(async () => enter({bridge, identifier})),
			},
			query,
		);
		run(async () => {
			try {
				({contacts} = await session.bridgeContacts({bridge}));
			} catch (error) {
				if (model.panels.scope() === 'contacts') model.closePanel();
				throw error;
			}
			model.inPanel(panels => panels.refresh());
		});
	};

	const logOut = async (bridge: string, account: string | undefined): Promise<void> => {
		model.say('Signing out…', 'muted', true);
		const {said} = await session.bridgeLogout({bridge, account});
		model.say(said.join(' '), 'ok');
	};

	const setInvitations = async (isAskedFirst: boolean): Promise<void> => {
		await session.setPortalInvitations({isAskedFirst});
		model.say(isAskedFirst ? 'New chats of bridges ask first.' : 'New chats of bridges are accepted.', 'ok');
	};

	const withBridge = (typed: string | undefined, act: (bridge: string) => void): void => {
		const bridge = bridgeOf(typed);
		if (bridge !== undefined) act(bridge);
	};

	const login = (typed: string | undefined, flow?: string, account?: string): void =>
		withBridge(typed, bridge => loginPanel.open({bridge, flow, account}));

	return {
		openBridges,
		login: (network, account) => login(network, undefined, account),
		relogin: () => relogin(current()),
		reloginSection() {
			const section = model.focusedPane() === 'inbox' ? model.inbox.currentSection() : undefined;
			if (section === undefined) return false;
			const {trouble} = section;
			if (trouble !== 'logged-out' && trouble !== 'disconnected') return false;
			const isOf = ({account}: BridgeHealth): boolean =>
				account === section.account || (section.account === undefined && account === section.network);
			const out = reader.portals
				.health()
				.filter(({protocol, condition}) => protocol === section.protocol && condition === trouble);
			const health = out.find(isOf) ?? (section.account === undefined ? out[0] : undefined);
			if (health === undefined) return false;
			loginPanel.open({bridge: health.bot, account: health.account === '' ? undefined : health.account});
			return true;
		},
		openConsole: () => openConsole(current()?.bridge.bot),
		openChat(address) {
			const parsed = parseNetworkAddress(address);
			if (parsed === undefined) return model.say(`${address} is nobody on a network that mx knows.`, 'warning');
			run(async () => enter({bridge: parsed.protocol, identifier: parsed.identifier}));
		},
		obey(action = 'status', what, more) {
			switch (action) {
				case 'status':
				case 'list':
					return openBridges();
				case 'login':
					return login(what, more);
				case 'relogin':
					return what === undefined ? relogin(current()) : login(what, undefined, more);
				case 'logout':
					return withBridge(what, bridge => run(async () => logOut(bridge, more)));
				case 'contacts':
					return withBridge(what, bridge => openContacts(bridge, more ?? ''));
				case 'invitations':
					if (what !== 'accept' && what !== 'ask')
						return model.say('Say /bridge invitations accept, or ask.', 'warning');
					return run(async () => setInvitations(what === 'ask'));
				default:
					model.say(`/bridge knows status, login, logout, contacts and invitations, not ${action}.`, 'warning');
			}
		},
	};
};
