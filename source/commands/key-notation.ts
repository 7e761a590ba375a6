/** How a person writes keys in the settings: `ctrl-k`, `^K`, `Alt-x`, `C-x b`, `g g`, `F5`, `PgUp`. */

/** Keys in the names of the input decoder, one behind the other with blanks between them; or why that is none, as half a sentence. */
export type WrittenKeys = {readonly keys: string} | {readonly problem: string};

const spellings: ReadonlyMap<string, string> = new Map([
	['esc', 'escape'],
	['return', 'enter'],
	['ret', 'enter'],
	['del', 'delete'],
	['ins', 'insert'],
	['bs', 'backspace'],
	['spc', 'space'],
	['pgup', 'page-up'],
	['pageup', 'page-up'],
	['pgdn', 'page-down'],
	['pgdown', 'page-down'],
	['pagedown', 'page-down'],
]);

const named = new Set([
	'enter',
	'tab',
	'escape',
	'backspace',
	'delete',
	'insert',
	'space',
	'up',
	'down',
	'left',
	'right',
	'home',
	'end',
	'page-up',
	'page-down',
	...Array.from({length: 24}, (_, index) => `f${index + 1}`),
]);

/** What a terminal sends as the byte of another key. */
const sameByte: ReadonlyMap<string, string> = new Map([
	['ctrl-i', 'tab'],
	['ctrl-m', 'enter'],
	['ctrl-[', 'escape'],
	['ctrl-h', 'backspace'],
]);

const modifierNames: ReadonlyMap<string, string> = new Map([
	['super', 'super'],
	['cmd', 'super'],
	['ctrl', 'ctrl'],
	['control', 'ctrl'],
	['c', 'ctrl'],
	['alt', 'alt'],
	['meta', 'alt'],
	['m', 'alt'],
	['option', 'alt'],
	['shift', 'shift'],
	['s', 'shift'],
]);

const modifierOrder = ['super', 'ctrl', 'alt', 'shift'] as const;

type Parts = {readonly held: ReadonlySet<string>; readonly base: string};

const partsOf = (written: string): Parts => {
	const held = new Set<string>();
	let base = written.length > 1 && written.startsWith('^') ? `ctrl-${written.slice(1)}` : written;
	for (;;) {
		const match = /^([a-z]+)[-+](.+)$/i.exec(base);
		const modifier = modifierNames.get(match?.[1]?.toLowerCase() ?? '');
		if (match?.[2] === undefined || modifier === undefined) return {held, base};
		held.add(modifier);
		base = match[2];
	}
};

/** Whether a text is one character (no sequence of several that look like one: terminals send those as text). */
export const isOneCharacter = (text: string): boolean => /^.$/su.test(text);

/** @returns the name of a key with a character, which carries its own shift unless ctrl is held. */
const characterKey = (character: string, held: ReadonlySet<string>): string => {
	const modifiers = new Set(held);
	if (held.has('ctrl')) {
		const lower = character.toLowerCase();
		return [...modifierOrder.filter(each => modifiers.has(each)), lower === '_' ? '/' : lower].join('-');
	}
	const shifted = modifiers.delete('shift') ? character.toUpperCase() : character;
	return [...modifierOrder.filter(each => modifiers.has(each)), shifted].join('-');
};

const parseKey = (written: string): WrittenKeys => {
	const {held, base} = partsOf(written);
	if (isOneCharacter(base)) {
		const key = characterKey(base, held);
		const sent = sameByte.get(key);
		return sent === undefined ? {keys: key} : {problem: `${written} is the same byte as ${sent}`};
	}
	const lower = base.toLowerCase();
	const name = spellings.get(lower) ?? lower;
	if (!named.has(name)) return {problem: `${written} is no key: \`mx keys\` shows what yours are called`};
	return {keys: [...modifierOrder.filter(each => held.has(each)), name].join('-')};
};

/** @returns the keys that a text names. */
export const parseKeys = (text: string): WrittenKeys => {
	const parsed = text
		.split(' ')
		.filter(written => written !== '')
		.map(parseKey);
	const problem = parsed.find(each => 'problem' in each);
	if (problem !== undefined) return problem;
	if (parsed.length === 0) return {problem: 'an empty text is no key (an empty list takes all keys away)'};
	return {keys: parsed.map(each => ('keys' in each ? each.keys : '')).join(' ')};
};
