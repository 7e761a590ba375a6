/** Random hostile text: pieces that begin, end and hide escape sequences, and Unicode that joins, marks and reorders. */
import * as fc from 'fast-check';

const controls = '\u001B \u0007 \u009B \u009D \u009C \u0090 \r \n \b \t \u2028 \u0085'.split(' ');
const ascii = '] [ \\ 8 0 ; m J ? https://a.b a word <b> </a> &#27; >'.split(' ');
const invisible =
	'\u202E|\u2066|\u2069|\u200E|\u200D|\u200C|\u200B|\uFE0F|\uFE0E|\u00AD|\u0600|\u2800|\u3164|\u{E0067}|\u{E007F}'.split(
		'|',
	);
const marks = '\u0301|\u20E3|\u094D|\u0BBF|\u0E33|\u102C|\u1161|\u11A8|\uFF9E|\u{1F3FD}'.split('|');
const letters = '\u0915|\u0937|\u1100|\u{1F468}|\u{1F1E9}|\u{1F3F4}|漢|。|é|❤|☎\uFE0F'.split('|');
const pieces = [...controls, ...ascii, ...invisible, ...marks, ...letters, ' ', '  ', '\uD800', '\uDC00'];

/** Up to 60 pieces of hostile text, mixed with any code points. */
export const hostileText = (): fc.Arbitrary<string> =>
	fc
		.array(fc.oneof({weight: 4, arbitrary: fc.constantFrom(...pieces)}, fc.string({unit: 'binary', maxLength: 2})), {
			maxLength: 60,
		})
		.map(parts => parts.join(''));

const tags = [
	'p',
	'b',
	'a href="https://x.y/z"',
	'a href="javascript:x"',
	'ul',
	'ol start="9"',
	'li',
	'blockquote',
	'pre',
	'code',
	'table',
	'tr',
];
const moreTags = [
	'td',
	'h2',
	'hr',
	'br',
	'img alt="x"',
	'span data-mx-spoiler="why"',
	'mx-reply',
	'script',
	'sup',
	'unknown',
	'svg',
	'div',
];

/** Up to 40 tags and texts in any order, closed or not. */
export const hostileHtml = (): fc.Arbitrary<string> => {
	const open = fc.constantFrom(...tags, ...moreTags).map(tag => `<${tag}>`);
	const close = fc.constantFrom(...tags, ...moreTags).map(tag => `</${tag.split(' ')[0]}>`);
	return fc.array(fc.oneof(open, close, hostileText()), {maxLength: 40}).map(parts => parts.join(''));
};
