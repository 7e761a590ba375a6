/** Who sees what the person has read: said, and chosen for a room, a network, all bridged chats, all rooms of Matrix. */
import {networkNamed, protocolOf} from '../bridges/protocols.ts';
import type {ReceiptActions} from '../commands/receipt-actions.ts';
import {receiptMode, type ReceiptMode, type ReceiptRule, type ReceiptScope} from '../domain/receipt-words.ts';
import type {RoomRow} from '../domain/room.ts';
import {safeText} from '../text/safe-text.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

/** What holds in a room, as the session says. */
type RoomRule = Awaited<ReturnType<ScreenPort['session']['receiptsIn']>>;

const modeWords: Readonly<Record<ReceiptMode, (who: string, whoKnows: string) => string>> = {
	public: who => `${who} can see what you have read here`,
	private: (who, whoKnows) => `${who} are not told what you read here; ${whoKnows} it`,
	off: () => 'Nobody is told what you have read here, your server neither',
};

const sources: Readonly<Record<ReceiptRule['by'], (network: string) => string>> = {
	request: () => 'as this is a request that you did not answer yet',
	room: () => 'as you said of this room',
	network: network => `as you said of ${network}`,
	bridged: () => 'as in all bridged chats',
	matrix: () => 'as in all rooms of Matrix',
};

const sentenceOf = ({mode, by, network, isBridged}: RoomRule): string => {
	const name = protocolOf(network).name;
	const who = isBridged ? `Your contacts on ${name}` : 'Others on Matrix';
	// Bridges are given private receipts too, and do nothing with them.
	const whoKnows = isBridged ? 'your server and the bridge know' : 'your server knows';
	return `${modeWords[mode](who, whoKnows)}, ${sources[by](name)}.`;
};

const usage = 'Write /receipts public, private, off or default; behind it network, bridged, matrix or a network.';

export const createReceiptActions = (port: ScreenPort): ReceiptActions => {
	const {model, session} = port;

	const say = async ({roomId}: RoomRow): Promise<void> => {
		model.say(sentenceOf(await session.receiptsIn({roomId})));
	};

	/** @returns what is meant, and how it is called; a sentence where nothing is */
	const scopeOf = async (
		where: string,
		room: RoomRow | undefined,
	): Promise<{readonly scope: ReceiptScope; readonly name: string} | string> => {
		if (where === 'bridged') return {scope: {kind: 'bridged'}, name: 'All bridged chats'};
		if (where === 'matrix') return {scope: {kind: 'matrix'}, name: 'All rooms of Matrix'};
		if (where === 'here') {
			if (room === undefined) return 'Not now: no room is open. /receipts off bridged, for example, needs none.';
			return {scope: {kind: 'room', id: room.roomId}, name: 'This room'};
		}
		const ofRoom =
			where === 'network' && room !== undefined
				? (await session.receiptsIn({roomId: room.roomId})).network
				: networkNamed(where);
		if (ofRoom !== undefined) return {scope: {kind: 'network', id: ofRoom}, name: protocolOf(ofRoom).name};
		return where === 'network'
			? 'This room is of no other network.'
			: `There is no network ${safeText(where, 'name')}. ${usage}`;
	};

	const choose = async (mode: ReceiptMode | undefined, where: string, room: RoomRow | undefined): Promise<void> => {
		const found = await scopeOf(where, room);
		if (typeof found === 'string') return model.say(found, 'warning');
		await session.setReceipts({scope: found.scope, mode});
		if (found.scope.kind === 'room' && room !== undefined) return say(room);
		const way = mode ?? (found.scope.kind === 'network' ? 'as all bridged chats' : 'public');
		model.say(`${found.name}: receipts are ${way} from now on.`, 'ok');
	};

	return {
		set(word, where) {
			const room = model.openedRoom();
			const mode = receiptMode(word);
			if (word === undefined && room !== undefined) void sayFailure(port, async () => say(room));
			else if (word === undefined) model.say(`Not now: no room is open. ${usage}`, 'warning');
			else if (mode === undefined && word !== 'default') model.say(usage, 'warning');
			else void sayFailure(port, async () => choose(mode, where?.trim().toLowerCase() ?? 'here', room));
		},
	};
};
