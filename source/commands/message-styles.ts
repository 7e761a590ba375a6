/** The words before a text that say how it is meant: `/me`, `/notice`, `/code` …. */
import type {MessageStyle} from './shell/message-content.ts';

/** One word. */
export type MessageWord = {
	readonly name: string;
	readonly summary: string;
	/** What stands behind it. */
	readonly what: string;
	/** It may stand alone. @default false */
	readonly isOptional?: boolean;
	readonly style: MessageStyle;
	/** Makes something else of the text. */
	readonly change?: (text: string) => string;
};

const behind =
	(figure: string) =>
	(text: string): string =>
		`${text.trimEnd()} ${figure}`.trimStart();

const inText = (format: MessageStyle['format']): MessageStyle => ({kind: 'm.text', format});

export const messageWords: readonly MessageWord[] = [
	{name: 'me', summary: 'Say what you do', what: 'What you do', style: {kind: 'm.emote', format: 'markdown'}},
	{
		name: 'notice',
		summary: 'Send a notice, as bots do: it wakes nobody',
		what: 'Markdown',
		style: {kind: 'm.notice', format: 'markdown'},
	},
	{
		name: 'plain',
		summary: 'Send as it is, without Markdown',
		what: 'The text',
		style: inText('plain'),
	},
	{
		name: 'md',
		summary: 'Send as Markdown, as without a command',
		what: 'Markdown',
		style: inText('markdown'),
	},
	{name: 'html', summary: 'Send as Matrix HTML', what: 'HTML', style: inText('html')},
	{
		name: 'spoiler',
		summary: 'Send what is hidden until it is asked for',
		what: 'Markdown of one paragraph',
		style: inText('spoiler'),
	},
	{
		name: 'code',
		summary: 'Send as a block of code; a language may stand behind /code on a line of its own',
		what: 'Code',
		style: inText('code'),
	},
	{
		name: 'rainbow',
		summary: 'Send in the colours of the rainbow',
		what: 'The text',
		style: inText('rainbow'),
	},
	{
		name: 'shrug',
		summary: 'Send with a shrug behind it',
		what: 'The text before it',
		isOptional: true,
		style: inText('plain'),
		change: behind('¯\\_(ツ)_/¯'),
	},
	{
		name: 'tableflip',
		summary: 'Send with a table that is thrown over behind it',
		what: 'The text before it',
		isOptional: true,
		style: inText('plain'),
		change: behind('(╯°□°)╯︵ ┻━┻'),
	},
	{
		name: 'unflip',
		summary: 'Send with the table put back behind it',
		what: 'The text before it',
		isOptional: true,
		style: inText('plain'),
		change: behind('┬──┬ ノ( ゜-゜ノ)'),
	},
	{
		name: 'lenny',
		summary: 'Send with a knowing look behind it',
		what: 'The text before it',
		isOptional: true,
		style: inText('plain'),
		change: behind('( ͡° ͜ʖ ͡°)'),
	},
];
