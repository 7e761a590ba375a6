/**
 * What heisenbridge says of its connections to IRC, and of messages that it could not pass on: lines in notices of its bot, which
 * name no message (heisenbridge 1.15: network_room.py, private_room.py, channel_room.py). Pure. All texts are untrusted.
 */
import type {BridgeReport} from './bridge-health.ts';
import {parseUserId} from './identifiers.ts';

/** @returns whether a bot is one of heisenbridge, by its name: it answers to nothing that other bots do. */
export const isHeisenbridge = (bot: string): boolean => parseUserId(bot)?.localpart === 'heisenbridge';

/** What heisenbridge says of the connection to a network, in the room for it. */
const connections: readonly (readonly [RegExp, BridgeReport['condition'], state: string])[] = [
	// The server's first words; the bridge itself welcomes to its room.
	[
		/^Welcome to (?!the network room for )|^Connected for |^Already connected\.|^Joining channels /,
		'connected',
		'connected',
	],
	[/^Connecting to |^Trying next server in |^Disconnected, reconnecting in /, 'connecting', 'transient_disconnect'],
	[/^Disconnected\.$|^Connection aborted\.$|^Reconnect cancelled\.$/, 'disconnected', 'disconnected'],
	[/^No servers to connect for this network\.|^This network does not exist on this bridge/, 'failed', 'unknown_error'],
];

const troubleLine = /^(?:Failed to connect: .+|Connection timed out\.|ERROR: .+|Killed by .+)$/;

/** @returns why there is no connection, where a notice says so */
export const troubleIn = (body: string): string | undefined =>
	body
		.split('\n')
		.findLast(line => troubleLine.test(line))
		?.slice(0, 500);

/**
 * @param body of a notice of the bot in the room of a network
 * @param network what the network is called
 * @returns how the connection to it is, by the last line that says so; `undefined` where none does
 */
export const parseConnection = (body: string, network: string): BridgeReport | undefined => {
	const lines = body.split('\n');
	const found = lines.flatMap(line => connections.filter(([words]) => words.test(line))).at(-1);
	if (found === undefined) return undefined;
	const [, condition, state] = found;
	return {
		account: network,
		name: network,
		condition,
		state,
		error: undefined,
		message: condition === 'connected' ? undefined : troubleIn(body),
		remedy: condition === 'disconnected' ? 'connect' : undefined,
	};
};

/** A line that says that something did not arrive. */
export type Loss = {
	/** Milliseconds since the Unix epoch. */
	readonly time: number;
	/** `message`: nothing of it was sent; `line`: one of its lines was refused. */
	readonly of: 'message' | 'line';
	readonly text: string;
};

const refusals =
	/^(?:no such (?:nick|channel|service)|you(?:'re| are) (?:not on that channel|not permitted|banned|muted)|you (?:must|need|cannot|can't) |is in \+\w mode|cannot send |can't send |no external |message blocked|your message )/i;

const withoutStop = (text: string): string => text.trim().replace(/\.$/, '');

const lossInChat = (line: string, time: number): Loss | undefined => {
	if (line === 'Not connected to network.') return {time, of: 'message', text: withoutStop(line)};
	return refusals.test(line) ? {time, of: 'line', text: withoutStop(line)} : undefined;
};

/**
 * @param body of a notice of the bot in the chat itself
 * @returns a loss for each line that tells of one (404 of RFC 2812, and that there is no connection)
 */
export const lossesInChat = (body: string, time: number): readonly Loss[] =>
	body.split('\n').flatMap(line => lossInChat(line, time) ?? []);

/**
 * @param body of a notice of the bot in the room of the network
 * @param name the nick or channel of the chat
 * @returns a loss for each line that tells of one in this chat: `nick No such nick or channel name` (401, 403, 442 of RFC 2812)
 */
export const lossesOfChat = (body: string, name: string, time: number): readonly Loss[] =>
	body.split('\n').flatMap(line => {
		if (!line.toLowerCase().startsWith(name.toLowerCase())) return [];
		const rest = line.slice(name.length);
		// What is to be said in the chat is said here if the bridge is set up so.
		if (rest.startsWith(': ')) return lossInChat(rest.slice(2), time) ?? [];
		return rest.startsWith(' ') ? (lossInChat(rest.slice(1), time) ?? []) : [];
	});

/** @returns whether all that a notice in a chat says is that something did not arrive. */
export const isLossOnly = (body: string): boolean =>
	body.split('\n').every(line => line.trim() === '' || lossInChat(line, 0) !== undefined);

/** Something else that was said to the same chat. */
export type Said = {
	/** Milliseconds since the Unix epoch. */
	readonly time: number;
	/** Lines that are sent to IRC for it. */
	readonly lines: number;
};

/** @returns lines that go to IRC of a message, at least: long ones are split there */
export const linesOnIrc = (body: string): number =>
	Math.max(1, body.split(/\r?\n/).filter(line => line.trim() !== '').length);

/**
 * Finds the loss that is of a message: losses come in the order of what was said, one for each of its lines, so there is one more of
 * them than what was said after it by then accounts for.
 * @param later what was said to the chat after it
 * @param losses since it was said, oldest first
 */
export const lossOf = (later: readonly Said[], losses: readonly Loss[]): Loss | undefined => {
	const find = (of: Loss['of'], weight: (said: Said) => number): Loss | undefined =>
		losses
			.filter(loss => loss.of === of)
			.find(({time}, index) => {
				const others = later.reduce((sum, said) => (said.time <= time ? sum + weight(said) : sum), 0);
				return index + 1 > others;
			});
	return find('message', () => 1) ?? find('line', ({lines}) => lines);
};
