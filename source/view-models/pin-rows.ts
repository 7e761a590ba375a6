/** The rows of the list of pinned messages. */
import {isByPerson, type Message} from '../domain/message.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {messageSummary} from './message-summary.ts';
import type {PanelRow} from './panel.ts';
import {boldSpan, cutLine, span, spreadLine, type ScreenSpan} from './screen-line.ts';
import {shortTimeText} from './time-text.ts';

/** A pin, and what the archive has of it. `network`: of the chat, where it is one of several of a person. */
export type Pin = {
	readonly eventId: string;
	readonly message: Message | undefined;
	readonly network: ScreenSpan | undefined;
};

const missing = (isLoading: boolean): ScreenSpan =>
	span(isLoading ? literal`loading…` : literal`the server does not give this one`, 'muted');

/** @returns one row for each pin; their keys are event ids */
export const pinRows = (
	pins: readonly Pin[],
	{now, isLoading}: {readonly now: number; readonly isLoading: boolean},
): readonly PanelRow[] =>
	pins.map(({eventId, message, network}) => ({
		key: eventId,
		lines(width) {
			const label = network === undefined ? [] : [network, span(literal` `)];
			if (message === undefined) return [[...label, missing(isLoading)]];
			const name = isByPerson(message) ? literal`you` : safeText(message.senderName, 'name', message.sender);
			const time = span(shortTimeText(message.timestamp, now), 'muted');
			return [
				spreadLine([...label, boldSpan(name, 'name')], [time], width),
				cutLine([span(literal`  `), span(messageSummary(message))], width),
			];
		},
	}));
