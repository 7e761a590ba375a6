/** Lists with numbers: rooms, messages, and whatever the screen would show beside or over the conversation. A number chooses. */
import {literal, type SafeText} from '../../text/safe-text.ts';
import {lineText} from '../../view-models/plain-text.ts';
import type {PanelRow, PanelSource} from '../../view-models/panel.ts';
import type {ScreenModel} from '../../view-models/screen-model.ts';

/** A row to choose. */
export type NumberedRow = {readonly text: SafeText; readonly choose: () => void};

export type NumberedList = {
	readonly title: SafeText;
	readonly rows: readonly NumberedRow[];
	/** What a number does, as a sentence. */
	readonly hint: SafeText;
};

export type PlainLists = ReturnType<typeof createPlainLists>;

/** Rows that are said at a time. */
const pageSize = 20;

/** Cells that a row of a list may have: no line breaks are made. */
const rowWidth = 400;
/** Rows that a list may have to be drawn in. */
const listRows = 400;

/** A field of a form without its marks: that something was changed, that there is a choice, that nothing is written. */
const fieldText = (row: PanelRow): SafeText => {
	const [line = [], ...others] = row.lines(rowWidth, listRows);
	const [, , value] = line;
	const isEmpty = value?.style.role === 'muted' && line.length > 2;
	const shown = isEmpty ? line.slice(0, 2) : line;
	const example = value?.text === '–' ? literal`` : literal`, ${value?.text ?? literal``}`;
	const parts = [lineText(shown), ...(isEmpty ? [literal`empty${example}`] : []), ...others.map(lineText)];
	const text = parts.filter(part => part !== '').join(', ');
	return text.replace(/^\* /, '').replace(/‹ (.*) ›/, '$1') as SafeText;
};

const titleOf = ({title}: PanelSource): SafeText => title.replaceAll(' · ', ', ') as SafeText;

const rowText = (row: PanelRow): SafeText => {
	if (row.said !== undefined) return row.said();
	const [first = [], ...others] = row.lines(rowWidth, listRows);
	return [lineText(first), ...others.map(lineText)].filter(text => text !== '').join(' ') as SafeText;
};

export const createPlainLists = (model: ScreenModel, print: (lines: readonly SafeText[]) => void) => {
	/** A list of the linear view's own. */
	let own: NumberedList | undefined;
	let ownFrom = 0;
	/** The panel as it was said last. */
	let said: {readonly source: PanelSource; readonly texts: readonly SafeText[]} | undefined;
	let panelFrom = 0;
	/** The field of a form that the next line is written into. */
	let field: string | undefined;

	const {panels} = model;

	const numbered = (rows: readonly {readonly text: SafeText; readonly isHeading?: boolean}[], from: number) => {
		let number = 0;
		const lines = rows
			.map(({text, isHeading}) => {
				if (isHeading !== true) number += 1;
				return isHeading === true ? text : literal`${number}. ${text}`;
			})
			.filter(line => line !== '');
		const shown = lines.slice(from, from + pageSize);
		const rest = lines.length - from - shown.length;
		return [...shown, ...(rest > 0 ? [literal`${rest} more: /more goes on.`] : [])];
	};

	const rowsOfPanel = () => {
		const isForm = panels.source()?.field !== undefined;
		return panels.rows().map(row => {
			return {key: row.key, text: isForm ? fieldText(row) : rowText(row), isHeading: row.isHeading === true};
		});
	};

	/** What a number and a text do in a panel. */
	const panelHint = (source: PanelSource): SafeText => {
		if (source.field !== undefined) return literal`A number changes or does it; /cancel closes.`;
		if (source.prompt !== undefined) return literal`A number chooses; other words narrow the list; /cancel closes it.`;
		return literal`A number chooses; /cancel closes the list.`;
	};

	const sayPanel = (source: PanelSource): void => {
		const rows = rowsOfPanel();
		said = {source, texts: rows.map(({text}) => text)};
		if (rows.length === 0) {
			print([
				literal`${titleOf(source)}: ${source.empty(panels.query())}${source.prompt === undefined ? literal`` : literal` Type words to look for; /cancel closes.`}`,
			]);
			return;
		}
		print([literal`${titleOf(source)}:`, ...numbered(rows, panelFrom), panelHint(source)]);
	};

	const panelKey = (number: number): string | undefined =>
		rowsOfPanel().filter(({isHeading}) => !isHeading)[number - 1]?.key;

	const select = (key: string): void => model.inPanel(each => each.select(key));

	/** A field is written in, a choice steps on, the rest is done. */
	const enterField = (source: PanelSource, key: string): void => {
		const textOf = (): SafeText => rowsOfPanel().find(row => row.key === key)?.text ?? literal``;
		const before = textOf();
		if (source.field?.cursor(key, rowWidth) !== undefined) {
			field = key;
			print([literal`${before}. Type what it shall be; an empty line leaves it.`]);
			return;
		}
		model.inPanel(each => each.edit({kind: 'insert', text: ' '}));
		if (textOf() === before) model.inPanel(each => each.choose());
		else print([literal`${textOf()}. The same number goes on to the next; /ok keeps it.`]);
	};

	const choosePanel = (source: PanelSource, number: number): void => {
		const key = panelKey(number);
		if (key === undefined) return print([literal`There is no ${number} in the list.`]);
		select(key);
		if (source.field !== undefined) enterField(source, key);
		else model.inPanel(each => each.choose());
	};

	const chooseOwn = (list: NumberedList, number: number): void => {
		const row = list.rows[number - 1];
		if (row === undefined) return print([literal`There is no ${number} in the list.`]);
		own = undefined;
		row.choose();
	};

	const sayOwn = (list: NumberedList): void =>
		print([literal`${list.title}:`, ...numbered(list.rows, ownFrom), ...(ownFrom === 0 ? [list.hint] : [])]);

	return {
		isOpen: (): boolean => own !== undefined || panels.isOpen(),
		open(list: NumberedList): void {
			own = list;
			ownFrom = 0;
			sayOwn(list);
		},
		/** Numbers mean nothing any more in a list of the view's own: something else was typed. */
		leave(): void {
			own = undefined;
		},
		/** A panel was opened or closed, or has rows that it had not. */
		look(): void {
			const source = panels.source();
			if (source === undefined) {
				said = undefined;
				field = undefined;
				return;
			}
			if (said?.source !== source) {
				own = undefined;
				panelFrom = 0;
				field = undefined;
				return sayPanel(source);
			}
			if (source.field !== undefined) return;
			const texts = rowsOfPanel().map(({text}) => text);
			const before = said.texts;
			const isOther = texts.length !== before.length || texts.some((text, index) => text !== before[index]);
			if (source.isSaidAnew === true && isOther) return sayPanel(source);
			if (before.length === 0 && texts.length > 0) return sayPanel(source);
			const isLonger = texts.length > before.length && before.every((text, index) => text === texts[index]);
			said = {...said, texts};
			if (isLonger && source.isFollowed === true) print(texts.slice(before.length));
		},
		/** The next part of what is listed. */
		goOn(): void {
			const source = panels.source();
			const count = own?.rows.length ?? (source === undefined ? 0 : rowsOfPanel().length);
			const from = (own === undefined ? panelFrom : ownFrom) + pageSize;
			if (count <= from) return print([literal`There is no more.`]);
			if (own !== undefined) {
				ownFrom = from;
				sayOwn(own);
			} else if (source !== undefined) {
				panelFrom = from;
				print(numbered(rowsOfPanel(), panelFrom));
			}
		},
		repeat(): void {
			const source = panels.source();
			ownFrom = 0;
			panelFrom = 0;
			if (own !== undefined) sayOwn(own);
			else if (source !== undefined) sayPanel(source);
			else print([literal`No list is open.`]);
		},
		/** Enter on the field of a form that was changed last. */
		confirm(): void {
			if (panels.source()?.field === undefined) print([literal`There is nothing to keep.`]);
			else model.inPanel(each => each.choose());
		},
		/** @returns whether there was a list */
		close(): boolean {
			if (own !== undefined) {
				own = undefined;
				print([literal`The list is closed.`]);
				return true;
			}
			if (!panels.isOpen()) return false;
			model.closePanel();
			if (!panels.isOpen()) print([literal`The list is closed.`]);
			return true;
		},
		/**
		 * Gives a line to what is listed.
		 * @returns whether it was for it
		 */
		take(line: string): boolean {
			const text = line.trim();
			const source = panels.source();
			if (field !== undefined && source?.field !== undefined) {
				const key = field;
				field = undefined;
				if (text === '') print([literal`It stays as it is.`]);
				else {
					select(key);
					model.inPanel(each => each.edit({kind: 'set', text}));
					model.inPanel(each => each.choose());
					const row = rowsOfPanel().find(each => each.key === key);
					if (panels.source() === source && row !== undefined) print([row.text]);
				}
				return true;
			}
			const number = /^\d{1,4}$/.test(text) ? Number(text) : undefined;
			if (number !== undefined && own !== undefined) {
				chooseOwn(own, number);
				return true;
			}
			if (source === undefined) return false;
			if (number !== undefined) {
				choosePanel(source, number);
				return true;
			}
			if (source.prompt === undefined || text === '' || text.startsWith('/')) return false;
			panelFrom = 0;
			model.inPanel(each => each.edit({kind: 'set', text}));
			sayPanel(source);
			return true;
		},
	};
};
