/** Whatever a bridge, or whoever took its place, writes wrongly: limits, markers and states stay total, and what comes of them is drawn. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asBridged, bridgedRoom} from '../../source/bridges/bridged-message.ts';
import {roomLimits} from '../../source/bridges/capabilities.ts';
import {disappearingTimer} from '../../source/bridges/disappearing.ts';
import {checkEdit, checkReaction, checkRemoval, fitMessage, limitPhrases} from '../../source/bridges/limit-checks.ts';
import {asObject, type JsonObject} from '../../source/domain/json.ts';
import type {Message} from '../../source/domain/message.ts';
import type {BridgeState, Portal} from '../../source/domain/portal.ts';
import {parseFailureNotice, parseSendStatus, retryOf, sendStatusOf} from '../../source/domain/send-status.ts';
import {messageBlocks, plainSummary} from '../../source/text/message-text.ts';
import {originalOf} from '../../source/text/native-content.ts';
import {spansOf} from '../../source/text/spans.ts';
import {eventTemplates} from '../corpus/event-templates.ts';
import {everyMalformed} from '../corpus/malformed-json.ts';
import {samplePortal} from '../helpers/sample-portal.ts';

const bot = '@signalbot:one.test';

const portal: Portal = samplePortal({kind: 'group', bot});

const features = {
	formatting: {bold: 2},
	file: {'m.image': {mime_types: {'image/png': 2}, caption: 2, max_size: 5}},
	max_text_length: 2000,
	edit: 2,
	edit_max_age: 5,
	edit_max_count: 2,
	reaction: 2,
	allowed_reactions: ['a'],
	disappearing_timer: {omit_empty_timer: false},
};

/** Longer ones only take longer. */
const shortest = 10_000;

const malformed = (value: JsonObject): readonly JsonObject[] =>
	[...everyMalformed(value)].filter(json => json.length < shortest).map(json => asObject(JSON.parse(json)));

const state = (type: string, content: JsonObject, stateKey = 'k'): BridgeState => ({
	type,
	stateKey,
	sender: bot,
	content,
});

test('malformed limits let everything be sent or refuse it with a sentence', () => {
	const image = {msgtype: 'm.image', body: 'a', filename: 'b', info: {mimetype: 'image/png', size: 9}};
	const words = {msgtype: 'm.text', body: '**a**', formatted_body: '<b>a</b>'};
	for (const content of malformed(features)) {
		const limits = roomLimits(portal, [
			state('m.bridge', {bridgebot: bot}),
			state('com.beeper.room_features', content),
			state('com.beeper.disappearing_timer', content, ''),
		]);
		if (limits === undefined) continue;
		const verdicts = [
			fitMessage(limits, 'm.room.message', image),
			fitMessage(limits, 'm.room.message', words),
			checkEdit(limits, {timestamp: 1, edits: 1}, 2),
			checkReaction(limits, 'a'),
			checkRemoval(limits, 1, 2),
		];
		for (const {refusal = '', warning = ''} of verdicts) assert.ok(!/undefined|NaN|\[object/.test(refusal + warning));
		assert.ok(limitPhrases(limits).every(phrase => phrase.startsWith('Signal')));
		disappearingTimer(portal, [state('com.beeper.disappearing_timer', content, '')], false);
	}
});

test('malformed messages and states of a believed bot are messages still', () => {
	const room = bridgedRoom(portal, new Map());
	const mail = bridgedRoom({...portal, protocol: 'email'}, new Map());
	assert.ok(room !== undefined && mail !== undefined);
	const bridged = eventTemplates.filter(({name}) => name === 'bridged' || name === 'send status');
	assert.equal(bridged.length, 2);
	for (const content of bridged.flatMap(({event}) => malformed(asObject(event['content'])))) {
		const given: Message = {
			pk: 1,
			eventId: '$a',
			rid: 1,
			chunkOrder: 1,
			position: 1,
			timestamp: 1,
			sender: bot,
			senderName: undefined,
			type: 'm.room.message',
			stateKey: undefined,
			content,
			isEdited: false,
			encryption: 'clear',
			undecryptableReason: undefined,
			shield: undefined,
			redactedBy: undefined,
			reactions: [],
			replyTo: undefined,
			threadRoot: undefined,
			isMine: false,
		};
		for (const shown of [asBridged(given, room), asBridged(given, mail)]) {
			assert.ok(
				messageBlocks(shown.content, shown.type)
					.flatMap(spansOf)
					.every(({text}) => !/[\u0000-\u0008\u001B]/.test(text)),
			);
			assert.equal(typeof plainSummary(shown.content, shown.type), 'string');
			assert.ok(shown.author === undefined || Buffer.byteLength(shown.author) <= 255);
		}
		originalOf(content);
		retryOf(content);
		const status = parseSendStatus(content, 1);
		if (status !== undefined) assert.ok(sendStatusOf([status]).steps.length === 1);
		assert.equal(parseFailureNotice(JSON.stringify(content), 1), undefined);
	}
});
