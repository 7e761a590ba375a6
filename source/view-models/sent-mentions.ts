/** Whom a sent text names, for writing it again: in an edit, and taken back from the outbox or the history. */
import {asObject, asString, type JsonObject} from '../domain/json.ts';
import type {Mention} from '../domain/mention.ts';
import {mentionLinks} from '../text/mention-links.ts';

/** @param content of a message, or of its edit. @returns the names that stand in its body as they were put in */
export const sentMentions = (content: JsonObject): readonly Mention[] => {
	const said = content['m.new_content'] === undefined ? content : asObject(content['m.new_content']);
	const body = asString(said['body']) ?? '';
	const links = mentionLinks(asString(said['formatted_body']) ?? '');
	return links.filter(({text}) => /^[@#]./.test(text) && body.includes(text));
};
