/** What commands do to see a room again later, and to say that nobody needs a reply there. */
import {readSnoozeTime, snoozeChoices, type SnoozeChoice} from '../commands/snooze-time.ts';
import type {TriageActions} from '../commands/triage-actions.ts';
import type {RoomRow} from '../domain/room.ts';
import type {SnoozeTime} from '../domain/snooze.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {roomName} from '../view-models/inbox-row.ts';
import type {PanelRow} from '../view-models/panel.ts';
import {boldSpan, cutLine, lineWidth, span, spreadLine} from '../view-models/screen-line.ts';
import {momentText} from '../view-models/time-text.ts';
import type {ScreenPort} from './screen-port.ts';

/**
 * Runs a request for the row in which the open room stands: for all rooms of the person whose chat it is, or for it alone.
 * @param work is given the row, as the list has it, and the rooms
 */
export type WithRow = (work: (row: RoomRow, rooms: readonly RoomRow[]) => Promise<void>) => void;

export type SnoozeOptions = ScreenPort & {
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Says why not, where that cannot be. */
	readonly withRow: WithRow;
	/** @returns why nothing can be done with the open room */
	readonly reasonAgainst: (room: RoomRow | undefined) => string | undefined;
};

const capital = (text: string): SafeText => safeText(text.slice(0, 1).toUpperCase() + text.slice(1), 'name');

export const createSnoozeActions = (
	options: SnoozeOptions,
): Pick<TriageActions, 'snooze' | 'snoozeOrWake' | 'unsnooze' | 'dismissReply'> => {
	const {model, session, now, withRow, reasonAgainst} = options;
	/** Room ids where that was said since mx was started: it can be taken back. */
	const dismissed = new Set<string>();

	/** A letter is a key in the inbox alone. */
	const takesBack = (command: string, word: string): string =>
		`${model.focusedPane() === 'inbox' ? model.keyOf(command) : word} takes that back`;

	const sleep = ({until, isUnlessAnswered}: SnoozeTime): void =>
		withRow(async (room, rooms) => {
			for (const {roomId} of rooms) await session.snooze({roomId, until, isUnlessAnswered});
			const unless = isUnlessAnswered ? ' if nobody answers' : '';
			const when = `${momentText(until, now())}${unless}`;
			const how = takesBack('snooze-room', '/unsnooze');
			model.say(`${roomName(room)} is away, and comes back ${when}: ${how}.`, 'ok');
		});

	const wake = (): void =>
		withRow(async (room, rooms) => {
			const away = rooms.filter(({snoozedUntil}) => snoozedUntil !== undefined);
			for (const {roomId} of away) await session.snooze({roomId});
			const wasAway = away.length > 0;
			model.say(
				wasAway ? `${roomName(room)} is back.` : `${roomName(room)} is not snoozed.`,
				wasAway ? 'ok' : 'warning',
			);
		});

	const row = (key: string, label: SafeText, when: SafeText): PanelRow => ({
		key,
		lines(width) {
			const left = [boldSpan(label)];
			const right = [span(literal`${when} `, 'muted')];
			const isBeside = lineWidth(left) + lineWidth(right) < width;
			return isBeside ? [spreadLine(left, right, width)] : [cutLine(left, width), spreadLine([], right, width)];
		},
	});

	const choiceRow = ({name, until}: SnoozeChoice): PanelRow => row(name, capital(name), momentText(until, now()));

	/** What was typed is a time, or narrows what is offered. */
	const rowsFor = (query: string): readonly PanelRow[] => {
		const wanted = query.trim().toLowerCase();
		const offered = snoozeChoices(now()).filter(({name}) => name.includes(wanted));
		if (wanted === '') return offered.map(choiceRow);
		const read = readSnoozeTime(query, now());
		const isTime = read !== 'now' && 'until' in read;
		const typed = isTime ? [row(`typed ${query}`, safeText(query.trim(), 'name'), momentText(read.until, now()))] : [];
		return [...typed, ...offered.filter(({until}) => !isTime || until !== read.until).map(choiceRow)];
	};

	const choose = (key: string): void => {
		model.closePanel();
		const offered = snoozeChoices(now()).find(({name}) => name === key);
		const time = offered ?? readSnoozeTime(key.replace(/^typed /, ''), now());
		if (time !== 'now' && 'until' in time) sleep(time);
	};

	const open = (room: RoomRow): void =>
		model.openPanel({
			scope: 'snooze',
			place: 'over',
			title: literal`See ${roomName(room)} again`,
			prompt: literal`a time: 14:30, friday, 3h, no answer 1w`,
			hint: literal`It comes back before that when somebody writes`,
			rows: query => rowsFor(query),
			empty: () => literal`That is no time.`,
			choose,
		});

	const actions: ReturnType<typeof createSnoozeActions> = {
		snooze(text) {
			const room = model.openedRoom();
			const time = text === undefined ? undefined : readSnoozeTime(text, now());
			if (time === 'now') wake();
			else if (time !== undefined && 'problem' in time) model.say(time.problem, 'warning');
			else if (time !== undefined) sleep(time);
			// Says why not.
			else if (room === undefined || reasonAgainst(room) !== undefined || room.snoozedUntil !== undefined) wake();
			else open(room);
		},
		snoozeOrWake() {
			if (model.opened.rooms().some(({snoozedUntil}) => snoozedUntil !== undefined)) wake();
			else actions.snooze(undefined);
		},
		unsnooze: wake,
		dismissReply: () =>
			withRow(async (room, rooms) => {
				const asking = rooms.filter(({needsReplySince}) => needsReplySince !== undefined);
				const isDismissed = asking.length > 0;
				const changed = isDismissed ? asking : rooms.filter(({roomId}) => dismissed.has(roomId));
				if (changed.length === 0) {
					model.say(`Nobody waits for your reply in ${roomName(room)}.`, 'warning');
					return;
				}
				for (const {roomId} of changed) {
					await session.dismissReply({roomId, isDismissed});
					if (isDismissed) dismissed.add(roomId);
					else dismissed.delete(roomId);
				}
				model.say(
					isDismissed
						? `${roomName(room)} needs no reply until the next message: ${takesBack('no-reply', '/no-reply')}.`
						: `${roomName(room)} needs a reply again.`,
					'ok',
				);
			}),
	};
	return actions;
};
