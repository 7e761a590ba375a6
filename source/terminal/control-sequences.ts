/** Complete escape sequences of the keyboard and the mouse, read to events; no state. */
import {
	codedKeyEvent,
	keyEvent,
	keypadCharacters,
	keysByLetter,
	keysByNumber,
	modifiersOf,
	noModifiers,
} from './key-names.ts';
import type {InputEvent, MouseEvent} from './input-event.ts';
import type {Modifiers} from './key-names.ts';

const buttons = ['left', 'middle', 'right', 'none'] as const;
const wheels = ['wheel-up', 'wheel-down', 'wheel-left', 'wheel-right'] as const;

type MouseReport = {readonly code: number; readonly column: number; readonly row: number; readonly isRelease: boolean};

/**
 * @param report Button code as in xterm ctlseqs "Mouse Tracking" without the offset of 32; column and row from 1.
 */
export const mouseEvent = ({code, column, row, isRelease}: MouseReport): MouseEvent => {
	const low = code & 3;
	const isWheel = (code & 64) !== 0;
	const isMove = (code & 32) !== 0;
	const actionOf = () => {
		if (isWheel) return wheels[low] ?? 'wheel-up';
		if (isMove) return 'move';
		return isRelease || low === 3 ? 'release' : 'press';
	};
	return {
		kind: 'mouse',
		action: actionOf(),
		button: isWheel ? 'none' : (buttons[low] ?? 'none'),
		column: Math.max(0, column - 1),
		row: Math.max(0, row - 1),
		hasShift: (code & 4) !== 0,
		hasAlt: (code & 8) !== 0,
		hasCtrl: (code & 16) !== 0,
	};
};

/** Sub-parameters are split by colons, parameters by semicolons; an empty one is `undefined`. */
const readParameters = (text: string): (number | undefined)[][] =>
	text.split(';').map(parameter => parameter.split(':').map(part => (part === '' ? undefined : Number(part))));

const withAlt = (held: Modifiers, hasAlt: boolean): Modifiers => (hasAlt ? {...held, alt: true} : held);

const releaseOfKittyKeyboard = 3;

const kittyKey = (parameters: (number | undefined)[][], hasAlt: boolean): InputEvent | undefined => {
	const [code, shifted, base] = parameters[0] ?? [];
	return code === undefined
		? undefined
		: codedKeyEvent({code, shifted, base, modifiers: withAlt(modifiersOf(parameters[1]?.[0] ?? 1), hasAlt)});
};

const numberedKey = (parameters: (number | undefined)[][], hasAlt: boolean): InputEvent | undefined => {
	const number = parameters[0]?.[0];
	const held = withAlt(modifiersOf(parameters[1]?.[0] ?? 1), hasAlt);
	if (number === 27 && parameters[2]?.[0] !== undefined)
		return codedKeyEvent({code: parameters[2][0], modifiers: held});
	const key = number === undefined ? undefined : keysByNumber.get(number);
	return key === undefined ? undefined : keyEvent(key, held);
};

const rxvtModifiers: Readonly<Record<string, Modifiers>> = {
	$: {...noModifiers, shift: true},
	'^': {...noModifiers, ctrl: true},
	'@': {...noModifiers, shift: true, ctrl: true},
};

const letterKey = (final: string, parameters: (number | undefined)[][], hasAlt: boolean): InputEvent | undefined => {
	const held = withAlt(modifiersOf(parameters[1]?.[0] ?? 1), hasAlt);
	if (final === 'Z') return keyEvent('tab', {...held, shift: true});
	if ('abcd'.includes(final)) {
		const key = keysByLetter.get(final.toUpperCase());
		return key === undefined ? undefined : keyEvent(key, {...held, shift: true});
	}
	// `CSI 1;2R` is both Shift-F3 and a cursor report; nobody binds the former.
	if (final === 'R' && parameters.length > 1) return undefined;
	const key = final === 'M' ? undefined : keysByLetter.get(final);
	return key === undefined ? undefined : keyEvent(key, held);
};

const sgrMouse = (parameters: (number | undefined)[][], isRelease: boolean): InputEvent | undefined => {
	const [code, column, row] = parameters.map(parameter => parameter[0]);
	if (code === undefined || column === undefined || row === undefined) return undefined;
	return mouseEvent({code, column, row, isRelease});
};

/**
 * Reads `CSI body final`.
 * @param body Parameter and intermediate bytes. @param final The final byte.
 * @returns `undefined` for what is no key, mouse or focus report.
 */
const csiKey = (body: string, final: string, hasAlt: boolean): InputEvent | undefined => {
	if (/^<[\d;]+$/.test(body) && (final === 'M' || final === 'm')) {
		return sgrMouse(readParameters(body.slice(1)), final === 'm');
	}
	if (/^\[$/.test(body)) return 'ABCDE'.includes(final) ? keyEvent(`f${'ABCDE'.indexOf(final) + 1}`) : undefined;
	if (!/^[\d;:]*$/.test(body)) return undefined;
	const parameters = readParameters(body);
	if (parameters[1]?.[1] === releaseOfKittyKeyboard) return undefined;
	if (body === '' && (final === 'I' || final === 'O')) return {kind: 'focus', isFocused: final === 'I'};
	if (final === 'u') return kittyKey(parameters, hasAlt);
	if (final === '~') return numberedKey(parameters, hasAlt);
	const rxvt = rxvtModifiers[final];
	if (rxvt !== undefined) {
		const key = keysByNumber.get(Number(body));
		return key === undefined ? undefined : keyEvent(key, withAlt(rxvt, hasAlt));
	}
	if (final === 'M' && parameters.length === 3) {
		const [code, column, row] = parameters.map(parameter => parameter[0] ?? 0);
		return mouseEvent({code: (code ?? 32) - 32, column: column ?? 1, row: row ?? 1, isRelease: false});
	}
	return letterKey(final, parameters, hasAlt);
};

/**
 * @param sequence A whole CSI sequence, ESC included. @param hasAlt Whether a further ESC stood before it.
 * @returns its event; what is no key is a `reply`.
 */
export const csiEvent = (sequence: string, hasAlt: boolean): InputEvent =>
	csiKey(sequence.slice(2, -1), sequence.slice(-1), hasAlt) ?? {kind: 'reply', text: sequence};

/**
 * @param sequence A whole SS3 sequence (`ESC O`, parameters, a letter). @param hasAlt As for CSI.
 * @returns its event; what is no key is a `reply`.
 */
export const ss3Event = (sequence: string, hasAlt: boolean): InputEvent => {
	const final = sequence.slice(-1);
	const parameter = /(\d+)\D$/.exec(sequence)?.[1];
	const held = withAlt(modifiersOf(Number(parameter ?? 1)), hasAlt);
	const key = keysByLetter.get(final);
	if (key !== undefined) return keyEvent(key, held);
	// rxvt: `SS3 a` to `SS3 d` are Ctrl with an arrow.
	const arrow = 'abcd'.includes(final) ? keysByLetter.get(final.toUpperCase()) : undefined;
	if (arrow !== undefined) return keyEvent(arrow, {...held, ctrl: true});
	const character = keypadCharacters.get(final);
	return character === undefined ? {kind: 'reply', text: sequence} : {kind: 'text', text: character};
};
