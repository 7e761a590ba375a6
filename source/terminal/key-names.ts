/** Names of keys: the tables of the terminals' codes and the one way to put a name together. */
import type {InputEvent, KeyName} from './input-event.ts';

/** Which modifiers were held. */
export type Modifiers = {
	readonly shift: boolean;
	readonly alt: boolean;
	readonly ctrl: boolean;
	readonly super: boolean;
};

/** No modifier. */
export const noModifiers: Modifiers = {shift: false, alt: false, ctrl: false, super: false};

/**
 * @param parameter The second parameter of a key sequence: 1 + the sum of shift 1, alt 2, ctrl 4, super 8, hyper 16,
 * meta 32, caps lock 64, num lock 128 (kitty keyboard protocol; xterm ctlseqs "PC-Style Function Keys").
 */
export const modifiersOf = (parameter: number): Modifiers => {
	const bits = Math.max(0, parameter - 1);
	return {
		shift: (bits & 1) !== 0,
		alt: (bits & (2 | 32)) !== 0,
		ctrl: (bits & 4) !== 0,
		super: (bits & (8 | 16)) !== 0,
	};
};

/** Keys by the final letter of `CSI 1;m X` and `SS3 X`. */
export const keysByLetter: ReadonlyMap<string, KeyName> = new Map([
	['A', 'up'],
	['B', 'down'],
	['C', 'right'],
	['D', 'left'],
	['E', 'begin'],
	['F', 'end'],
	['H', 'home'],
	['M', 'enter'],
	['P', 'f1'],
	['Q', 'f2'],
	['R', 'f3'],
	['S', 'f4'],
]);

/** Keys by the number of `CSI n ~`. */
export const keysByNumber: ReadonlyMap<number, KeyName> = new Map([
	[1, 'home'],
	[2, 'insert'],
	[3, 'delete'],
	[4, 'end'],
	[5, 'page-up'],
	[6, 'page-down'],
	[7, 'home'],
	[8, 'end'],
	...[11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34].map(
		(number, index): [number, KeyName] => [number, `f${index + 1}`],
	),
]);

/** Keypad characters of `SS3 j` … `SS3 y` (application mode). */
export const keypadCharacters: ReadonlyMap<string, string> = new Map(
	Array.from('jklmnopqrstuvwxyX', (letter, index): [string, string] => [letter, '*+,-./0123456789='.charAt(index)]),
);

const namedCodes: ReadonlyMap<number, KeyName> = new Map([
	[8, 'backspace'],
	[9, 'tab'],
	[13, 'enter'],
	[27, 'escape'],
	[32, 'space'],
	[127, 'backspace'],
	[57_414, 'enter'],
	...['left', 'right', 'up', 'down', 'page-up', 'page-down', 'home', 'end', 'insert', 'delete', 'begin'].map(
		(name, index): [number, KeyName] => [57_417 + index, name],
	),
	...Array.from({length: 23}, (_, index): [number, KeyName] => [57_376 + index, `f${index + 13}`]),
]);

/** Keypad characters of the kitty keyboard protocol from 57399; 57414 between them is Enter. */
const kittyKeypad = '0123456789./*-+\r=,';

const sameByte: ReadonlyMap<KeyName, KeyName> = new Map([
	['ctrl-i', 'tab'],
	['ctrl-m', 'enter'],
	['ctrl-[', 'escape'],
	['ctrl-h', 'backspace'],
	['ctrl-_', 'ctrl-/'],
	['ctrl-@', 'ctrl-space'],
	['ctrl-alt-_', 'ctrl-alt-/'],
	['shift-escape', 'escape'],
	['shift-backspace', 'backspace'],
]);

/** @returns the event of a key that has a name of its own, such as `up` or `enter`. */
export const keyEvent = (base: KeyName, held: Modifiers = noModifiers): InputEvent => {
	const words = [
		held.super ? 'super-' : '',
		held.ctrl ? 'ctrl-' : '',
		held.alt ? 'alt-' : '',
		held.shift ? 'shift-' : '',
		base,
	];
	const key = words.join('');
	return {kind: 'key', key: sameByte.get(key) ?? key};
};

const isLetter = (character: string): boolean => /^\p{L}$/u.test(character);

const shortcutEvent = (character: string, shifted: string, held: Modifiers): InputEvent => {
	if (held.ctrl && isLetter(character)) return keyEvent(character.toLowerCase(), held);
	return keyEvent(held.shift ? shifted : character, {...held, shift: false});
};

/** A key by its code point, as `CSI u` and `CSI 27;m;c~` report it. */
export type CodedKey = {
	readonly code: number;
	/** Code point with shift, where the terminal says it. */
	readonly shifted?: number | undefined;
	/** Code point of the same key on a US keyboard, where the terminal says it: shortcuts work on a Cyrillic layout. */
	readonly base?: number | undefined;
	readonly modifiers: Modifiers;
};

const characterOf = (code: number | undefined): string | undefined => {
	if (code === undefined || code < 0x20 || code > 0x10_ff_ff) return undefined;
	if (code >= 57_399 && code <= 57_416) return kittyKeypad.charAt(code - 57_399);
	const isControl = code >= 0x7f && code <= 0x9f;
	const isSurrogateOrPrivate = code >= 0xd8_00 && code <= 0xf8_ff;
	return isControl || isSurrogateOrPrivate ? undefined : String.fromCodePoint(code);
};

/** @returns the event of a key by code point, or `undefined` where the code is no key of ours (a lone modifier). */
export const codedKeyEvent = ({code, shifted, base, modifiers}: CodedKey): InputEvent | undefined => {
	const named = namedCodes.get(code);
	const isShortcut = modifiers.ctrl || modifiers.alt || modifiers.super;
	if (named === 'space' && !isShortcut) return {kind: 'text', text: ' '};
	if (named !== undefined) return keyEvent(named, named === 'space' ? {...modifiers, shift: false} : modifiers);
	const character = characterOf(code);
	if (character === undefined) return undefined;
	const upper = characterOf(shifted) ?? (isLetter(character) ? character.toUpperCase() : character);
	if (!isShortcut) return {kind: 'text', text: modifiers.shift ? upper : character};
	const onUsKeyboard = code > 0x7e ? characterOf(base) : undefined;
	if (onUsKeyboard === undefined) return shortcutEvent(character, upper, modifiers);
	return shortcutEvent(onUsKeyboard, onUsKeyboard.toUpperCase(), modifiers);
};

/**
 * @param code A control byte, 0 to 31 or 127, but not 27.
 * @returns the event of the byte, with or without an ESC before it.
 */
export const controlByteEvent = (code: number, hasAlt: boolean): InputEvent => {
	const held = {...noModifiers, alt: hasAlt};
	const named = namedCodes.get(code);
	if (named !== undefined) return keyEvent(named, held);
	if (code === 0) return keyEvent('space', {...held, ctrl: true});
	return keyEvent(String.fromCharCode(code + 64).toLowerCase(), {...held, ctrl: true});
};
