/** The list of what the server does not have yet: what failed, what waits, and what is to be sent later. */
import {relationOf} from '../domain/edits.ts';
import {isMessageOfItsOwn, type LostMessage, type OutboxItem} from '../domain/outbox-item.ts';
import {endTypes, responseTypes} from '../domain/poll.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {plainSummary} from '../text/message-text.ts';
import type {PanelRow} from './panel.ts';
import {boldSpan, cutLine, span, spreadLine, type ScreenLine} from './screen-line.ts';
import {clockText, momentText, shortTimeText} from './time-text.ts';
import {wrapLine} from './wrap-line.ts';

/** What a row of the list needs besides the item. */
export type OutboxRowFacts = {
	/** Name of a room; untrusted. */
	readonly roomNameOf: (rid: number) => string | undefined;
	/** Milliseconds since the Unix epoch. */
	readonly now: number;
};

/** Lines of a reason. */
const reasonRows = 3;

/** @returns what the row says, or does to a message, in one line */
export const outboxSummary = ({type, content}: OutboxItem): SafeText => {
	if (type === 'm.reaction') return literal`the reaction ${safeText(relationOf(content).key, 'name')}`;
	if (type === 'm.room.redaction') return literal`the removal of a message`;
	if (responseTypes.includes(type)) return literal`a vote in a poll`;
	if (endTypes.includes(type)) return literal`the end of a poll`;
	const {kind} = relationOf(content);
	if (kind !== 'm.replace') return plainSummary(content, type);
	return literal`an edit: ${plainSummary(content['m.new_content'] as typeof content, type)}`;
};

type Group = 'failed' | 'waiting' | 'scheduled';

const groups: readonly (readonly [group: Group, heading: SafeText])[] = [
	['failed', literal`Not sent`],
	['waiting', literal`Waiting to be sent`],
	['scheduled', literal`To be sent later`],
];

const groupOf = ({state}: OutboxItem): Group => (state === 'failed' || state === 'scheduled' ? state : 'waiting');

const timeOf = ({sendAt, createdAt, state}: OutboxItem, now: number): SafeText => {
	if (state === 'scheduled' && sendAt !== undefined) return momentText(sendAt, now);
	const day = shortTimeText(createdAt, now);
	const clock = clockText(createdAt);
	return day === clock ? clock : literal`${day} ${clock}`;
};

const whyOf = ({state, error}: OutboxItem): SafeText | undefined => {
	if (state === 'doubt') return literal`may have been sent already: being looked up`;
	if (state === 'inflight') return literal`is being sent`;
	const reason = safeText(error ?? '', 'name');
	if (state === 'failed') return reason === '' ? literal`no reason given` : reason;
	return reason === '' ? undefined : literal`waits: ${reason}`;
};

const itemLines = (item: OutboxItem, {roomNameOf, now}: OutboxRowFacts, width: number): readonly ScreenLine[] => {
	const room = safeText(roomNameOf(item.rid), 'name', item.roomId);
	const isFailed = item.state === 'failed';
	const sign = isFailed ? span(literal`✗ `, 'error') : span(literal`⧗ `, 'muted');
	const why = whyOf(item);
	const role = isMessageOfItsOwn(item) ? undefined : 'muted';
	return [
		spreadLine([sign, boldSpan(room, 'name')], [span(timeOf(item, now), 'muted')], width),
		cutLine([span(literal`  `), span(outboxSummary(item), role)], width),
		...(why === undefined
			? []
			: wrapLine([span(why, isFailed ? 'error' : 'muted')], Math.max(1, width - 2), reasonRows).map(line => [
					span(literal`  `),
					...line,
				])),
	];
};

const lostPrefix = 'lost ';

/** @returns the message that a row stands for, which did not arrive; its body is not known */
export const lostOfKey = (key: string): Pick<LostMessage, 'rid' | 'eventId'> | undefined => {
	const [rid = '', eventId = ''] = key.startsWith(lostPrefix) ? key.slice(lostPrefix.length).split(' ') : [];
	return eventId === '' ? undefined : {rid: Number(rid), eventId};
};

const lostLines = ({rid, body}: LostMessage, {roomNameOf}: OutboxRowFacts, width: number): readonly ScreenLine[] => [
	cutLine([span(literal`✗ `, 'error'), boldSpan(safeText(roomNameOf(rid), 'name', 'a room'), 'name')], width),
	cutLine([span(literal`  ${safeText(body, 'line', 'a message')}`)], width),
];

/** @returns what bridges did not pass on, to stand below `outboxRows` */
export const lostRows = (lost: readonly LostMessage[], facts: OutboxRowFacts): readonly PanelRow[] =>
	lost.length === 0
		? []
		: [
				{key: 'lost', isHeading: true, lines: () => [[boldSpan(literal`Did not arrive`, 'heading')]]},
				...lost.map(message => ({
					key: `${lostPrefix}${message.rid} ${message.eventId}`,
					lines: (width: number) => lostLines(message, facts, width),
				})),
			];

/** @returns rows whose keys are the ids of the items */
export const outboxRows = (items: readonly OutboxItem[], facts: OutboxRowFacts): readonly PanelRow[] =>
	groups.flatMap(([group, heading]) => {
		const own = items.filter(item => groupOf(item) === group);
		if (own.length === 0) return [];
		return [
			{key: group, isHeading: true, lines: () => [[boldSpan(heading, 'heading')]]},
			...own.map(item => ({key: String(item.id), lines: (width: number) => itemLines(item, facts, width)})),
		];
	});
