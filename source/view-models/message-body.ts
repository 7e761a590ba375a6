/** What a message says, as lines: its text with what mx puts before and behind it. */
import {asString, type JsonObject} from '../domain/json.ts';
import type {Highlight} from '../text/highlighter.ts';
import {layoutBlocks} from '../text/layout.ts';
import {messageBlocks} from '../text/message-text.ts';
import {literal, type SafeText} from '../text/safe-text.ts';
import {mutedStyle, plainStyle, type Block, type Line, type Span} from '../text/spans.ts';

/** A message as far as its text goes. */
export type MessageBody = {
	readonly content: JsonObject;
	readonly type: string;
	readonly author: SafeText;
	readonly isEdited: boolean;
	readonly isInThread: boolean;
	/** What it is about. */
	readonly title?: SafeText | undefined;
	/** Who brought it, where that is somebody else than its author. */
	readonly via?: SafeText | undefined;
};

/** How it is shown. */
export type BodyLook = {
	/** Cells. */
	readonly width: number;
	/** @default false */
	readonly isSpoilerShown?: boolean | undefined;
	/** Colours code. @default nothing does */
	readonly highlight?: Highlight | undefined;
};

/** Lines of one message that are laid out; the rest is counted. */
const maxRows = 200;

const threadMark: Span = {text: literal`⤷ `, style: mutedStyle};
const editedMark: Span = {text: literal` (edited)`, style: mutedStyle};

export const isEmote = (content: JsonObject): boolean => asString(content['msgtype']) === 'm.emote';

/** Puts spans before the first word of a message. */
const withPrefix = (blocks: readonly Block[], prefix: readonly Span[]): readonly Block[] => {
	const [first, ...rest] = blocks;
	if (first?.kind === 'text' && first.frames.length === 0)
		return [{...first, spans: [...prefix, ...first.spans]}, ...rest];
	return [{kind: 'text', frames: [], hasGap: false, spans: prefix}, ...blocks];
};

const withSuffix = (blocks: readonly Block[], suffix: Span): readonly Block[] => {
	const last = blocks.at(-1);
	if (last?.kind === 'text') return [...blocks.slice(0, -1), {...last, spans: [...last.spans, suffix]}];
	return [...blocks, {kind: 'text', frames: [], hasGap: false, spans: [suffix]}];
};

export const bodyLines = (
	{content, type, author, isEdited, isInThread, title, via}: MessageBody,
	{width, isSpoilerShown = false, highlight}: BodyLook,
): readonly Line[] => {
	let blocks = messageBlocks(content, type);
	if (isEmote(content)) blocks = withPrefix(blocks, [{text: literal`${author} `, style: plainStyle}]);
	if (title !== undefined)
		blocks = [{kind: 'text', frames: [], hasGap: false, spans: [{text: title, style: {isBold: true}}]}, ...blocks];
	if (via !== undefined) blocks = withPrefix(blocks, [{text: literal`via ${via} · `, style: mutedStyle}]);
	if (isInThread) blocks = withPrefix(blocks, [threadMark]);
	if (isEdited) blocks = withSuffix(blocks, editedMark);
	return layoutBlocks(blocks, width, {maxRows, isSpoilerShown, highlight});
};
