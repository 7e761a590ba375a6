/** Walking through what was sent in the open room; the text that was being written comes back at the end. */
import {asString, type JsonObject} from '../domain/json.ts';
import type {SentMessage, SentPlace} from '../store/sent-messages.ts';
import type {Composer} from '../view-models/composer.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import {sentMentions} from '../view-models/sent-mentions.ts';
import {writtenText} from '../view-models/written-words.ts';
import type {DraftKeeper} from './draft-keeper.ts';

export type SentTextOptions = {
	readonly model: ScreenModel;
	readonly drafts: Pick<DraftKeeper, 'touch'>;
	/** The next older message of the account in a room. */
	readonly sent: (rid: number, before?: SentPlace) => SentMessage | undefined;
};

type Walk = {
	readonly composer: number;
	/** What was being written. */
	readonly written: Composer;
	/** From the newest to the one that is shown. */
	readonly texts: {readonly place: SentPlace; readonly text: string; readonly content: JsonObject}[];
};

/** Messages that are passed over before it is given up: pictures, and the same text again. */
const mostPassed = 200;

const kinds: ReadonlySet<string> = new Set(['m.text', 'm.emote', 'm.notice']);

export const createSentTexts = ({model, drafts, sent}: SentTextOptions) => {
	let walk: Walk | undefined;

	/** The walk goes on only where nothing was changed since. */
	const current = (): Walk | undefined => {
		const isSame = walk?.composer === model.composerNumber() && walk.texts.at(-1)?.text === model.composer().text;
		return isSame ? walk : undefined;
	};

	const show = (text: string, mentions: Composer['mentions']): void => {
		model.edit({kind: 'replace', from: 0, to: model.composer().text.length, text, mentions});
		drafts.touch();
	};

	const older = (rid: number): void => {
		const now: Walk = current() ?? {composer: model.composerNumber(), written: model.composer(), texts: []};
		let place = now.texts.at(-1)?.place;
		for (let passed = 0; passed < mostPassed; passed += 1) {
			const message = sent(rid, place);
			if (message === undefined) break;
			const {content} = message;
			({place} = message);
			const text = writtenText(content);
			const isText = kinds.has(asString(content['msgtype']) ?? '') && text !== '';
			if (!isText || text === model.composer().text) continue;
			now.texts.push({place, text, content});
			show(text, sentMentions(content));
			// As the composer has it: some characters are cleaned.
			now.texts.splice(-1, 1, {place, text: model.composer().text, content});
			walk = now;
			return;
		}
		model.say(
			now.texts.length === 0 ? 'You have said nothing in this room yet.' : 'There is nothing older of yours here.',
		);
	};

	const newer = (): void => {
		const now = current();
		if (now === undefined) {
			model.say(`${model.keyOf('older-text')} brings back what you sent last.`);
			return;
		}
		now.texts.pop();
		const last = now.texts.at(-1);
		if (last === undefined) {
			walk = undefined;
			show(now.written.text, now.written.mentions);
		} else show(last.text, sentMentions(last.content));
	};

	return {
		/** @param steps -1: an older text, 1: a newer one */
		move(steps: -1 | 1): void {
			const room = model.openedRoom();
			if (room === undefined) model.say('Open a room first.');
			else if (steps === -1) older(room.rid);
			else newer();
		},
	};
};
