/** Lists about one message: its versions, who reacted, who read it; and its source. */
import type {JsonObject} from '../domain/json.ts';
import type {Message} from '../domain/message.ts';
import type {SendStatus, SendStep} from '../domain/send-status.ts';
import type {Highlight} from '../text/highlighter.ts';
import {layoutBlocks} from '../text/layout.ts';
import {messageBlocks} from '../text/message-text.ts';
import {originalOf} from '../text/native-content.ts';
import {literal, safeLines, safeText, type SafeText} from '../text/safe-text.ts';
import type {PanelRow} from './panel.ts';
import {boldSpan, cutLine, span, type ScreenLine} from './screen-line.ts';
import {clockText, dayText} from './time-text.ts';
import {stepWords} from './send-words.ts';
import {shieldText, undecryptedText} from './unreadable-text.ts';
import {wrapLine} from './wrap-line.ts';

/** What is known of a message. All names are untrusted. */
export type MessageDetails = {
	readonly message: Message;
	/** Oldest first. */
	readonly versions: ReadonlyArray<{readonly timestamp: number; readonly content: JsonObject}>;
	readonly reactors: ReadonlyArray<{
		readonly key: string;
		readonly userId: string;
		readonly name: string | undefined;
	}>;
	readonly readers: ReadonlyArray<{
		readonly userId: string;
		readonly name: string | undefined;
		readonly time: number;
	}>;
	/** What became of it behind the bridge of the room. */
	readonly delivery?: {readonly network: string; readonly status: SendStatus} | undefined;
};

/** How it is shown. */
export type DetailLook = {
	/** Milliseconds since the Unix epoch. */
	readonly now: number;
	/** Colours code. */
	readonly highlight: Highlight;
};

/** Rows of one version at most. */
const versionRows = 40;

const momentText = (time: number, now: number): SafeText => literal`${dayText(time, now)} ${clockText(time)}`;

const heading = (key: string, words: SafeText): PanelRow => ({
	key,
	isHeading: true,
	lines: () => [[boldSpan(words, 'heading')]],
});

const row = (key: string, lines: PanelRow['lines']): PanelRow => ({key, lines});

const indented = (line: ScreenLine): ScreenLine => [span(literal`  `), ...line];

const person = (userId: string, name: string | undefined): ScreenLine => {
	const shown = safeText(name, 'name', userId);
	const id = safeText(userId, 'name');
	// Anybody can take any name, but not an id.
	return shown === id ? [span(shown, 'name')] : [span(shown, 'name'), span(literal` ${id}`, 'muted')];
};

/** Who looks at the versions wants to see what is in them. */
const versionLines = (content: JsonObject, type: string, width: number, highlight: Highlight): readonly ScreenLine[] =>
	layoutBlocks(messageBlocks(content, type), Math.max(1, width - 2), {
		maxRows: versionRows,
		isSpoilerShown: true,
		highlight,
	}).map(indented);

const versionList = ({versions, message}: MessageDetails, {now, highlight}: DetailLook): readonly PanelRow[] => {
	if (versions.length < 2) return [];
	const words = literal`${versions.length} versions`;
	return [
		heading('versions', words),
		...versions
			.map(({timestamp, content}, index) =>
				row(`version ${index}`, width => [
					[span(index === 0 ? literal`sent ` : literal`edited `, 'muted'), span(momentText(timestamp, now), 'muted')],
					...versionLines(content, message.type, width, highlight),
				]),
			)
			.toReversed(),
	];
};

const reactorList = ({reactors}: MessageDetails): readonly PanelRow[] => [
	...(reactors.length === 0 ? [] : [heading('reactions', literal`Reactions`)]),
	...reactors.map(({key, userId, name}) =>
		row(`reaction ${key} ${userId}`, width =>
			wrapLine([span(safeText(key, 'name', '(empty)')), span(literal`  `), ...person(userId, name)], width, 2),
		),
	),
];

const readerList = ({readers}: MessageDetails, now: number): readonly PanelRow[] => [
	heading('readers', readers.length === 0 ? literal`Read by nobody yet` : literal`Read by ${readers.length}`),
	...readers.map(({userId, name, time}) =>
		row(`reader ${userId}`, width =>
			wrapLine([...person(userId, name), span(literal`  ${momentText(time, now)}`, 'muted')], width, 2),
		),
	),
];

/** How far it can be trusted: the shield, in words. */
const trustLines = (message: Message, width: number): readonly ScreenLine[] => {
	const {encryption, shield} = message;
	if (encryption === 'undecrypted') return wrapLine([span(undecryptedText(message), 'muted')], width, 4);
	if (shield?.colour === 'neutral')
		return wrapLine([span(literal`encrypted to the bridge, then by the network behind it`, 'muted')], width, 3);
	if (shield !== undefined)
		return wrapLine([span(literal`⚠ ${shieldText(shield)}`, shield.colour === 'red' ? 'error' : 'warning')], width, 3);
	const words = encryption === 'clear' ? literal`not encrypted` : literal`encrypted; nothing speaks against its sender`;
	return wrapLine([span(words, 'muted')], width, 2);
};

/** What became of an own message behind a bridge. */
const sendStory = ({message, delivery}: MessageDetails, now: number): readonly PanelRow[] => {
	if (delivery === undefined || !message.isMine) return [];
	const {network, status} = delivery;
	const steps: readonly SendStep[] = [{stage: 'sent', time: message.timestamp}, ...status.steps];
	const waits = status.steps.length === 0 && status.isAwaited ? [literal`the bridge has said nothing yet`] : [];
	return [
		heading('delivery', literal`Its way to ${safeText(network, 'name')}`),
		...steps.map((step, index) =>
			row(`delivery ${index}`, width =>
				wrapLine(
					[
						span(literal`${momentText(step.time, now)}  `, 'muted'),
						span(stepWords(step, network), step.stage === 'failed' ? 'error' : undefined),
					],
					width,
					4,
				),
			),
		),
		...waits.map(words => row('delivery waits', () => [[span(words, 'muted')]])),
	];
};

/** Where it stands on the network that it comes from. */
const originalLines = ({content}: Message, width: number): readonly ScreenLine[] => {
	const original = originalOf(content);
	return original === undefined ? [] : [cutLine([span(literal`the original is at ${original.host}`, 'muted')], width)];
};

/** Key of the row that leads to the source. */
export const sourceKey = 'source';

export const detailRows = (details: MessageDetails, look: DetailLook): readonly PanelRow[] => {
	const {message} = details;
	const {now} = look;
	return [
		row(sourceKey, width => [
			person(message.sender, message.senderName),
			...(message.author === undefined
				? []
				: [[span(literal`in the name of `, 'muted'), span(safeText(message.author, 'name'), 'name')]]),
			...originalLines(message, width),
			[span(momentText(message.timestamp, now), 'muted'), span(literal` · Enter shows the source`, 'muted')],
			...trustLines(message, width),
		]),
		...sendStory(details, now),
		...versionList(details, look),
		...reactorList(details),
		...readerList(details, now),
	];
};

/** Lines of a source that are shown. */
const sourceLines = 2000;

/** Characters that turn or hide text or are not seen themselves; as JSON has them, they are escaped. */
const invisible = /[\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/g;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const jsonRows = (name: string, value: unknown): readonly PanelRow[] => {
	if (value === undefined) return [];
	// Who looks at a source wants to see what hides in it.
	const lines = safeLines(JSON.stringify(value, undefined, 2).replaceAll(invisible, escaped));
	return lines.slice(0, sourceLines).map((line, index) => {
		const indent = line.length - line.trimStart().length;
		return row(`${name} ${index}`, width => {
			const wrapped = wrapLine([span(line.trimStart() as SafeText)], Math.max(8, width - indent), 100);
			return wrapped.map(part => [span(' '.repeat(indent) as SafeText), ...part]);
		});
	});
};

/** An event as it came, and what was in it. */
export const sourceRows = ({
	received,
	decrypted,
}: {
	readonly received: unknown;
	readonly decrypted: unknown;
}): readonly PanelRow[] =>
	decrypted === undefined
		? jsonRows('received', received)
		: [
				heading('decrypted', literal`Decrypted`),
				...jsonRows('clear', decrypted),
				heading('received', literal`As it came`),
				...jsonRows('raw', received),
			];
