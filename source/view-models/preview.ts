/** How the message that is being written will look, above the composer: as others see it, while it is typed. */
import type {KeyOf} from './key-of.ts';
import {layoutBlocks} from '../text/layout.ts';
import {literal, type SafeText} from '../text/safe-text.ts';
import type {Block, Line} from '../text/spans.ts';
import type {MenuFacts} from './completion.ts';
import type {Composer} from './composer.ts';
import {cutLine, span, spreadLine, type ScreenLine} from './screen-line.ts';

/** Rows of the message; with its title one more. */
const mostRows = 12;

/** A message as it will look. */
export type PreviewMessage = {readonly blocks: readonly Block[]; readonly title: SafeText};

/** Makes a message of what is written. What is still being made is what was made last, and `undefined` before. */
export type PreviewRenderer = (composer: Composer, rid: number) => PreviewMessage | undefined;

type Laid = {readonly blocks: readonly Block[]; readonly width: number; readonly rows: readonly Line[]};

export const createPreview = (render: PreviewRenderer, keyOf: KeyOf) => {
	let isOn = false;
	let message: PreviewMessage | undefined;
	let laid: Laid | undefined;

	const rowsOf = (width: number): readonly Line[] => {
		if (!isOn || message === undefined) return [];
		const {blocks} = message;
		if (laid?.blocks !== blocks || laid.width !== width) {
			laid = {blocks, width, rows: layoutBlocks(blocks, Math.max(1, width - 2))};
		}
		return laid.rows;
	};

	return {
		isOn: (): boolean => isOn,
		toggle(): void {
			isOn = !isOn;
		},
		look({composer, rid}: MenuFacts): void {
			message = isOn && rid >= 0 && composer.text.trim() !== '' ? render(composer, rid) : undefined;
		},
		/** @param width cells @returns rows that it would like */
		wanted(width: number): number {
			const {length} = rowsOf(width);
			return length === 0 ? 0 : Math.min(mostRows, length) + 1;
		},
		/** The end of the message, which is most often what is being written. @returns at most `height` lines of at most `width` cells */
		lines({width, height}: {readonly width: number; readonly height: number}): readonly ScreenLine[] {
			const rows = rowsOf(width);
			if (rows.length === 0 || height <= 0) return [];
			const shown = height === 1 ? rows.slice(-1) : rows.slice(1 - height);
			const hidden = rows.length - shown.length;
			const name = message?.title ?? literal`preview`;
			const above = hidden === 0 ? name : literal`${name}, ${hidden} more above`;
			const close = span(literal`${keyOf('preview')} closes`, 'muted');
			const title = spreadLine([span(literal`  ${above}`, 'muted')], [close], width);
			const lines = shown.map(row => cutLine([span(literal`  `), ...row], width));
			return height === 1 ? lines : [title, ...lines];
		},
	};
};

export type Preview = ReturnType<typeof createPreview>;
