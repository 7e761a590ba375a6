/** An account on a server with a bridge like that to Signal, and the phone at the other end of it. */
import {startFixtureBridge} from './fixture-bridge.ts';
import {startMemoryNetwork} from './memory-network.ts';
import {
	createHome,
	startHome,
	waitForMessage,
	waitOnEngine,
	type OpenOptions,
	type TestEngine,
} from '../helpers/engine.ts';
import {startSynapse, type Owner} from '../helpers/synapse.ts';

/** Ids of people on the network. */
const mumId = '5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d';
export const ownId = '00000000-8a17-4c55-9b0e-3d6f0a1b2c3d';
/** Milliseconds. */
export const never = 3_600_000;

/** @param options nothing is repeated by itself, unless they say so */
export const openSignal = async (t: Owner, options: OpenOptions = {}) => {
	const signal = await startFixtureBridge(t, {
		id: 'signal',
		ghostPrefix: 'signal_',
		protocol: {id: 'signal', displayname: 'Signal'},
	});
	const server = await startSynapse(t, {registrations: [signal.registration]});
	await signal.connect(server);
	const home = await createHome(server);
	const times: OpenOptions = {receiptTimes: {debounce: 20, healAfter: never}, ...options};
	const engine = await startHome(t, home, {isNew: true, ...times});
	const me = home.account.userId;
	const phone = startMemoryNetwork(signal, me);
	const mum = await signal.addGhost(mumId, 'Mum');
	/** A chat that the inbox has under Signal. */
	const openChat = async (name: string, account?: string): Promise<string> => {
		const roomId = await signal.createPortal({
			id: name,
			name,
			ghosts: [mum],
			invite: [me],
			...(account === undefined ? {} : {account}),
		});
		await waitForJoin(engine, roomId);
		await waitForAttested(engine, roomId);
		return roomId;
	};
	return {signal, server, home, engine, me, phone, mum, openChat, times};
};

/** Invitations of a bridge that is certain are accepted by themselves. */
export const waitForJoin = async (engine: TestEngine, roomId: string): Promise<void> => {
	await waitOnEngine(
		engine,
		async () => {
			const {rooms} = await engine.session.rooms({limit: 1000});
			return rooms.some(room => room.roomId === roomId && room.membership === 'join') ? true : undefined;
		},
		{what: () => `the membership in ${roomId}`},
	);
};

/** Waits until a chat is certain to be of Signal, and receipts pass its bridge. */
export const waitForAttested = async (engine: TestEngine, roomId: string): Promise<void> => {
	await waitOnEngine(
		engine,
		async () => {
			const {portal} = await engine.session.whyBridged({room: roomId});
			const {isBridged} = await engine.session.receiptsIn({roomId});
			return portal?.trust === 'attested' && isBridged ? true : undefined;
		},
		{what: () => `${roomId} as a chat of Signal`},
	);
};

/** Waits until the archive has an event. */
export const waitForEvent = async (engine: TestEngine, roomId: string, eventId: string): Promise<void> => {
	await waitForMessage(engine, roomId, message => message.eventId === eventId);
};
