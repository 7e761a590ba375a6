/** The part of the Session in which a bridge is asked for something: signing in and out, people, chats with them. */
import {isRefusal, isSignedOut, isWithoutLogin, linkedRoom, readLogins} from '../../bridges/bot-words.ts';
import {protocolOf} from '../../bridges/protocols.ts';
import type {BridgeContact, BridgeLogin, BridgeLoginRequests} from '../../domain/bridge-login.ts';
import {ExpectedError} from '../../domain/errors.ts';
import {isHeisenbridge} from '../../domain/heisenbridge.ts';
import {asArray, asObject, asString} from '../../domain/json.ts';
import type {Message} from '../../domain/message.ts';
import type {RoomRow} from '../../domain/room.ts';
import type {AccountStores} from '../account-stores.ts';
import {createBotCommands, silentBot, textOf} from './bot-commands.ts';
import type {BridgeApis} from './api.ts';
import {requireAnswer, startBridgeForm} from './form.ts';
import type {Bridge, BridgeRooms, BridgeTimes} from './rooms.ts';
import {startBridgeTalk, type BridgeTalkOptions} from './talk.ts';
import type {ChangeFeed} from '../change-feed.ts';
import {createIrcNetworks} from './irc-networks.ts';
import type {LoginSteps} from './login-steps.ts';

export type BridgeLoginOptions = Pick<BridgeTalkOptions, 'reading' | 'redact'> & {
	readonly stores: Pick<AccountStores, 'account' | 'bridgeHealth' | 'reader'>;
	readonly rooms: BridgeRooms;
	readonly apis: BridgeApis;
	readonly feed: ChangeFeed;
	readonly join: (roomId: string) => Promise<string>;
	readonly bridgeTimes?: BridgeTimes | undefined;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly newId: () => string;
};

type Running = {login: BridgeLogin; steps: Omit<LoginSteps, 'tell'> | undefined; wake: PromiseWithResolvers<void>};

/** Milliseconds: who waits is answered after so long, with nothing new. */
const longestWait = 25_000;
/** Milliseconds that a new chat has to come, and to be found to be of the bridge. */
const usualChat = 15_000;

const contactOf = (value: unknown): BridgeContact => {
	const {id, name, identifiers, mxid, dm_room_mxid: roomId} = asObject(value);
	return {
		id: asString(id) ?? '',
		name: asString(name),
		identifiers: asArray(identifiers).filter(each => typeof each === 'string'),
		ghost: asString(mxid),
		roomId: asString(roomId),
	};
};

export const createBridgeLogins = (options: BridgeLoginOptions): BridgeLoginRequests => {
	const {stores, rooms, apis, feed, now} = options;
	const {reader} = stores;
	const {chat: chatTime = usualChat} = options.bridgeTimes ?? {};
	const running = new Map<string, Running>();
	const command = createBotCommands({rooms, reader, reading: options.reading});
	const irc = createIrcNetworks({rooms, reader, feed});

	const require = (id: string): Running => {
		const one = running.get(id);
		if (one !== undefined) return one;
		throw new ExpectedError({message: 'This sign-in is over.', next: 'Begin it anew.', reason: 'notFound'});
	};

	const set = (one: Running, now: Partial<BridgeLogin>): void => {
		one.login = {...one.login, ...now, version: one.login.version + 1};
		one.wake.resolve();
		one.wake = Promise.withResolvers();
	};

	/** Bots do not say of which network they speak. */
	const refusalOf = ({protocol}: Bridge, answer: Message, reason: 'bridge' | 'notFound' = 'bridge'): ExpectedError => {
		const said = textOf(answer);
		if (!isWithoutLogin(said)) return new ExpectedError({message: said, reason});
		const {name} = protocolOf(protocol);
		return new ExpectedError({
			message: `You are not signed in at ${name}.`,
			next: `/bridge login ${protocol} signs in, or mx bridge login ${protocol} in the shell.`,
			reason,
		});
	};

	const requireNoRefusal = (bridge: Bridge, answer: Message): Message => {
		if (isRefusal(textOf(answer))) throw refusalOf(bridge, answer);
		return answer;
	};

	/** @throws ExpectedError `ambiguous` @returns `undefined` where the bridge knows which */
	const accountOf = (bot: string, given: string | undefined): string | undefined => {
		const known = reader.portals.health().filter(each => each.bot === bot && each.account !== '');
		if (given !== undefined)
			return known.find(({account, name}) => name === given || account === given)?.account ?? given;
		return known.length === 1 ? known[0]?.account : undefined;
	};

	const logoutByBot = async (bridge: Bridge, given: string | undefined): Promise<readonly string[]> => {
		let account = accountOf(bridge.bot, given);
		if (account === undefined) {
			const listed = await command(bridge, 'list-logins', message => readLogins(textOf(message)).length > 0);
			const logins = readLogins(textOf(listed));
			if (logins.length > 1)
				throw new ExpectedError({
					message: `You are signed in ${logins.length} times.`,
					next: 'Name the login.',
					reason: 'ambiguous',
					candidates: logins,
				});
			[account] = logins;
			if (account === undefined) throw refusalOf(bridge, listed, 'notFound');
		}
		const answer = requireNoRefusal(
			bridge,
			await command(bridge, `logout ${account}`, message => isSignedOut(textOf(message))),
		);
		forget(bridge.bot, account);
		return [textOf(answer)];
	};

	const forget = (bot: string, account: string): void => {
		const rids = reader.portals
			.health()
			.flatMap(each => (each.bot === bot && each.account === account ? [each.rid] : []));
		if (stores.account.write(() => stores.bridgeHealth.forget(bot, account, now()))) feed.changed(rids, true);
	};

	/** Enters a chat that a bridge has named, if it is surely one of that bridge: what people are called may hold links too. */
	const openRoom = async ({bot, protocol}: Bridge, roomId: string): Promise<RoomRow> => {
		const chat = (): RoomRow | undefined => {
			const room = reader.roomById(roomId);
			const portal = room === undefined ? undefined : reader.portals.portal(room.rid);
			if (room === undefined || portal?.trust !== 'attested') return undefined;
			// Of an invitation by a ghost that the server vouches for, the bot is not known yet.
			if (room.membership === 'invite' && portal.bot === undefined)
				return portal.protocol === protocol ? room : undefined;
			const isChat = portal.kind === 'direct' || portal.kind === 'channel';
			return portal.bot === bot && isChat ? room : undefined;
		};
		const joined = (): RoomRow | undefined => {
			const room = chat();
			return room?.membership === 'join' ? room : undefined;
		};
		const found = await rooms.until(chat, chatTime);
		if (found === undefined)
			throw new ExpectedError({
				message: `${bot} names a chat that is not known to be one of its own; nothing was sent there.`,
				next: 'See what it says in its room.',
				reason: 'refused',
			});
		if (joined() === undefined) await options.join(roomId);
		const room = await rooms.until(joined, chatTime);
		if (room !== undefined) return room;
		throw new ExpectedError({
			message: 'The new chat does not come.',
			next: 'See mx rooms in a minute.',
			reason: 'notReady',
		});
	};

	const chatByBot = async (bridge: Bridge, identifier: string): Promise<RoomRow> => {
		const answer = requireNoRefusal(
			bridge,
			await command(bridge, `start-chat ${identifier}`, message => linkedRoom(message.content) !== undefined),
		);
		const roomId = linkedRoom(answer.content);
		if (roomId === undefined) throw new ExpectedError({message: textOf(answer), reason: 'bridge'});
		return openRoom(bridge, roomId);
	};

	const start = async (
		bridge: Bridge,
		{flow, account}: {readonly flow?: string | undefined; readonly account?: string | undefined},
	): Promise<Running> => {
		const isIrc = isHeisenbridge(bridge.bot);
		const api = isIrc ? undefined : await apis.of(bridge.bot);
		const id = options.newId();
		const login: BridgeLogin = {
			...bridge,
			id,
			version: 1,
			way: isIrc ? 'connection' : api === undefined ? 'chat' : 'api',
			said: [],
			display: undefined,
			fields: [],
			outcome: undefined,
		};
		const one: Running = {login, steps: undefined, wake: Promise.withResolvers()};
		const tell: LoginSteps['tell'] = state => set(one, state);
		const renewed = account === undefined ? undefined : accountOf(bridge.bot, account);
		if (isIrc) one.steps = await irc.connect(bridge, account ?? flow, tell);
		else if (api !== undefined) one.steps = await startBridgeForm(api, {flow, account: renewed}, tell);
		else {
			const words = renewed === undefined ? `login ${flow ?? ''}` : `relogin ${renewed}`;
			one.steps = await startBridgeTalk({...options, bridge}, words.trim(), tell);
		}
		running.set(id, one);
		return one;
	};

	return {
		bridgeHealth: async () => ({health: reader.portals.health(), quiet: reader.portals.quiet()}),
		startBridgeLogin: async ({bridge, flow, account}) =>
			(await start(await rooms.bridgeOf(bridge), {flow, account})).login,
		async bridgeLogin({id, seen}) {
			const one = require(id);
			if (one.login.version !== seen) return one.login;
			const {promise: late, resolve} = Promise.withResolvers<void>();
			const timer = setTimeout(resolve, longestWait);
			await Promise.race([one.wake.promise, late]);
			clearTimeout(timer);
			return one.login;
		},
		async answerBridgeLogin({id, answers}) {
			const one = require(id);
			// What was asked is answered; the bridge says what is next.
			const {fields} = one.login;
			set(one, {fields: []});
			try {
				await one.steps?.answer(answers);
			} catch (error) {
				// What was not taken is asked for still.
				if (one.login.outcome === undefined && one.login.fields.length === 0) set(one, {fields});
				throw error;
			}
			return one.login;
		},
		async stopBridgeLogin({id}) {
			const one = running.get(id);
			running.delete(id);
			if (one?.login.outcome === undefined) await one?.steps?.stop();
			return {};
		},
		async bridgeLogout({bridge: choice, account: given}) {
			const bridge = await rooms.bridgeOf(choice);
			if (isHeisenbridge(bridge.bot)) return {said: await irc.disconnect(bridge, given)};
			const api = await apis.of(bridge.bot);
			const account = accountOf(bridge.bot, given);
			if (api === undefined || account === undefined) return {said: await logoutByBot(bridge, given)};
			requireAnswer(await api.logout(account));
			forget(bridge.bot, account);
			return {said: ['Signed out.']};
		},
		async bridgeContacts({bridge: choice, query = ''}) {
			const bridge = await rooms.bridgeOf(choice);
			const api = await apis.of(bridge.bot);
			if (api === undefined) {
				const {name} = protocolOf(bridge.protocol);
				throw new ExpectedError({
					message: `The bridge to ${name} has no interface for programs, and its bot lists nobody.`,
					next: 'Write to somebody by a number or a name: mx send NETWORK:NUMBER TEXT.',
					reason: 'bridge',
				});
			}
			const contacts = asArray(requireAnswer(await api.contacts())['contacts']).map(contactOf);
			const wanted = query.toLowerCase();
			return {contacts: contacts.filter(each => JSON.stringify(each).toLowerCase().includes(wanted))};
		},
		async bridgeChat({bridge: choice, identifier}) {
			const bridge = await rooms.bridgeOf(choice);
			if (isHeisenbridge(bridge.bot)) return {room: await irc.chat(bridge, identifier)};
			const api = await apis.of(bridge.bot);
			if (api === undefined) return {room: await chatByBot(bridge, identifier)};
			const known = contactOf(requireAnswer(await api.resolve(identifier)));
			const {roomId} = known.roomId === undefined ? contactOf(requireAnswer(await api.createChat(known.id))) : known;
			if (roomId === undefined) throw silentBot(bridge);
			return {room: await openRoom(bridge, roomId)};
		},
	};
};
