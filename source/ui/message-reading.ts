/** What can be found out about messages, and taken out of them: details, source, links, copies, what they quote. */
import {protocolOf} from '../bridges/protocols.ts';
import type {MessageActions} from '../commands/message-actions.ts';
import {eventLink, parseMatrixLink} from '../domain/matrix-link.ts';
import type {Message} from '../domain/message.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {Highlighter} from '../text/highlighter.ts';
import {hasSpoiler, plainBody} from '../text/message-text.ts';
import {literal, type SafeText} from '../text/safe-text.ts';
import {createBridgedMessages} from '../view-models/bridged-messages.ts';
import {detailRows, sourceKey, sourceRows} from '../view-models/message-details.ts';
import {codeOf, eventLinksOf, linkRows, linksOf} from '../view-models/message-links.ts';
import {whyNot} from '../view-models/message-abilities.ts';
import type {Question} from '../view-models/question.ts';
import {clockText} from '../view-models/time-text.ts';
import type {Jumps} from './jumps.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type MessageReadingOptions = ScreenPort & {
	readonly reader: AccountReader;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly highlighter: Highlighter;
	/** Puts text into the clipboard of the person's terminal. @returns whether it is short enough */
	readonly copy: (text: string) => boolean;
	/** Hands a web address to the system. */
	readonly openLink: (href: string) => Promise<void>;
	/** Asks, then opens the file of a message. @returns whether it has one */
	readonly openFile: (message: Message) => boolean;
	readonly jumps: Jumps;
	/** Whom an act is about: what was chosen together, else one message; or why there is none. */
	readonly findAll: (act: 'copy' | 'look') => readonly Message[] | string;
};

/** An event as it came, and what was in it. */
type Source = {readonly received: unknown; readonly decrypted: unknown};

export type MessageReading = Pick<
	MessageActions,
	'details' | 'source' | 'copySource' | 'copy' | 'copyLink' | 'copyCode' | 'openLinks' | 'jumpToQuoted' | 'jumpBack'
> & {
	/** Shows an event as JSON, to be scrolled and copied. */
	readonly showSource: (title: SafeText, source: Source) => void;
};

export const createMessageReading = (options: MessageReadingOptions): MessageReading => {
	const {model, reader, now} = options;
	let shownSource = '';
	const bridged = createBridgedMessages(reader);

	const withAll = (act: 'copy' | 'look', run: (messages: readonly Message[]) => void): void => {
		const messages = options.findAll(act);
		if (typeof messages === 'string') model.say(messages, 'warning');
		else run(messages);
	};

	/** The last of what is chosen: what a list of one is about. */
	const withOne = (run: (message: Message) => void): void =>
		withAll('look', messages => {
			const message = messages.at(-1);
			if (message !== undefined) run(message);
		});

	const put = (text: string, what: string): void => {
		if (options.copy(text)) model.say(`${what} copied to the clipboard.`, 'ok');
		else model.say('This is too long for the clipboard of a terminal.', 'warning');
	};

	const lineOf = (message: Message): string =>
		`[${clockText(message.timestamp)}] ${message.senderName ?? message.sender}: ${plainBody(message.content)}`;

	const showSource: MessageReading['showSource'] = (title, source) => {
		model.openPanel({
			scope: 'source',
			place: 'over',
			title,
			hint: literal`${model.keyOf('list-up')} ${model.keyOf('list-down')} ${model.keyOf('list-page-up')} ${model.keyOf('list-page-down')} scroll · ${model.keyOf('copy-source')} copies it`,
			empty: () => literal`Nothing is left of this event.`,
			rows: () => sourceRows(source),
			choose: () => undefined,
		});
		shownSource = JSON.stringify(source.decrypted ?? source.received, undefined, 2);
	};

	const openSource = ({rid, eventId}: Message): void => {
		const source = reader.about.source(rid, eventId);
		if (source === undefined) model.say('Nothing is stored of this message.', 'warning');
		else showSource(literal`Source`, source);
	};

	const openDetails = (message: Message): void => {
		const {rid, eventId} = message;
		model.openPanel({
			scope: 'details',
			place: 'side',
			title: literal`About this message`,
			hint: literal`${model.keyOf('list-up')} ${model.keyOf('list-down')} scroll · Enter on the first row: source`,
			empty: () => literal`Nothing is known.`,
			rows: () => {
				const facts = {
					message: bridged(rid, [reader.message(rid, eventId) ?? message])[0] ?? message,
					versions: reader.about.versions(rid, eventId),
					reactors: reader.about.reactors(rid, eventId),
					readers: reader.about.readers(rid, eventId),
				};
				const delivery = reader.about.delivery(rid, eventId);
				const network = delivery === undefined ? undefined : protocolOf(delivery.protocol).name;
				const whole =
					delivery === undefined || network === undefined ? facts : {...facts, delivery: {...delivery, network}};
				return detailRows(whole, {now: now(), highlight: options.highlighter.highlight});
			},
			choose: key => (key === sourceKey ? openSource(message) : undefined),
		});
	};

	/** @returns whether something was hidden in it, which is shown now */
	const reveal = ({content, eventId}: Message): boolean => {
		if (!hasSpoiler(content) || !model.timeline.reveal(eventId)) return false;
		model.inPanel(panels => panels.refresh());
		model.say(`Shown until you leave the room. ${model.keyOf('details')} again: versions, reactions, who read it.`);
		return true;
	};

	const openQuestion = (href: string): Question => ({
		text: `Open ${href} on this machine?`,
		answers: [
			{key: 'y', label: 'opens', run: () => void sayFailure(options, async () => options.openLink(href))},
			{key: 'c', label: 'copies it', run: () => put(href, 'The address is')},
		],
	});

	/** A link to a message stays within mx. */
	const followLink = (href: string): void => {
		const link = parseMatrixLink(href);
		if (link === undefined) model.question.ask(openQuestion(href));
		else options.jumps.follow(link);
	};

	const openLinks = (message: Message): void => {
		if (whyNot(message, 'fetch') === undefined && options.openFile(message)) return;
		const links = [...linksOf(message), ...eventLinksOf(message)];
		const [only, ...others] = links;
		if (only === undefined) return model.say('There is no file and no web address in this message.');
		if (others.length === 0) return followLink(only.href);
		model.openPanel({
			scope: 'links',
			place: 'side',
			title: literal`Open`,
			hint: literal`Enter opens, after a question`,
			empty: () => literal`No addresses.`,
			rows: () => linkRows(links),
			choose(href) {
				model.closePanel();
				followLink(href);
			},
		});
	};

	return {
		details: () => withOne(message => (reveal(message) ? undefined : openDetails(message))),
		showSource,
		source: () => withOne(openSource),
		copySource: () => put(shownSource, 'The source is'),
		copy: () =>
			withAll('copy', messages => {
				const [only, ...others] = messages;
				if (only === undefined) return;
				if (others.length === 0) put(plainBody(only.content), 'The text is');
				else put(messages.map(lineOf).join('\n'), `${messages.length} messages are`);
			}),
		copyCode: () =>
			withAll('copy', messages => {
				const code = messages.flatMap(message => codeOf(message) ?? []);
				if (code.length === 0) model.say('There is no code block in this message.');
				else put(code.join('\n\n'), 'The code is');
			}),
		copyLink: () =>
			withOne(({rid, eventId}) => {
				const room = model.opened.roomOf(rid);
				if (room === undefined) return;
				put(eventLink(room.roomId, eventId, reader.details.servers(rid)), 'The link to the message is');
			}),
		openLinks: () => withOne(openLinks),
		jumpToQuoted: () =>
			withOne(({rid, replyTo}) => {
				if (replyTo === undefined) return model.say('This message answers no other one.');
				void options.jumps.go({rid, eventId: replyTo.eventId, isWithin: true});
			}),
		jumpBack: () => options.jumps.back(),
	};
};
