/**
 * A list that is opened beside the conversation or over it: narrowed by typing, walked through, acted on. The quick switcher,
 * search, members and all other lists are sources of it.
 */
import type {KeyOf} from './key-of.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {composerLayout} from './composer-layout.ts';
import {emptyComposer, reduceComposer, type Composer, type ComposerAction} from './composer.ts';
import {composerMeasure} from './input-lines.ts';
import {boldSpan, cutLine, emptyLine, fillLine, paintLine, span, spreadLine, type ScreenLine} from './screen-line.ts';
import {wrapLine} from './wrap-line.ts';

/** One entry. Keys are stable while the entry stays, so that the choice does not jump. */
export type PanelRow = {
	readonly key: string;
	/** A heading cannot be chosen. @default false */
	readonly isHeading?: boolean;
	/** The row as one sentence, for the linear view. @default what its lines say, one behind the other */
	readonly said?: () => SafeText;
	/**
	 * @param rows that the panel has for all of its rows
	 * @returns lines of at most `width` cells; none where there is no room, for a heading alone
	 */
	readonly lines: (width: number, rows: number) => readonly ScreenLine[];
};

/** How the rows of a form are written in. */
export type PanelField = {
	readonly edit: (key: string, action: ComposerAction) => void;
	/** @returns the column of the cursor in the first line of a row; `undefined` where it is not written in. */
	readonly cursor: (key: string, width: number) => number | undefined;
};

/** What a panel shows and does. */
export type PanelSource<Scope extends string = string> = {
	/** The scope of its keys in the command table, besides `panel`: a `PanelScope`. */
	readonly scope: Scope;
	readonly title: SafeText;
	/** Stands where is typed to narrow the list; without it keys are commands at once. */
	readonly prompt?: SafeText | undefined;
	/** Beside the conversation where there is room for both, or always over it. */
	readonly place: 'side' | 'over';
	/** Reminders of keys, for its last line. */
	readonly hint: SafeText;
	/** Asked again after each change of the query and of the store. */
	readonly rows: (query: string) => readonly PanelRow[];
	/** Said where there are no rows. */
	readonly empty: (query: string) => SafeText;
	/** Rows that are written in take what is typed; there is no query then. */
	readonly field?: PanelField | undefined;
	/** Whether Enter takes the first row although no arrow chose it. @default always */
	readonly isFirstMeant?: ((query: string) => boolean) | undefined;
	/** Enter. */
	readonly choose: (key: string) => void;
	/** Enter where no row is chosen. */
	readonly chooseNone?: ((query: string) => void) | undefined;
	/** The panel goes, whether something was chosen or not. */
	readonly onClose?: (() => void) | undefined;
	/** Who stands on the last row stays on the last one when rows come. @default false */
	readonly isFollowed?: boolean | undefined;
	/** The linear view says all of it anew when a row is another one. @default false */
	readonly isSaidAnew?: boolean | undefined;
	/** The person stands on another row. */
	readonly onMove?: ((key: string | undefined) => void) | undefined;
};

export type PanelView = {
	readonly place: 'side' | 'over';
	readonly lines: readonly ScreenLine[];
	/** Of the query, from 0 within the lines. */
	readonly cursor: {readonly column: number; readonly row: number} | undefined;
};

/** Cells and rows. */
type PanelSize = {readonly width: number; readonly height: number; readonly hasHint?: boolean | undefined};

/** An open panel and what became of it. */
type OpenPanel = {
	readonly source: PanelSource;
	query: Composer;
	rows: readonly PanelRow[];
	chosen: string | undefined;
	/** The first row that is seen. */
	top: number;
	/** Keys of the rows that stand on the lines of the last view. */
	keys: readonly (string | undefined)[];
};

const maxPanels = 8;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

const isChoosable = ({isHeading}: PanelRow): boolean => isHeading !== true;

/** Panels stand on each other: closing one shows that below it as it was. */
export const createPanels = (keyOf: KeyOf) => {
	const stack: OpenPanel[] = [];
	const top = (): OpenPanel | undefined => stack.at(-1);

	const choosable = (panel: OpenPanel): readonly PanelRow[] => panel.rows.filter(isChoosable);

	const choose = (panel: OpenPanel, key: string | undefined): void => {
		if (panel.chosen === key) return;
		panel.chosen = key;
		panel.source.onMove?.(key);
	};

	/** What was chosen stays, also when rows come and go; else the nearest one. */
	const read = (panel: OpenPanel): void => {
		const rows = choosable(panel);
		const before = rows.findIndex(({key}) => key === panel.chosen);
		const mustFollow = panel.source.isFollowed === true && before !== -1 && before === rows.length - 1;
		panel.rows = panel.source.rows(panel.query.text);
		const now = choosable(panel);
		if (mustFollow) choose(panel, now.at(-1)?.key);
		else if (!now.some(({key}) => key === panel.chosen)) {
			const isMeant = before !== -1 || (panel.source.isFirstMeant?.(panel.query.text) ?? true);
			choose(panel, isMeant ? now[clamp(before, 0, now.length - 1)]?.key : undefined);
		}
	};

	/** Rows of the panel that fit below `first`, as lines. */
	const linesFrom = (
		panel: OpenPanel,
		first: number,
		{width, height}: {readonly width: number; readonly height: number},
	) => {
		const lines: ScreenLine[] = [];
		let last = first;
		const keys: (string | undefined)[] = [];
		let chosenLine: number | undefined;
		for (let index = first; index < panel.rows.length && lines.length < height; index++) {
			const row = panel.rows[index];
			if (row === undefined) break;
			const own = row.lines(width, height);
			if (lines.length > 0 && lines.length + own.length > height) break;
			const isChosen = row.key === panel.chosen;
			if (isChosen) chosenLine = lines.length;
			lines.push(
				...own.map(line =>
					isChosen ? paintLine(fillLine(cutLine(line, width), width, 'selection'), 'selection') : cutLine(line, width),
				),
			);
			keys.push(...own.map(() => (isChoosable(row) ? row.key : undefined)));
			last = index;
		}
		return {lines: lines.slice(0, height), keys, last, chosenLine};
	};

	/** Scrolls just as far as the chosen row needs. */
	const visibleLines = (
		panel: OpenPanel,
		size: {readonly width: number; readonly height: number},
	): Omit<ReturnType<typeof linesFrom>, 'last'> => {
		const chosen = panel.rows.findIndex(({key}) => key === panel.chosen);
		panel.top = clamp(panel.top, 0, Math.max(0, panel.rows.length - 1));
		if (chosen !== -1 && chosen < panel.top)
			panel.top = panel.rows[chosen - 1]?.isHeading === true ? chosen - 1 : chosen;
		for (;;) {
			const {last, ...seen} = linesFrom(panel, panel.top, size);
			if (chosen <= last || panel.top >= chosen) return seen;
			panel.top += 1;
		}
	};

	const move = (panel: OpenPanel, steps: number): void => {
		const rows = choosable(panel);
		const index = rows.findIndex(({key}) => key === panel.chosen);
		choose(panel, rows[clamp(index + steps, 0, rows.length - 1)]?.key);
	};

	return {
		isOpen: (): boolean => stack.length > 0,
		/** @returns the scope of the keys of the topmost panel. */
		scope: (): string | undefined => top()?.source.scope,
		source: (): PanelSource | undefined => top()?.source,
		/** All rows of the topmost panel, as they were read last. */
		rows: (): readonly PanelRow[] => top()?.rows ?? [],
		query: (): string => top()?.query.text ?? '',
		/** Whether typed text narrows the list. */
		takesText: (): boolean => top()?.source.prompt !== undefined || top()?.source.field !== undefined,
		chosen: (): string | undefined => top()?.chosen,
		/** Whether the person stands on the last row. */
		isLastChosen(): boolean {
			const panel = top();
			return panel?.chosen !== undefined && choosable(panel).at(-1)?.key === panel.chosen;
		},
		place: (): PanelView['place'] | undefined => top()?.source.place,

		/** @param query what the list is narrowed by at first */
		open(source: PanelSource, query = ''): void {
			// The same list again takes the place of itself.
			if (top()?.source.scope === source.scope) stack.pop();
			const panel: OpenPanel = {
				source,
				query: reduceComposer(emptyComposer, {kind: 'set', text: query}),
				rows: [],
				chosen: undefined,
				top: 0,
				keys: [],
			};
			stack.push(panel);
			if (stack.length > maxPanels) stack.shift();
			read(panel);
		},
		close: (): void => stack.pop()?.source.onClose?.(),
		closeAll: (): void => stack.splice(0).forEach(({source}) => source.onClose?.()),
		/** Reads the rows again. */
		refresh(): void {
			for (const panel of stack) read(panel);
		},
		edit(action: ComposerAction): void {
			const panel = top();
			if (panel === undefined) return;
			if (panel.source.field !== undefined) {
				if (panel.chosen !== undefined) panel.source.field.edit(panel.chosen, action);
				read(panel);
				return;
			}
			const before = panel.query.text;
			panel.query = reduceComposer(panel.query, action);
			if (panel.query.text === before) return;
			panel.chosen = undefined;
			panel.top = 0;
			read(panel);
		},
		move(steps: number): void {
			const panel = top();
			if (panel !== undefined) move(panel, steps);
		},
		moveToEnd(end: 'first' | 'last'): void {
			const panel = top();
			if (panel !== undefined) choose(panel, choosable(panel).at(end === 'first' ? 0 : -1)?.key);
		},
		/** Stands on a row, if it is there. */
		select(key: string): void {
			const panel = top();
			if (panel !== undefined && choosable(panel).some(row => row.key === key)) choose(panel, key);
		},
		/** @param line of the last view, from 0. @returns whether the row was chosen before: then it is meant */
		pointAt(line: number): boolean {
			const panel = top();
			const key = panel?.keys[line];
			if (panel === undefined || key === undefined) return false;
			const isMeant = panel.chosen === key;
			choose(panel, key);
			return isMeant;
		},
		/** Enter on the chosen row. */
		choose(): void {
			const panel = top();
			if (panel === undefined) return;
			if (panel.chosen === undefined) panel.source.chooseNone?.(panel.query.text);
			else panel.source.choose(panel.chosen);
		},

		/** @param size hasHint: with the reminder of keys. @default true */
		view({width, height, hasHint = true}: PanelSize): PanelView | undefined {
			const panel = top();
			if (panel === undefined) return undefined;
			const {source, query} = panel;
			const title = spreadLine(
				[boldSpan(source.title, 'title')],
				[span(literal`${keyOf('list-close')} closes`, 'muted')],
				width,
			);
			const lines: ScreenLine[] = [title];
			let cursor: PanelView['cursor'];
			if (source.prompt !== undefined) {
				const layout = composerLayout(query, composerMeasure(width), 1, 0);
				const typed = safeText(layout.rows[0]?.text ?? '', 'line');
				lines.push([span(literal`> `, 'accent'), typed === '' ? span(source.prompt, 'muted') : span(typed)]);
				cursor = {row: 1, column: 2 + layout.cursor.column};
			}
			const rest = Math.max(0, height - lines.length - Number(hasHint));
			panel.keys = [];
			if (panel.rows.length === 0)
				lines.push(...wrapLine([span(source.empty(query.text), 'muted')], width, Math.max(1, rest)));
			else {
				const {lines: shown, keys, chosenLine} = visibleLines(panel, {width, height: rest});
				panel.keys = [...lines.map(() => undefined), ...keys];
				const column = panel.chosen === undefined ? undefined : source.field?.cursor(panel.chosen, width);
				if (column !== undefined && chosenLine !== undefined) cursor = {row: lines.length + chosenLine, column};
				lines.push(...shown);
			}
			while (lines.length < height - Number(hasHint)) lines.push(emptyLine);
			if (hasHint) lines.push([span(source.hint, 'muted')]);
			return {place: source.place, lines: lines.slice(0, height).map(line => cutLine(line, width)), cursor};
		},
	};
};

export type Panels = ReturnType<typeof createPanels>;
