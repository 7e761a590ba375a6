/** Makes the message that is being written, for its preview: by the same way as it is sent. */
import {messageContent} from '../commands/shell/message-content.ts';
import {writtenMessage, type Written} from '../commands/written-message.ts';
import {reportOf} from '../domain/errors.ts';
import type {JsonObject} from '../domain/json.ts';
import type {Mention, MentionRules} from '../domain/mention.ts';
import {messageBlocks} from '../text/message-text.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {mutedStyle, plainStyle, type Block} from '../text/spans.ts';
import type {Composer} from '../view-models/composer.ts';
import type {PreviewMessage, PreviewRenderer} from '../view-models/preview.ts';
import {momentText} from '../view-models/time-text.ts';

export type PreviewOptions = {
	/** Own name in a room. */
	readonly nameOf: (rid: number) => SafeText;
	readonly rulesOf: (rid: number, known: readonly Mention[]) => MentionRules;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Something was made. */
	readonly onLoaded: () => void;
};

/** UTF-16 code units that are looked at; what is longer is no message. */
const longestText = 45_000;

const title = literal`preview`;

const sentence = (text: SafeText): PreviewMessage => ({
	title,
	blocks: [{kind: 'text', frames: [], hasGap: false, spans: [{text, style: mutedStyle}]}],
});

/** An emote has only what is done. */
const withName = (blocks: readonly Block[], name: SafeText): readonly Block[] => {
	const [first, ...rest] = blocks;
	const span = {text: literal`* ${name} `, style: plainStyle};
	return first?.kind === 'text' ? [{...first, spans: [span, ...first.spans]}, ...rest] : blocks;
};

const contentOf = async (written: Written, rules: MentionRules): Promise<JsonObject> =>
	written.kind === 'event' ? written.content : messageContent(written.text, written.style, written.style.kind, rules);

export const createPreviewRenderer = ({nameOf, rulesOf, now, onLoaded}: PreviewOptions): PreviewRenderer => {
	let made: PreviewMessage | undefined;
	/** What was made, or is being made. */
	let last: (Pick<Composer, 'text' | 'mentions'> & {readonly rid: number}) | undefined;

	const make = async ({text, mentions}: Pick<Composer, 'text' | 'mentions'>, rid: number): Promise<PreviewMessage> => {
		const message = writtenMessage(text, now());
		if (message === undefined) return sentence(literal`a command, no message`);
		if (typeof message === 'string') return sentence(safeText(message, 'name'));
		const {written, sendAt} = message;
		try {
			const content = await contentOf(written, rulesOf(rid, mentions));
			const blocks = messageBlocks(content, written.kind === 'event' ? written.type : 'm.room.message');
			return {
				title: sendAt === undefined ? title : literal`${title}, to be sent ${momentText(sendAt, now())}`,
				blocks: content['msgtype'] === 'm.emote' ? withName(blocks, nameOf(rid)) : blocks,
			};
		} catch (error) {
			return sentence(safeText(reportOf(error).message, 'name'));
		}
	};

	return (composer, rid) => {
		const {text, mentions} = composer;
		if (text.length > longestText) return sentence(literal`too long for one message`);
		if (last?.text === text && last.mentions === mentions && last.rid === rid) return made;
		if (last?.rid !== rid) made = undefined;
		const wanted = {text, mentions, rid};
		last = wanted;
		void make(composer, rid).then(message => {
			if (last !== wanted) return;
			made = message;
			onLoaded();
		});
		return made;
	};
};
