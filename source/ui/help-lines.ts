/** The help, generated from the command table: every key and every slash command. */
import type {CommandScope, ScreenCommand} from '../commands/define-command.ts';
import {keyLabel} from '../commands/keymap.ts';
import {slashUsage} from '../commands/slash.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {pad, textWidth, truncate} from '../text/width.ts';
import {boldSpan, cutLine, emptyLine, span, type ScreenLine} from '../view-models/screen-line.ts';

const scopes: readonly (readonly [scope: CommandScope, title: SafeText])[] = [
	['everywhere', literal`Everywhere`],
	['composer', literal`In the composer`],
	['inbox', literal`In the inbox`],
	['help', literal`In this help`],
];

/** Cells of the column of keys. */
const keyWidth = 28;

const entryLine = (left: SafeText, summary: string, width: number): ScreenLine => {
	const column = Math.min(keyWidth, Math.floor(width / 2));
	// A long one keeps its row and pushes the summary.
	const key = textWidth(left) < column ? pad(left, column) : literal`${left}  `;
	return cutLine([span(literal`  `), boldSpan(truncate(key, width), 'accent'), span(safeText(summary, 'line'))], width);
};

const keyLines = (commands: readonly ScreenCommand[], scope: CommandScope, width: number): readonly ScreenLine[] =>
	commands
		.filter(command => command.scope === scope && command.keys.length > 0)
		.map(command =>
			entryLine(safeText(command.keys.map(key => keyLabel(key)).join(', '), 'line'), command.summary, width),
		);

const slashLines = (commands: readonly ScreenCommand[], width: number): readonly ScreenLine[] =>
	commands
		.filter(command => command.isSlash)
		.map(command => entryLine(safeText(slashUsage(command), 'line'), command.summary, width));

/** @param width cells. @returns all lines; the screen shows a part. */
export const helpLines = (commands: readonly ScreenCommand[], width: number): readonly ScreenLine[] => [
	[boldSpan(literal` Keys and commands`, 'title'), span(literal`   Esc closes · ↑ ↓ PgUp PgDn scroll`, 'muted')],
	...scopes.flatMap(([scope, title]) => [
		emptyLine,
		[boldSpan(literal` ${title}`, 'heading')],
		...keyLines(commands, scope, width),
	]),
	emptyLine,
	[boldSpan(literal` Commands, typed into the composer`, 'heading')],
	...slashLines(commands, width),
	entryLine(literal`//text`, 'Send a text that begins with a slash', width),
];
