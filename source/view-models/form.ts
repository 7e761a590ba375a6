/**
 * A form: a list whose rows are written in, chosen from, or acted on. What is typed goes into the row that is chosen. What is
 * not saved yet stays, also when the values under it change.
 */
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {graphemesOf} from '../text/graphemes.ts';
import {pad} from '../text/width.ts';
import {composerLayout} from './composer-layout.ts';
import {emptyComposer, reduceComposer, type Composer, type ComposerAction} from './composer.ts';
import {composerMeasure} from './input-lines.ts';
import type {PanelRow, PanelSource} from './panel.ts';
import {blanks, boldSpan, cutLine, emptyLine, span, type ScreenLine} from './screen-line.ts';
import {wrapLine} from './wrap-line.ts';

type Common = {readonly key: string; readonly label: SafeText};

/** One value that a choice may have. */
export type FormOption = {readonly value: string; readonly label: SafeText};

export type FormField =
	| (Common & {
			readonly kind: 'text';
			readonly value: string;
			/** Stands where nothing is written. */
			readonly placeholder?: SafeText | undefined;
			/** What is written is not shown. @default false */
			readonly isSecret?: boolean | undefined;
			/** Why it cannot be changed; a sentence. */
			readonly lock?: string | undefined;
	  })
	| (Common & {
			readonly kind: 'choice';
			readonly value: string;
			readonly options: readonly FormOption[];
			readonly lock?: string | undefined;
	  })
	/** Is only read; takes as many rows as it needs. */
	| (Common & {readonly kind: 'fact'; readonly value: SafeText})
	/** Enter does it. */
	| (Common & {readonly kind: 'action'; readonly lock?: string | undefined})
	| {readonly kind: 'heading'; readonly key: string; readonly label: SafeText};

/** The values of the fields that can be changed, as they stand in the form. */
export type FormValues = Readonly<Record<string, string>>;

export type FormOptions<Scope extends string> = Pick<PanelSource<Scope>, 'scope' | 'title' | 'place' | 'hint'> & {
	/** Read anew whenever something changes. */
	readonly fields: () => readonly FormField[];
	/** Enter on a field; without a lock. @param isChanged it does not say what it said at first */
	readonly onEnter: (key: string, values: FormValues, isChanged: boolean) => void;
	/** A locked field was to be changed. @param reason a sentence */
	readonly onLocked: (reason: string) => void;
	/** A choice became another one: fields that follow it may be set. */
	readonly onChoose?: ((key: string, value: string) => void) | undefined;
};

const labelWidthOf = (width: number): number => (width < 36 ? 11 : 14);

/** Cells in front of a value: the mark of a change, the label. */
const prefixWidth = (width: number): number => labelWidthOf(width) + 2;

const isChangeable = (field: FormField | undefined): field is FormField & {readonly kind: 'text' | 'choice'} =>
	field?.kind === 'text' || field?.kind === 'choice';

const optionLabel = (options: readonly FormOption[], value: string): SafeText =>
	options.find(option => option.value === value)?.label ?? safeText(value, 'name');

const factRows = 4;

const factLines = ({label, value}: FormField & {readonly kind: 'fact'}, width: number): readonly ScreenLine[] => {
	const left = prefixWidth(width);
	const lines = wrapLine([span(value)], Math.max(1, width - left), factRows);
	const first = [span(literal`  ${pad(label, labelWidthOf(width))}`, 'muted')];
	return lines.map((line, index) => cutLine([...(index === 0 ? first : [span(blanks(left))]), ...line], width));
};

/** @returns the value that stands `steps` behind another one, round the end. */
const neighbourOf = (options: readonly FormOption[], value: string, steps: number): string => {
	const index = options.findIndex(option => option.value === value);
	return options[(index + steps + options.length) % options.length]?.value ?? value;
};

/** How a choice is changed by what is typed: blank and arrows. */
const stepsOf = (action: ComposerAction): number => {
	if (action.kind === 'insert' && action.text === ' ') return 1;
	if (action.kind !== 'move') return 0;
	return action.to === 'right' ? 1 : action.to === 'left' ? -1 : 0;
};

/** Each character of a secret is seen as a star. */
const shownComposer = (composer: Composer, {isSecret}: FormField & {readonly kind: 'text'}): Composer => {
	if (isSecret !== true) return composer;
	const {text, cursor} = composer;
	const count = (part: string): number => graphemesOf(part).length;
	return {...composer, text: '*'.repeat(count(text)), cursor: count(text.slice(0, cursor))};
};

export const createForm = <Scope extends string>(options: FormOptions<Scope>) => {
	const texts = new Map<string, Composer>();
	const choices = new Map<string, string>();
	let fields: readonly FormField[] = [];
	let chosen: string | undefined;

	const fieldOf = (key: string): FormField | undefined => fields.find(field => field.key === key);

	const composerOf = (key: string, value: string): Composer =>
		texts.get(key) ?? reduceComposer(emptyComposer, {kind: 'set', text: value});

	const valueOf = (field: FormField): string => {
		if (field.kind === 'text') return composerOf(field.key, field.value).text;
		return field.kind === 'choice' ? (choices.get(field.key) ?? field.value) : '';
	};

	const isChanged = (field: FormField): boolean => isChangeable(field) && valueOf(field) !== field.value;

	/** What is as it was at first follows what is stored. */
	const read = (): readonly FormField[] => {
		fields = options.fields();
		for (const field of fields) {
			if (!isChangeable(field) || isChanged(field)) continue;
			choices.delete(field.key);
			if (field.key !== chosen) texts.delete(field.key);
		}
		return fields;
	};

	const values = (): FormValues =>
		Object.fromEntries(fields.filter(isChangeable).map(field => [field.key, valueOf(field)]));

	const textLine = (field: FormField & {readonly kind: 'text'}, width: number): ScreenLine => {
		const composer = shownComposer(composerOf(field.key, field.value), field);
		if (composer.text === '')
			return [span(field.placeholder === undefined ? literal`–` : literal`such as ${field.placeholder}`, 'muted')];
		const {rows} = composerLayout(composer, composerMeasure(width + 2), 1, 0);
		return [span(safeText(rows[0]?.text ?? '', 'line'))];
	};

	const valueLine = (field: FormField, width: number): ScreenLine => {
		switch (field.kind) {
			case 'text':
				return field.lock === undefined ? textLine(field, width) : [span(safeText(field.value, 'line') || literal`–`)];
			case 'choice': {
				const label = optionLabel(field.options, valueOf(field));
				return field.lock === undefined
					? [span(literal`‹ `, 'accent'), span(label), span(literal` ›`, 'accent')]
					: [span(label)];
			}
			default:
				return emptyLine;
		}
	};

	const linesOf = (field: FormField, width: number): readonly ScreenLine[] => {
		if (field.kind === 'heading') return [emptyLine, [boldSpan(field.label, 'heading')]];
		if (field.kind === 'action') {
			const lock = field.lock === undefined ? [] : [span(literal`  ${safeText(field.lock, 'name')}`, 'muted')];
			return [cutLine([span(literal`→ `, 'accent'), boldSpan(field.label), ...lock], width)];
		}
		if (field.kind === 'fact') return factLines(field, width);
		const mark = isChanged(field) ? boldSpan(literal`* `, 'accent') : span(literal`  `);
		const label = span(pad(field.label, labelWidthOf(width)), 'muted');
		const lock =
			isChangeable(field) && field.lock !== undefined
				? [span(literal`  ${safeText(field.lock, 'name')}`, 'muted')]
				: [];
		return [cutLine([mark, label, ...valueLine(field, width - prefixWidth(width)), ...lock], width)];
	};

	const rowOf = (field: FormField): PanelRow => ({
		key: field.key,
		isHeading: field.kind === 'heading',
		lines: width => linesOf(field, width),
	});

	const choose = (field: FormField & {readonly kind: 'choice'}, steps: number): void => {
		if (steps === 0) return;
		const next = neighbourOf(field.options, valueOf(field), steps);
		choices.set(field.key, next);
		options.onChoose?.(field.key, next);
	};

	const edit = (key: string, action: ComposerAction): void => {
		const field = fieldOf(key);
		if (!isChangeable(field)) return;
		if (field.lock !== undefined) {
			if (action.kind !== 'move') options.onLocked(field.lock);
			return;
		}
		if (field.kind === 'choice') choose(field, stepsOf(action));
		else texts.set(key, reduceComposer(composerOf(key, field.value), action));
	};

	const source: PanelSource<Scope> = {
		scope: options.scope,
		title: options.title,
		place: options.place,
		hint: options.hint,
		rows: () => read().map(rowOf),
		empty: () => literal``,
		field: {
			edit,
			cursor(key, width) {
				const field = fieldOf(key);
				if (field?.kind !== 'text' || field.lock !== undefined) return undefined;
				const left = prefixWidth(width);
				const composer = shownComposer(composerOf(key, field.value), field);
				return left + composerLayout(composer, composerMeasure(width - left + 2), 1, 0).cursor.column;
			},
		},
		choose(key) {
			const field = fieldOf(key);
			if (field === undefined || field.kind === 'heading') return;
			const lock = field.kind === 'fact' ? undefined : field.lock;
			if (lock === undefined) options.onEnter(key, values(), isChanged(field));
			else options.onLocked(lock);
		},
		onMove: key => {
			chosen = key;
		},
	};

	return {
		source,
		values,
		/** Sets a field as if it had been typed or chosen. */
		set(key: string, value: string): void {
			const field = fieldOf(key);
			if (field?.kind === 'choice') choices.set(key, value);
			else texts.set(key, reduceComposer(emptyComposer, {kind: 'set', text: value}));
		},
		/** Whether the field says something else than at first. */
		isChanged: (key: string): boolean => {
			const field = fieldOf(key);
			return field !== undefined && isChanged(field);
		},
	};
};
