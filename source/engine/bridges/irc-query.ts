/** A private chat on IRC through heisenbridge, whose bot takes commands in a room for each network. */
import {ExpectedError} from '../../domain/errors.ts';
import type {RoomRow} from '../../domain/room.ts';
import type {AccountReader} from '../../store/account-reader.ts';
import type {Bridge, BridgeRooms} from './rooms.ts';

/** Milliseconds. */
const patience = 30_000;

const usage = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

/** @param identifier a nick, or `network/nick` where there are several networks */
export const queryOnIrc = async (
	{rooms, reader}: {readonly rooms: BridgeRooms; readonly reader: AccountReader},
	bridge: Bridge,
	identifier: string,
): Promise<RoomRow> => {
	const parts = identifier.trim().split('/');
	const nick = parts.at(-1) ?? '';
	const wanted = parts.length > 1 ? parts[0]?.toLowerCase() : undefined;
	if (!/^[^\s#&:]+$/.test(nick))
		throw usage(`"${nick}" is no nick.`, 'Channels are joined in the room of the network: JOIN #channel.');
	const networks = reader.portals.consoles().flatMap(({rid, bot}) => {
		const network = reader.portals.portal(rid)?.network;
		const room = reader.room(rid);
		const isIt = bot === bridge.bot && (wanted === undefined || network?.id.toLowerCase() === wanted);
		return isIt && network !== undefined && room !== undefined ? [{room, id: network.id}] : [];
	});
	const [network, ...others] = networks;
	if (network === undefined)
		throw new ExpectedError({
			message: 'No network of IRC is open.',
			next: `Write OPEN and its name to ${bridge.bot}, and CONNECT in the room that comes.`,
			reason: 'notFound',
		});
	if (others.length > 0)
		throw new ExpectedError({
			message: `${networks.length} networks of IRC are open.`,
			next: 'Say which, as irc:libera/nick.',
			reason: 'ambiguous',
			candidates: networks.map(({id}) => `irc:${id}/${nick}`),
		});

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
};
