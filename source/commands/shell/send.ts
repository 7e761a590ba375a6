/** `mx send TO [TEXT…]`: one message, from the arguments or from stdin; or a file, with the text as its words. */
import path from 'node:path';
import process from 'node:process';
import {parseNetworkAddress, type NetworkAddress} from '../../bridges/network-address.ts';
import {protocolOf} from '../../bridges/protocols.ts';
import {ExpectedError} from '../../domain/errors.ts';
import {isEventId, parseRoomAddress} from '../../domain/identifiers.ts';
import type {JsonObject} from '../../domain/json.ts';
import type {KnownPerson} from '../../domain/people-requests.ts';
import {noMentions, type MentionRules} from '../../domain/mention.ts';
import type {SendReceipt, Session} from '../../domain/session.ts';
import {safeText} from '../../text/safe-text.ts';
import {defineShellCommand, type ShellContext} from '../define-command.ts';
import {beforeSending, checkUntilInterrupted, sendUntilInterrupted} from './interrupted-send.ts';
import {messageContent, type MessageKind, type TextFormat} from './message-content.ts';

/** Seconds that `mx send` waits for the server. */
const defaultTimeout = 30;
/** The same for a file. */
const fileTimeout = 3600;

const usage = (message: string, next?: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

const formatOf = ({html, text}: {readonly html: boolean; readonly text: boolean}): TextFormat => {
	if (html && text) throw usage('--html and --text exclude each other.');
	if (html) return 'html';
	return text ? 'plain' : 'markdown';
};

const kindOf = ({notice, emote}: {readonly notice: boolean; readonly emote: boolean}): MessageKind => {
	if (notice && emote) throw usage('--notice and --emote exclude each other.');
	if (notice) return 'm.notice';
	return emote ? 'm.emote' : 'm.text';
};

const receiptJson = (receipt: SendReceipt): JsonObject => ({
	room_id: receipt.roomId,
	event_id: receipt.eventId ?? null,
	transaction_id: receipt.transactionId,
	state: receipt.state,
	error: receipt.error ?? null,
	warning: receipt.warning ?? null,
	delivery: receipt.delivery?.stage ?? null,
	delivery_certain: receipt.delivery?.isCertain ?? null,
	delivery_error: receipt.delivery?.reason ?? null,
});

/** @throws ExpectedError `bridge` unless the message is where the bridge was to bring it */
const checkDelivery = ({delivery}: SendReceipt): void => {
	if (delivery === undefined)
		throw new ExpectedError({
			message: 'The server has it; the bridge has not said yet what became of it.',
			reason: 'bridge',
		});
	if (delivery.stage !== 'failed') return;
	const how = delivery.isCertain ? 'did not pass it on' : 'may not have passed it on';
	throw new ExpectedError({message: `The bridge ${how}: ${delivery.reason ?? 'no reason given'}`, reason: 'bridge'});
};

/** @throws ExpectedError unless the message is where the caller wants it to be */
const checkReceipt = (receipt: SendReceipt, request: {readonly isWaiting: boolean; readonly key: string}): void => {
	const {state, error} = receipt;
	switch (state) {
		case 'sent':
			return;
		case 'failed':
			throw new ExpectedError({message: error ?? 'The server refused the message.', reason: 'refused'});
		case 'uploading':
		case 'scheduled':
		case 'held':
		case 'queued':
		case 'inflight':
		case 'doubt':
	}
	if (!request.isWaiting) return;
	throw new ExpectedError({
		message: `Queued, not delivered yet${error === undefined ? '.' : `: ${error}`}`,
		next:
			state === 'held'
				? 'It waits until you sign in again: mx login.'
				: `mx delivers it the next time it runs; a repeat with --txn ${request.key} sends nothing twice.`,
		reason: 'queued',
	});
};

/** A user id in what a person writes means somebody; in the output of a program it need not. */
const anybody: MentionRules = {...noMentions, isPerson: () => true};

/** Unlike any other call on this machine; a random source would cost 10 ms to load. */
const uniqueKey = (): string => `${process.pid}.${Date.now()}.${process.hrtime.bigint()}`;

/** Opens the chat with somebody on another network. @returns the id of its room */
const chatOn = async ({protocol, identifier}: NetworkAddress, {shell}: ShellContext): Promise<string> => {
	const {room} = await shell.live(async session => session.bridgeChat({bridge: protocol, identifier}));
	return room.roomId;
};

const knownPersons = async (session: Session): Promise<readonly KnownPerson[]> => {
	try {
		return (await session.persons({})).persons;
	} catch {
		// It is sent, whatever cannot be said of it: an older mx may run beside this one.
		return [];
	}
};

/** Who is known on several networks is written to where they wrote last: on which one, is said. */
const sayNetwork = async ({roomId}: SendReceipt, session: Session, context: ShellContext): Promise<void> => {
	const persons = await knownPersons(session);
	const person = persons.find(({users}) => users.some(({chat}) => chat?.roomId === roomId));
	const chats = person?.users.flatMap(({chat}) => chat ?? []) ?? [];
	const chat = chats.find(each => each.roomId === roomId);
	if (chat === undefined || chats.length < 2) return;
	const name = safeText(person?.name ?? chat.name, 'name');
	context.say(`To ${name} on ${protocolOf(chat.protocol).name}.`);
};

/** What `mx send` runs. */
export const sendCommand = defineShellCommand({
	name: 'send',
	summary: 'Send a message',
	group: 'message',
	parameters: {
		to: {
			kind: 'room',
			summary:
				'@user:server (the direct chat, made if there is none), #alias:server, a room id, the exact name of a room, or signal:+4915123 for somebody on another network',
		},
		text: {
			kind: 'text',
			summary: 'The message, in Markdown; a @user:server in it is mentioned; without one, or with -, all of stdin',
			isOptional: true,
			isRest: true,
		},
	},
	flags: {
		text: {kind: 'switch', summary: 'The text is plain, not Markdown, and mentions nobody'},
		html: {kind: 'switch', summary: 'The text is HTML'},
		notice: {kind: 'switch', summary: 'Send a notice, as bots do'},
		emote: {kind: 'switch', summary: 'Send an action: "waves" becomes "Anna waves"'},
		file: {kind: 'text', placeholder: 'PATH', summary: 'Send this file; the text is what you say to it'},
		'keep-metadata': {
			kind: 'switch',
			summary: 'Send a picture as it is, with what it says of place, time and camera; otherwise that is taken out',
		},
		reply: {
			kind: 'text',
			placeholder: 'EVENT',
			summary: 'Reply to this event, which is read by that, as is what stands above it',
		},
		txn: {kind: 'text', placeholder: 'KEY', summary: 'A repeat with the same key sends nothing twice'},
		'no-wait': {kind: 'switch', summary: 'Do not wait for the server: done once it is safely queued'},
		until: {
			kind: 'text',
			placeholder: 'STAGE',
			summary: 'What to wait for: sent, that the server has it; bridged, that the bridge says what became of it',
		},
		timeout: {
			kind: 'number',
			placeholder: 'SECONDS',
			summary: `How long to wait for the server (${defaultTimeout}; for a file ${fileTimeout})`,
		},
		pick: {kind: 'count', placeholder: 'N', summary: 'Which of several rooms with that name, from 1'},
	},
	exits: ['notSignedIn', 'notReady', 'notFound', 'ambiguous', 'refused', 'queued', 'encryption', 'bridge'],
	examples: [
		'mx send @anna:example.org "are you coming on **sunday**?"',
		'df -h | mx send --text "#ops:example.org"',
		'mx send --file salad.jpg @anna:example.org "with tomatoes"',
		'mx send signal:+4915123456 "see you at eight"',
		'mx send --txn "backup-$(date +%F)" Backups done',
	],
	async run(values, flags, context) {
		const format = formatOf(flags);
		const kind = kindOf(flags);
		const elsewhere = parseNetworkAddress(values.to);
		if (elsewhere === undefined) parseRoomAddress(values.to);
		if (flags.reply !== undefined && !isEventId(flags.reply)) {
			throw usage('--reply wants the id of an event.', 'It starts with $; put it into single quotes.');
		}
		if (flags.until !== undefined && flags.until !== 'sent' && flags.until !== 'bridged')
			throw usage('--until wants sent or bridged.');
		if (flags.until === 'bridged' && flags['no-wait']) throw usage('--until and --no-wait exclude each other.');
		if (flags.txn === '') throw usage('--txn wants a key that is not empty.');
		if (flags.file === undefined && flags['keep-metadata'])
			throw usage('--keep-metadata is about a file: give --file.');
		if (flags.file !== undefined && kind !== 'm.text') throw usage('--file excludes --notice and --emote.');
		const isFromStdin = values.text === '-' || (values.text === undefined && flags.file === undefined);
		const {signal} = context;
		const {content, to, keepsMetadata} = await beforeSending(signal, async () => {
			const text = isFromStdin ? (await context.readStdin()).replace(/\r?\n$/, '') : (values.text ?? '');
			const rules = format === 'plain' ? noMentions : anybody;
			const isBare = flags.file !== undefined && text.trim() === '';
			return {
				content: isBare ? {} : await messageContent(text, format, kind, rules),
				keepsMetadata: flags.file !== undefined && (flags['keep-metadata'] || (await context.keepsMetadata())),
				to: elsewhere === undefined ? values.to : await chatOn(elsewhere, context),
			};
		});
		const session = await context.session();
		const isWaiting = !flags['no-wait'];
		// Also without --txn the request may have to be repeated, when the running mx ends meanwhile.
		const order = uniqueKey();
		const key = flags.txn ?? order;
		const request = {
			to,
			order,
			replyTo: flags.reply,
			transactionKey: key,
			isWaiting,
			timeout: (flags.timeout ?? (flags.file === undefined ? defaultTimeout : fileTimeout)) * 1000,
			pick: flags.pick,
			until: flags.until === 'bridged' ? ('bridged' as const) : undefined,
		};
		const {file} = flags;
		const receipt = await sendUntilInterrupted({session, signal, order, key}, async () =>
			file === undefined
				? session.send({...request, content})
				: session.sendFile({
						...request,
						path: path.resolve(file),
						caption: content,
						...(keepsMetadata ? {keepsMetadata} : {}),
					}),
		);
		context.print({
			text: () => (receipt.eventId === undefined ? [] : [safeText(receipt.eventId, 'name')]),
			document: receiptJson(receipt),
		});
		if (elsewhere === undefined && parseRoomAddress(to).kind === 'name') await sayNetwork(receipt, session, context);
		if (receipt.warning !== undefined) context.say(receipt.warning);
		checkUntilInterrupted(signal, () => {
			checkReceipt(receipt, {isWaiting: isWaiting || signal.aborted, key});
			if (flags.until === 'bridged') checkDelivery(receipt);
		});
	},
});
