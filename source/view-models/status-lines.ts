/** The first and the last line of the screen: who and how much is unread; how the connection and the encryption stand. */
import type {EncryptionSetup, NetState} from '../domain/session.ts';
import {maxStatusRowsOf} from './frame.ts';
import type {KeyOf} from './key-of.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {questionLine, type Question} from './question.ts';
import {
	boldSpan,
	cutLine,
	emptyLine,
	joinParts,
	lineWidth,
	span,
	spreadLine,
	type ScreenLine,
	type ThemeRole,
} from './screen-line.ts';
import {clockText} from './time-text.ts';
import {wrapLine} from './wrap-line.ts';

/** A sentence of the engine that stays until it is dismissed. */
export type Alert = {readonly message: string; readonly next: string | undefined};

/** What the two lines are made of. */
export type StatusFacts = {
	readonly userId: string;
	/** What signs in again, typed into a shell. */
	readonly loginCommand: string;
	readonly net: NetState | undefined;
	readonly encryption: EncryptionSetup | undefined;
	/** What mx says to the last key: why something is not possible, that something was done. */
	readonly sentence: {readonly text: string; readonly role: ThemeRole} | undefined;
	readonly alert: Alert | undefined;
	/** What is asked; nothing else is said meanwhile. */
	readonly question?: Question | undefined;
	/** The sentence about the encryption was dismissed; the title still reminds. */
	readonly isReminded: boolean;
	readonly totals: {readonly unread: number; readonly highlights: number};
	readonly keyOf: KeyOf;
	/** Short reminders of keys, most important first. */
	readonly hints: readonly SafeText[];
};

/** Cells of the account's name that nothing pushes off the title. */
const minAccountWidth = 14;

const plural = (count: number, one: SafeText, many: SafeText): SafeText =>
	count === 1 ? literal`1 ${one}` : literal`${count} ${many}`;

/** What is to be done about the encryption, in a few words. */
const reminders: Readonly<Record<EncryptionSetup['state'], SafeText | undefined>> = {
	unknown: undefined,
	ready: undefined,
	unavailable: literal`no encryption`,
	'new-account': literal`set up encryption`,
	unverified: literal`verify this device`,
	'unverified-alone': literal`enter the recovery key`,
	'locked-out': literal`old messages are locked`,
	'no-backup': literal`back up the keys`,
	'backup-broken': literal`key backup is broken`,
};

/** The first of the lines that fits, else none. */
const firstThatFits = (lines: readonly ScreenLine[], width: number): ScreenLine =>
	lines.find(line => lineWidth(line) <= width) ?? emptyLine;

/** @param width cells. @returns ` mx · alice    12 unread · 2 mentions · ⚿ verify this device` */
export const titleLine = ({userId, totals, encryption}: StatusFacts, width: number): ScreenLine => {
	const localpart = safeText(userId.replace(/^@/, '').split(':')[0], 'name', userId);
	const account = [
		span(literal` `),
		boldSpan(literal`mx`, 'title'),
		span(literal` · ${width < 60 ? localpart : safeText(userId, 'name')}`, 'muted'),
	];
	const counts = joinParts([
		totals.unread > 0 ? [boldSpan(literal`${totals.unread} unread`, 'unread')] : emptyLine,
		totals.highlights > 0
			? [boldSpan(plural(totals.highlights, literal`mention`, literal`mentions`), 'mention')]
			: emptyLine,
	]);
	const words = encryption === undefined ? undefined : reminders[encryption.state];
	const reminder = (text: SafeText): ScreenLine => joinParts([counts, [span(text, 'warning')]]);
	const wanted = words === undefined ? [counts] : [reminder(literal`⚿ ${words}`), reminder(literal`⚿`), counts];
	const right = firstThatFits(wanted, width - Math.min(lineWidth(account), minAccountWidth) - 2);
	return spreadLine(account, right.length === 0 ? emptyLine : [...right, span(literal` `)], width);
};

/** What a person can only wait for, or try again. */
const troubles = {
	offline: [literal`offline`, 'warning'],
	degraded: [literal`trouble`, 'warning'],
	'no-storage': [literal`nothing can be saved or sent`, 'error'],
} as const;

const netLine = (net: NetState, {keyOf, loginCommand}: StatusFacts): ScreenLine => {
	const login = safeText(loginCommand, 'name');
	const cause = net.cause === undefined ? literal`` : literal`: ${safeText(net.cause, 'name')}`;
	const retry = net.retryAt === undefined ? literal`` : literal` · next try ${clockText(net.retryAt)}`;
	switch (net.state) {
		case 'online':
			return emptyLine;
		case 'connecting':
			return [span(literal`connecting…${cause}`, 'muted')];
		case 'offline':
		case 'degraded':
		case 'no-storage': {
			const [words, role] = troubles[net.state];
			return [
				boldSpan(words, role),
				span(literal`${cause}${retry}`, role),
				span(literal` · `, 'muted'),
				span(literal`${keyOf('retry-now')} retries now`, 'accent'),
			];
		}
		case 'soft-logout':
			return [
				boldSpan(literal`sign in again`, 'error'),
				span(literal`${cause}`, 'error'),
				span(literal` · `, 'muted'),
				span(literal`${login}, in another terminal`, 'accent'),
			];
		case 'logged-out':
			return [
				boldSpan(literal`signed out`, 'error'),
				span(literal`${cause}`, 'error'),
				span(literal` · `, 'muted'),
				span(literal`/quit, then ${login}`, 'accent'),
			];
		default:
			return net.state satisfies never;
	}
};

/** @returns whether there is something to say about the encryption. */
export const hasEncryptionLine = (setup: EncryptionSetup | undefined): boolean =>
	setup !== undefined && setup.state !== 'ready' && setup.state !== 'unknown';

/** The sentence and its action, in one line if they fit; else the action, as the title has the reminder. */
const encryptionLine = (setup: EncryptionSetup, width: number): ScreenLine => {
	const {state, message, next} = setup;
	if (!hasEncryptionLine(setup)) return emptyLine;
	const role = state === 'locked-out' || state === 'backup-broken' ? 'warning' : 'muted';
	const sentence = span(literal`⚿ ${safeText(message, 'name')}`, role);
	if (next === undefined) return [sentence];
	const action = safeText(next, 'name');
	const head = span(safeText(sentence.text.replace(/\.$/, ''), 'name'), role);
	const whole = [head, span(literal` · `, 'muted'), span(action, 'accent')];
	return lineWidth(whole) <= width ? whole : [span(literal`⚿ `, role), span(action, 'accent')];
};

const alertLine = ({message, next}: Alert): ScreenLine => [
	boldSpan(literal`${safeText(message, 'name')}`, 'warning'),
	...(next === undefined ? [] : [span(literal` · `, 'muted'), span(safeText(next, 'name'), 'accent')]),
];

/** As many hints as fit, from the first on. */
const hintsIn = (hints: readonly SafeText[], width: number): ScreenLine => {
	let line: ScreenLine = emptyLine;
	for (const hint of hints) {
		const longer = joinParts([line, [span(hint, 'muted')]]);
		if (lineWidth(longer) + 1 > width) break;
		line = longer;
	}
	return line.length === 0 ? line : [...line, span(literal` `)];
};

/** What is not there all the time. */
const urgentLine = (facts: StatusFacts): ScreenLine => {
	const {sentence, alert, net} = facts;
	const isSaid = sentence === undefined || sentence.text === '' || sentence.text === alert?.message;
	return joinParts([
		isSaid ? emptyLine : [span(safeText(sentence.text, 'name'), sentence.role)],
		alert === undefined ? emptyLine : alertLine(alert),
		net === undefined ? emptyLine : netLine(net, facts),
	]);
};

/** What matters most stands first; hints get what is left. @param width cells */
export const statusLine = (facts: StatusFacts, width: number): ScreenLine => {
	const {encryption, isReminded, hints, question} = facts;
	if (question !== undefined) return questionLine(question, width);
	const urgent = urgentLine(facts);
	// Beside something urgent there is no room for what the title reminds of anyway.
	const isQuiet = urgent.length === 0 && !isReminded;
	const parts = encryption !== undefined && isQuiet ? encryptionLine(encryption, width - 2) : urgent;
	const left = parts.length === 0 ? emptyLine : cutLine([span(literal` `), ...parts], width);
	const rest = width - lineWidth(left) - 2;
	return spreadLine(left, hintsIn(hints, rest), width);
};

/** What does not fit into one row takes more, so that it can be read to its end. @returns at least one line */
export const statusLines = (
	facts: StatusFacts,
	{columns, rows}: {readonly columns: number; readonly rows: number},
): readonly ScreenLine[] => {
	const urgent = facts.question === undefined ? urgentLine(facts) : emptyLine;
	const maxRows = maxStatusRowsOf(rows);
	if (maxRows === 1 || lineWidth(urgent) < columns) return [statusLine(facts, columns)];
	return wrapLine(urgent, columns - 1, maxRows).map(line => [span(literal` `), ...line]);
};

/** As `statusLine`, where nothing but the conversation is drawn: how to get back is always said. */
export const bareStatusLine = (facts: StatusFacts, width: number): ScreenLine => {
	const bareHint: ScreenLine = [span(literal`${facts.keyOf('bare')} goes back `, 'muted')];
	const rest = Math.max(0, width - lineWidth(bareHint) - 1);
	return spreadLine(statusLine({...facts, hints: []}, rest), bareHint, width);
};
