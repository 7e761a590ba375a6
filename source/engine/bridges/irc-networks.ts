/** heisenbridge: its bot knows no logins, but a room for each network of IRC, in which it connects and opens private chats. */
import {parseConnection, troubleIn} from '../../domain/heisenbridge.ts';
import {ExpectedError} from '../../domain/errors.ts';
import type {RoomRow} from '../../domain/room.ts';
import type {AccountReader} from '../../store/account-reader.ts';
import type {ChangeFeed} from '../change-feed.ts';
import {silentBot, textOf} from './bot-commands.ts';
import type {LoginSteps} from './login-steps.ts';
import type {Bridge, BridgeRooms} from './rooms.ts';

export type IrcNetworkOptions = {
	readonly rooms: BridgeRooms;
	readonly reader: AccountReader;
	readonly feed: Pick<ChangeFeed, 'subscribe'>;
};

type Network = {
	/** In which its connection is told what to do. */
	readonly room: RoomRow;
	readonly id: string;
};

/** Milliseconds. */
const patience = 30_000;

const usage = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

export const createIrcNetworks = ({rooms, reader, feed}: IrcNetworkOptions) => {
	const networksOf = ({bot}: Bridge): readonly Network[] =>
		reader.portals.consoles().flatMap(console => {
			const id = reader.portals.portal(console.rid)?.network?.id;
			const room = reader.room(console.rid);
			return console.bot === bot && id !== undefined && room !== undefined ? [{room, id}] : [];
		});

	/** @param wanted what the network is called; not needed where there is one. @param example how it is named, of `NETWORK` */
	const networkOf = (bridge: Bridge, wanted: string | undefined, example: string): Network => {
		const open = networksOf(bridge);
		const fitting = open.filter(({id}) => wanted === undefined || id.toLowerCase() === wanted.toLowerCase());
		const [network, ...others] = fitting;
		if (network === undefined)
			throw new ExpectedError({
				message: `No network of IRC is open${wanted === undefined ? '' : ` that is called ${wanted}`}.`,
				next: `Write OPEN and its name to ${bridge.bot}: a room for it comes.`,
				reason: 'notFound',
				candidates: open.map(({id}) => id),
			});
		if (others.length === 0) return network;
		throw new ExpectedError({
			message: `${fitting.length} networks of IRC are open.`,
			next: `Say which, as ${example.replace('NETWORK', 'libera')}.`,
			reason: 'ambiguous',
			candidates: fitting.map(({id}) => example.replace('NETWORK', id)),
		});
	};

	/** What the bot has said in the room of a network since something was said there. */
	const answersTo = ({room}: Network, {bot}: Bridge, eventId: string): readonly string[] => {
		const own = reader.message(room.rid, eventId);
		const messages = own === undefined ? [] : rooms.since(room, own);
		return messages.filter(({sender}) => sender === bot).map(textOf);
	};

	return {
		/** The chat with somebody. @param identifier a nick, or `network/nick` where there are several networks */
		async chat(bridge: Bridge, identifier: string): Promise<RoomRow> {
			const parts = identifier.trim().split('/');
			const nick = parts.at(-1) ?? '';
			if (!/^[^\s#&:]+$/.test(nick))
				throw usage(`"${nick}" is no nick.`, 'Channels are joined in the room of the network: JOIN #channel.');
			const network = networkOf(bridge, parts.length > 1 ? parts[0] : undefined, `irc:NETWORK/${nick}`);
			const chat = (): RoomRow | undefined =>
				reader.roomsByName(nick).find(({rid, membership}) => {
					const portal = reader.portals.portal(rid);
					const isThere = membership === 'join' && portal?.kind === 'direct';
					return isThere && portal.bot === bridge.bot && portal.network?.id === network.id;
				});
			const known = chat();
			if (known !== undefined) return known;
			await rooms.say(network.room, bridge, `QUERY ${nick}`);
			const room = await rooms.until(chat, patience);
			if (room !== undefined) return room;
			throw new ExpectedError({
				message: `${bridge.bot} opens no chat with ${nick}.`,
				next: `See what it says in ${network.room.name}: is it connected?`,
				reason: 'bridge',
			});
		},

		/** Connects to a network, and keeps `tell` up to date until that has an end. @param wanted what it is called */
		async connect(
			bridge: Bridge,
			wanted: string | undefined,
			tell: LoginSteps['tell'],
		): Promise<Omit<LoginSteps, 'tell'>> {
			const network = networkOf(bridge, wanted, `mx bridge login irc --account NETWORK`);
			const eventId = await rooms.say(network.room, bridge, 'CONNECT');
			const look = (): void => {
				const answers = answersTo(network, bridge, eventId);
				const report = answers.flatMap(body => parseConnection(body, network.id) ?? []).at(-1);
				const trouble = answers.flatMap(body => troubleIn(body) ?? []).at(-1);
				const isEnd = report !== undefined && (report.condition !== 'connecting' || trouble !== undefined);
				const outcome = report?.condition === 'connected' ? 'done' : 'failed';
				if (isEnd) unsubscribe();
				tell({
					said: trouble === undefined ? [] : [trouble],
					display: undefined,
					fields: [],
					outcome: isEnd ? outcome : undefined,
				});
			};
			const unsubscribe = feed.subscribe(notice => {
				const {rid} = network.room;
				if (notice.kind === 'changed' && (notice.rids === 'all' || notice.rids.includes(rid))) look();
			});
			look();
			// The bridge goes on trying.
			return {answer: async () => undefined, stop: async () => unsubscribe()};
		},

		/** Ends the connection to a network, until somebody connects again. @returns what the bot says */
		async disconnect(bridge: Bridge, wanted: string | undefined): Promise<readonly string[]> {
			const network = networkOf(bridge, wanted, `mx bridge logout irc --account NETWORK`);
			const health = reader.portals.health().find(({bot, account}) => bot === bridge.bot && account === network.id);
			if (health?.condition === 'disconnected') return [`${network.id} is not connected.`];
			const eventId = await rooms.say(network.room, bridge, 'DISCONNECT');
			const answer = await rooms.untilAnswer(() =>
				answersTo(network, bridge, eventId).find(
					body => parseConnection(body, network.id)?.condition === 'disconnected',
				),
			);
			if (answer === undefined) throw silentBot(bridge);
			return [answer.replaceAll('\n', ' ')];
		},
	};
};
