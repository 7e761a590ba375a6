/** A verification as its pane shows it: what is to be done now, the emoji and numbers to compare, the keys. */
import type {Verification, VerificationEmoji, VerificationStep} from '../domain/verification-requests.ts';
import {joinSafe, literal, safeText, type SafeText} from '../text/safe-text.ts';
import {pad, textWidth} from '../text/width.ts';
import {menuRows, type MenuItem} from './menu-rows.ts';
import type {PanelRow} from './panel.ts';
import {boldSpan, cutLine, emptyLine, joinParts, span, type ScreenLine, type ThemeRole} from './screen-line.ts';
import {clockText} from './time-text.ts';
import {wrapLine} from './wrap-line.ts';

/** What a person can do about a verification. */
export type VerificationAct = 'accept' | 'start' | 'match' | 'mismatch' | 'cancel';

export type VerificationLook = {
	/** Of the other side, as it is called here. Untrusted. */
	readonly name: string;
	/** The terminal draws no emoji: their names and numbers stand for them. */
	readonly isAscii: boolean;
	/** Lists are said with numbers, and keys mean nothing. */
	readonly isLinear: boolean;
	/** There are few rows. */
	readonly isShort: boolean;
};

type Key = readonly [act: VerificationAct, key: SafeText, label: SafeText, short: SafeText];

const accept: Key = ['accept', literal`a`, literal`Accept`, literal`accept`];
const decline: Key = ['cancel', literal`c`, literal`Decline`, literal`decline`];
const cancel: Key = ['cancel', literal`c`, literal`Cancel`, literal`cancel`];
const start: Key = ['start', literal`s`, literal`Show the emoji`, literal`emoji`];
const match: Key = ['match', literal`y`, literal`They match`, literal`match`];
const mismatch: Key = ['mismatch', literal`n`, literal`They do not match`, literal`differ`];

const keysAt: Readonly<Record<VerificationStep, readonly Key[]>> = {
	requested: [cancel],
	ready: [start, cancel],
	started: [cancel],
	compare: [match, mismatch, cancel],
	confirmed: [cancel],
	done: [],
	cancelled: [],
};

const keysOf = ({step, isIncoming}: Verification): readonly Key[] =>
	step === 'requested' && isIncoming ? [accept, decline] : keysAt[step];

/** @returns whether something can be done as it stands. */
export const canAct = (verification: Verification, act: VerificationAct): boolean =>
	keysOf(verification).some(([known]) => known === act);

/** Cells of a place for one emoji: the longest name has ten letters. */
const inlineWidth = 14;
const columnWidth = 11;
const count = 7;

/** The place of the emoji stands where the emoji cannot. */
const symbolOf = ({symbol}: VerificationEmoji, index: number, isAscii: boolean): SafeText =>
	isAscii ? literal`${index + 1}` : safeText(symbol, 'name');

const padded = (text: SafeText, width: number): SafeText => pad(text, Math.max(textWidth(text), width));

/** In one row, each above its name, where there is room; else row by row. */
const emojiLines = (emoji: readonly VerificationEmoji[], width: number, isAscii: boolean): readonly ScreenLine[] => {
	if (width > columnWidth * count)
		return [
			[span(literal` `), ...emoji.map((each, index) => boldSpan(padded(symbolOf(each, index, isAscii), columnWidth)))],
			[span(literal` `), ...emoji.map(({name}) => span(padded(safeText(name, 'name'), columnWidth)))],
		];
	const perRow = Math.max(1, Math.floor((width - 1) / inlineWidth));
	const rows = Array.from({length: Math.ceil(emoji.length / perRow)}, (_, row) => row * perRow);
	return rows.map(first =>
		cutLine(
			[
				span(literal` `),
				...emoji
					.slice(first, first + perRow)
					.flatMap((each, index) => [
						boldSpan(padded(symbolOf(each, first + index, isAscii), 3)),
						span(padded(safeText(each.name, 'name'), inlineWidth - 3)),
					]),
			],
			width,
		),
	);
};

const decimalLine = (decimals: readonly number[]): ScreenLine => [
	span(literal` or the numbers `, 'muted'),
	boldSpan(safeText(decimals.join(' · '), 'name')),
];

const untilText = ({expiresAt}: Verification): SafeText =>
	expiresAt === undefined ? literal`` : literal` There is time until ${clockText(expiresAt)}.`;

const sentenceOf = (
	verification: Verification,
	name: SafeText,
): readonly [text: SafeText, role: ThemeRole | undefined] => {
	const {step, isIncoming, isOwn, deviceId, ending, isTrusted} = verification;
	switch (step) {
		case 'requested':
			if (isIncoming)
				return [
					isOwn
						? literal`${name} asks to be verified. Accept only if you sit at it.`
						: literal`${name} asks to verify each other.`,
					undefined,
				];
			if (isOwn && deviceId === undefined)
				return [literal`Your other devices are asked: accept it on one of them.${untilText(verification)}`, undefined];
			return [literal`${name} is asked, and has to accept.${untilText(verification)}`, undefined];
		case 'ready':
			return [literal`Agreed. The emoji come next…`, undefined];
		case 'started':
			return [literal`Keys are being exchanged…`, undefined];
		case 'compare':
			return [
				isOwn
					? literal`Does ${name} show the same?`
					: literal`Does ${name} see the same? Ask by voice, or where you sit.`,
				undefined,
			];
		case 'confirmed':
			return [literal`You said that they match. Waiting for the other side…`, undefined];
		case 'done':
			return [safeText(ending, 'name'), isTrusted ? 'ok' : 'warning'];
		case 'cancelled':
			return [safeText(ending, 'name'), 'warning'];
		default:
			return step satisfies never;
	}
};

const keyLines = (keys: readonly Key[], width: number, isShort: boolean): readonly ScreenLine[] =>
	isShort
		? [
				cutLine(
					[
						span(literal` `),
						...joinParts(keys.map(([, key, , label]) => [boldSpan(key, 'accent'), span(literal` ${label}`)])),
					],
					width,
				),
			]
		: keys.map(([, key, label]) => [span(literal` `), boldSpan(key, 'accent'), span(literal`  ${label}`)]);

const linesOf = (verification: Verification, {name, isAscii, isShort}: VerificationLook, width: number) => {
	const {emoji, decimals, step} = verification;
	const [text, role] = sentenceOf(verification, safeText(name, 'name'));
	const isShown = step === 'compare' && emoji !== undefined;
	const keys = keysOf(verification);
	const gap = isShort ? [] : [emptyLine];
	return [
		...wrapLine([span(text, role)], width, 5),
		...(isShown ? [...gap, ...emojiLines(emoji, width, isAscii)] : []),
		...(isShown && decimals !== undefined ? [decimalLine(decimals)] : []),
		...(keys.length === 0 ? [] : [...gap, ...keyLines(keys, width, isShort)]),
	];
};

/** Sentences, and what can be done as rows to choose. */
const linearRows = (verification: Verification, {name}: VerificationLook): readonly PanelRow[] => {
	const {step, emoji, decimals} = verification;
	const [text, role] = sentenceOf(verification, safeText(name, 'name'));
	const named = emoji?.map((each, index) => literal`${index + 1} ${safeText(each.name, 'name')}`) ?? [];
	const compared: readonly MenuItem[] =
		step === 'compare'
			? [
					{kind: 'text', text: literal`The emoji: ${joinSafe(named, literal`, `)}.`},
					{kind: 'text', text: literal`The numbers: ${safeText(decimals?.join(', '), 'name')}.`},
				]
			: [];
	return menuRows([
		{kind: 'text', text, ...(role === undefined ? {} : {role})},
		...compared,
		...keysOf(verification).map(([key, , label]) => ({kind: 'action', key, label}) as const),
	]);
};

/** One row that cannot be chosen: an Enter too many must not say that the emoji match. */
export const verificationRows = (verification: Verification, look: VerificationLook): readonly PanelRow[] =>
	look.isLinear
		? linearRows(verification, look)
		: [{key: verification.id, isHeading: true, lines: width => linesOf(verification, look, width)}];

/** @returns what the other side is called: a device by its name and id. */
export const otherSide = ({isOwn, userId, deviceId, deviceName}: Verification, memberName?: string): string => {
	if (!isOwn) return memberName ?? userId;
	if (deviceId === undefined) return 'your other devices';
	return deviceName === undefined ? deviceId : `${deviceName} (${deviceId})`;
};
