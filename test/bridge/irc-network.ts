/** The other side of a fixture bridge: a real IRC network, to which it connects as the person does. */
import {asObject, asString, type JsonObject} from '../../source/domain/json.ts';
import type {IrcServer} from '../helpers/irc-server.ts';
import type {Owner} from '../helpers/synapse.ts';
import type {FixtureBridge} from './fixture-bridge.ts';
import {connectToIrc, type IrcMessage} from './irc-client.ts';

export type IrcNetworkOptions = {
	readonly server: IrcServer;
	/** User id of whom the bridge serves. */
	readonly user: string;
	/** What they are called on IRC. */
	readonly nick: string;
	/** Of the network. */
	readonly network: {readonly id: string; readonly displayname: string};
};

/** Carries messages between rooms of the bridge and channels or people of IRC, one after the other. */
export const connectIrcNetwork = async (owner: Owner, bridge: FixtureBridge, options: IrcNetworkOptions) => {
	const {user, nick, network} = options;
	const irc = await connectToIrc(owner, options.server, nick);
	/** Room ids by channel or nick. */
	const rooms = new Map<string, string>();
	const present = new Set<string>();
	let done = Promise.resolve();
	let failure: unknown;

	const inOrder = (work: () => Promise<void>): Promise<void> => {
		done = done.then(work).catch((error: unknown) => {
			failure ??= error;
		});
		return done;
	};
	owner.after(async () => {
		await done;
		if (failure !== undefined) throw failure;
	});

	const roomOf = async (target: string, ghosts: readonly string[]): Promise<string> => {
		const known = rooms.get(target);
		if (known !== undefined) return known;
		const isChannel = target.startsWith('#');
		const roomId = await bridge.createPortal({
			id: target,
			name: target,
			ghosts,
			invite: [user],
			roomType: isChannel ? '' : 'dm',
			network,
		});
		rooms.set(target, roomId);
		for (const ghost of ghosts) present.add(`${roomId} ${ghost}`);
		return roomId;
	};

	const bringIn = async (ghost: string, roomId: string): Promise<void> => {
		if (present.has(`${roomId} ${ghost}`)) return;
		await bridge.request('POST', `rooms/${encodeURIComponent(roomId)}/invite`, {user_id: ghost});
		await bridge.request('POST', `join/${encodeURIComponent(roomId)}`, {}, ghost);
		present.add(`${roomId} ${ghost}`);
	};

	const fromIrc = async ({from, parameters: [target = '', text = '']}: IrcMessage): Promise<void> => {
		const ghost = await bridge.addGhost(`${network.id}_${from}`, from);
		const roomId = await roomOf(target === nick ? from : target, [ghost]);
		await bringIn(ghost, roomId);
		await bridge.say(ghost, roomId, text);
	};

	const fromMatrix = (event: JsonObject): void => {
		const [target] = [...rooms].find(([, roomId]) => roomId === event['room_id']) ?? [];
		const body = asString(asObject(event['content'])['body']);
		if (event['type'] !== 'm.room.message' || event['sender'] !== user || target === undefined) return;
		if (body !== undefined) irc.say(target, body);
	};

	let read = 0;
	const carry = (): void => {
		const fresh = irc.messages().slice(read);
		read = irc.messages().length;
		for (const message of fresh)
			if (message.command === 'PRIVMSG' && message.from !== nick) void inOrder(async () => fromIrc(message));
	};
	irc.subscribe(carry);
	bridge.onEvent(fromMatrix);

	return {
		/** Joins a channel. @returns the id of its room */
		async join(channel: string): Promise<string> {
			await irc.join(channel);
			await inOrder(async () => void (await roomOf(channel, [])));
			return rooms.get(channel) ?? '';
		},
	};
};
