/** What is sent where a message is forwarded: what it says, without what tied it to its room. */
import {asString, type JsonObject} from '../domain/json.ts';
import type {Message} from '../domain/message.ts';
import {plainBody} from '../text/message-text.ts';

/** What old clients put before an answer. */
const quoteBefore = /^<mx-reply>[\s\S]*?<\/mx-reply>/;

/**
 * What a bridge noted of a message is not so of another one: in whose name it is, that it was tried before, that it came by the
 * bridge itself, which then passes nothing on.
 */
const ofBridge = /^(?:com\.beeper\.|fi\.mau\.|cc\.etke\.|m\.per_message_profile$|external_url$)/;

/** Nobody is called by what was said to others; a sticker goes as the picture that it is. */
export const forwardedContent = ({content, type}: Pick<Message, 'content' | 'type'>): JsonObject => {
	const {'m.relates_to': relation, 'm.new_content': _, ...rest} = content;
	const said: JsonObject = Object.fromEntries(Object.entries(rest).filter(([key]) => !ofBridge.test(key)));
	const html = asString(said['formatted_body']);
	return {
		...said,
		...(type === 'm.sticker' ? {msgtype: 'm.image'} : {}),
		body: plainBody({body: said['body'], 'm.relates_to': relation}),
		...(html === undefined ? {} : {formatted_body: html.replace(quoteBefore, '')}),
		'm.mentions': {},
	};
};
