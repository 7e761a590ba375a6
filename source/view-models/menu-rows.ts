/** Rows of a panel that says what something is, and what can be done with it. */
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {pad} from '../text/width.ts';
import type {PanelRow} from './panel.ts';
import {boldSpan, cutLine, emptyLine, span, spreadLine, type ScreenLine, type ThemeRole} from './screen-line.ts';
import {wrapLine} from './wrap-line.ts';

export type MenuItem =
	| {readonly kind: 'title'; readonly text: SafeText}
	| {readonly kind: 'fact'; readonly label: SafeText; readonly value: SafeText; readonly role?: ThemeRole}
	/** Of some rows. */
	| {readonly kind: 'text'; readonly text: SafeText; readonly role?: ThemeRole}
	| {readonly kind: 'blank'}
	| {
			readonly kind: 'action';
			readonly key: string;
			readonly label: SafeText;
			/** The letter that does it too. */
			readonly letter?: string | undefined;
			/** Why it cannot be done; a sentence. */
			readonly lock?: string | undefined;
	  };

type Action = MenuItem & {readonly kind: 'action'};

const isAction = (item: MenuItem): item is Action => item.kind === 'action';

const labelWidth = 11;
const textRows = 4;

/** Where a menu can be acted on, the reason why not stands under it. */
const actionLines = (item: Action, width: number): readonly ScreenLine[] => {
	const {label, letter, lock} = item;
	const role = lock === undefined ? undefined : 'muted';
	const left = [span(literal` → `, lock === undefined ? 'accent' : 'muted'), boldSpan(label, role)];
	const right = letter === undefined ? emptyLine : [span(literal`${safeText(letter, 'name')} `, 'muted')];
	const reason = lock === undefined ? [] : wrapLine([span(safeText(lock, 'name'), 'muted')], Math.max(1, width - 3), 2);
	return [spreadLine(left, right, width), ...reason.map(line => [span(literal`   `), ...line])];
};

const linesOf = (item: MenuItem, width: number): readonly ScreenLine[] => {
	switch (item.kind) {
		case 'title':
			return wrapLine([boldSpan(item.text, 'title')], width, 2);
		case 'fact':
			return [cutLine([span(pad(item.label, labelWidth), 'muted'), span(item.value, item.role)], width)];
		case 'text':
			return wrapLine([span(item.text, item.role)], width, textRows);
		case 'blank':
			return [emptyLine];
		case 'action':
			return actionLines(item, width);
		default:
			return item satisfies never;
	}
};

/** @returns rows of which only the actions can be chosen. */
export const menuRows = (items: readonly MenuItem[]): readonly PanelRow[] =>
	items.map((item, index) => ({
		key: item.kind === 'action' ? item.key : `#${index}`,
		isHeading: item.kind !== 'action',
		lines: width => linesOf(item, width),
	}));

/** @returns the reason why an action of a menu cannot be done; `undefined` if it can. */
export const menuLock = (items: readonly MenuItem[], key: string): string | undefined =>
	items.filter(isAction).find(action => action.key === key)?.lock;
