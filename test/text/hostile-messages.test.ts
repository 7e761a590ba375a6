import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {layoutBlocks} from '../../source/text/layout.ts';
import {messageBlocks, plainSummary} from '../../source/text/message-text.ts';
import {textWidth} from '../../source/text/width.ts';
import {joinSafe} from '../../source/text/safe-text.ts';
import {findUnsafe} from '../corpus/safety.ts';
import {hostilePayloads, placements} from '../corpus/terminal.ts';

const escapeAttribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** Messages with a payload in every place that is drawn. */
const messagesWith = (payload: string): ReadonlyArray<readonly [JsonObject, string]> => {
	const attribute = escapeAttribute(payload);
	const formatted = [
		`<p>${payload}</p><pre><code class="language-${attribute}">${payload}</code></pre><img alt="${attribute}">`,
		`<a href="https://x.y/${attribute}">${payload}</a><a href="https://matrix.to/#/@${attribute}:x">a</a>`,
		`<span data-mx-spoiler="${attribute}">${payload}</span><table><tr><td>${payload}<td>${payload}</table>`,
		Array.from(payload.slice(0, 2000), character => `&#${character.codePointAt(0)};`).join(''),
	];
	const info = {size: 5, mimetype: payload};
	return [
		[{msgtype: 'm.text', body: payload}, 'm.room.message'],
		...formatted.map(
			html =>
				[
					{msgtype: 'm.text', body: payload, format: 'org.matrix.custom.html', formatted_body: html},
					'm.room.message',
				] as const,
		),
		[{msgtype: 'm.image', body: payload, filename: payload + payload, info}, 'm.room.message'],
		[{msgtype: payload, body: payload}, 'm.room.message'],
		[{body: payload, info}, 'm.sticker'],
		[{body: payload}, payload],
	];
};

for (const {name, kind, payload} of hostilePayloads) {
	test(`${kind}: a message that ${name} is drawn as safe rows of the right width`, () => {
		for (const placed of placements(payload)) {
			for (const [content, type] of messagesWith(placed)) {
				assert.equal(findUnsafe(plainSummary(content, type)), undefined);
				for (const line of layoutBlocks(messageBlocks(content, type), 40, {isSpoilerShown: true})) {
					const text = joinSafe(line.map(span => span.text));
					assert.equal(findUnsafe(text), undefined, JSON.stringify(text));
					assert.ok(!text.includes('\n'));
					assert.ok(textWidth(text) <= 40, JSON.stringify(text));
					for (const {style} of line) {
						assert.match(style.link?.href ?? 'https://', /^(?:https?:\/\/|mailto:|matrix:)[!-~]*$/);
						assert.equal(findUnsafe(`${style.mention ?? ''}${style.link?.host ?? ''}`), undefined);
					}
				}
			}
		}
	});
}
