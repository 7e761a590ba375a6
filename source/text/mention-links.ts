/** The people and rooms that Matrix HTML links to, with the words that name them: what a sent text said of whom. */
import {parseMatrixLink} from '../domain/matrix-link.ts';
import type {Mention} from '../domain/mention.ts';

const link = /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([^<]*)<\/a\s*>/gi;
/** UTF-16 code units that are looked at. */
const maxLength = 65_536;

const entities: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'"};

const decode = (text: string): string =>
	text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '');

/** @returns one for each link to a person or room; links to messages are none. */
export const mentionLinks = (html: string): readonly Mention[] =>
	Array.from(html.slice(0, maxLength).matchAll(link)).flatMap(([, double, single, words]) => {
		const target = parseMatrixLink(decode(double ?? single ?? ''));
		if (target === undefined || target.eventId !== undefined) return [];
		const {id, servers} = target;
		return [{text: decode(words ?? ''), id, ...(servers.length === 0 ? {} : {servers})}];
	});
