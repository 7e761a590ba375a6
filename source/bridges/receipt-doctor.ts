/** Why what is read may not be read on the phone: the causes that there are, as far as mx can see them, and what helps. */
import type {BridgeReading} from '../domain/bridge-reading.ts';
import {protocolOf} from './protocols.ts';

/** `unknown`: mx cannot see it; the person can. */
export type FindingState = 'ok' | 'warning' | 'problem' | 'unknown';

/** What was looked at; stable, for programs. */
export type FindingName =
	| 'receipts'
	| 'setting'
	| 'chats'
	| 'private'
	| 'marker'
	| 'bridge'
	| 'waiting'
	| 'repeat'
	| 'first'
	| 'target'
	| 'trouble'
	| 'login'
	| 'push'
	| 'phone'
	| 'puppet';

export type ReceiptFinding = {
	readonly name: FindingName;
	readonly state: FindingState;
	/** A sentence for a person. */
	readonly message: string;
	/** What to do. */
	readonly next: string | undefined;
};

/** What is read, and the moment at which; milliseconds since the Unix epoch. */
type Seen = {readonly reading: BridgeReading; readonly network: string; readonly now: number};

type Check = (seen: Seen) => Omit<ReceiptFinding, 'name'> | undefined;

const ok = (message: string): ReturnType<Check> => ({state: 'ok', message, next: undefined});
const found = (state: FindingState, message: string, next: string): ReturnType<Check> => ({state, message, next});

const count = (number: number, one: string, many: string): string => (number === 1 ? `1 ${one}` : `${number} ${many}`);
const chatsOf = (number: number): string => count(number, 'chat', 'chats');

/** Milliseconds after which a bridge that says nothing may be away. */
const silence = 24 * 3_600_000;

const agoText = (milliseconds: number): string => {
	const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
	if (minutes < 60) return `${count(minutes, 'minute', 'minutes')} ago`;
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${count(hours, 'hour', 'hours')} ago` : `${Math.floor(hours / 24)} days ago`;
};

const checks: Readonly<Record<Exclude<FindingName, 'receipts'>, Check>> = {
	setting: ({reading: {mode}, network}) =>
		mode === 'public'
			? ok(`What you read in mx is told to ${network} by public receipts.`)
			: found(
					'problem',
					`By your own word ${network} is not told: ${mode === 'off' ? 'no receipts are sent' : 'receipts are private, and bridges pass on public ones only'}.`,
					`In mx, in a chat of it: /receipts public network`,
				),
	chats: ({reading: {silentChats}}) =>
		silentChats === 0
			? undefined
			: found(
					'warning',
					`By your own word nothing is told in ${chatsOf(silentChats)}.`,
					'In mx, in such a chat: /receipts default',
				),
	private: ({reading: {privateChats}}) =>
		privateChats === 0
			? ok('No other app of yours reads privately.')
			: found(
					'problem',
					`In ${chatsOf(privateChats)} you have read further by private receipts, which bridges do not pass on.`,
					'Open them in mx, or let your other app send read receipts.',
				),
	marker: ({reading: {markerChats}}) =>
		markerChats === 0
			? undefined
			: found(
					'problem',
					`In ${chatsOf(markerChats)} only the marker of what is fully read has moved, which never leaves the server.`,
					'Open them in mx, or let your other app send read receipts.',
				),
	bridge({reading: {lastHeard}, now}) {
		const heard = lastHeard === undefined ? undefined : now - lastHeard;
		if (heard !== undefined && heard < silence) return ok(`The bridge was last heard of ${agoText(heard)}.`);
		return found(
			'unknown',
			heard === undefined
				? 'Nothing has come from the bridge yet.'
				: `The bridge was last heard of ${agoText(heard)}; what you read while it is away it never hears.`,
			'Ask its bot for its version. When it runs again: mx bridge doctor --heal',
		);
	},
	waiting: ({reading: {waiting}}) =>
		waiting === 0
			? undefined
			: found(
					'warning',
					`${count(waiting, 'receipt waits', 'receipts wait')} for your server.`,
					'mx whoami says how the connection is.',
				),
	repeat: ({reading: {toRepeat, repeated}}) =>
		toRepeat + repeated === 0
			? undefined
			: ok(
					`Of the last day ${count(repeated, 'receipt was', 'receipts were')} repeated, ${count(toRepeat, 'is', 'are')} to be: the server hands the same one on only in its other slot.`,
				),
	first: ({reading: {unreadChats}, network}) =>
		unreadChats === 0
			? undefined
			: ok(
					`${count(unreadChats, 'chat was', 'chats were')} never read by Matrix: of a first receipt ${network} marks only the last 5 seconds, so mx sends two.`,
				),
	target: ({reading: {unknownChats}}) =>
		unknownChats === 0
			? undefined
			: ok(
					`In ${chatsOf(unknownChats)} another app has put your receipt on an own message, a reaction or a word of the bot: bridges take its time then, or nothing; the next message that you read in mx sets it right.`,
				),
	trouble: ({reading: {troubledLogins}, network}) =>
		troubledLogins.length === 0
			? undefined
			: found(
					'problem',
					`Not connected to ${network}: ${troubledLogins.join(', ')}.`,
					'The room with its bot says more; signing in again helps where it was signed out.',
				),
	login: ({reading: {loginChats, hasDoublePuppet, hasOwnGhost}}) =>
		loginChats > 0 || hasDoublePuppet || hasOwnGhost
			? undefined
			: found(
					'unknown',
					'No chat says which login is yours; without one of your own the bridge passes nothing on.',
					'Ask its bot: list-logins',
				),
	push: ({reading: {hasForeignReceipts}}) =>
		found(
			'unknown',
			`Whether your server hands receipts to the bridge mx cannot see${hasForeignReceipts ? '; those of your contacts come through' : ''}.`,
			'If nothing is ever read on the phone: the registration of the bridge needs receive_ephemeral: true and de.sorunome.msc2409.push_ephemeral: true, and the server a restart.',
		),
	phone: ({reading: {hasOwnGhost}}) =>
		hasOwnGhost
			? ok('What you write on the phone is known as yours.')
			: found(
					'warning',
					'Who you are on the phone is not known: what you write there would count as unread.',
					'mx bridge me USER, with the user id that your messages from the phone come from.',
				),
	puppet: ({reading: {hasDoublePuppet}}) =>
		hasDoublePuppet
			? ok('The bridge acts in your name (double puppet): what you read on the phone is read here.')
			: found(
					'warning',
					'No double puppet was seen: what you read on the phone stays unread here until you answer.',
					'Ask its bot: login-matrix, or the administrator of the bridge for double puppeting.',
				),
};

/** Double-puppeted messages come from the account itself: no ghost is needed. */
const isNeedless = (name: FindingName, {hasDoublePuppet, hasOwnGhost}: BridgeReading): boolean =>
	name === 'phone' && hasDoublePuppet && !hasOwnGhost;

/** @param now milliseconds since the Unix epoch @returns what there is to say of a bridge, in the order of what to do */
export const receiptFindings = (reading: BridgeReading, now: number): readonly ReceiptFinding[] => {
	const {name: network} = protocolOf(reading.protocol);
	if (!reading.hasReceipts)
		return [
			{
				name: 'receipts',
				state: 'ok',
				message: `${network} has no read receipts: nobody there sees what you have read.`,
				next: undefined,
			},
		];
	return Object.entries(checks).flatMap(([key, check]): readonly ReceiptFinding[] => {
		const name = key as FindingName;
		const finding = isNeedless(name, reading) ? undefined : check({reading, network, now});
		return finding === undefined ? [] : [{name, ...finding}];
	});
};
