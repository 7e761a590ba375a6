/** Styles of cells as small numbers: what SGR and OSC 8 make of them, and the shortest way from one to another. */

/** Attributes as bits, with the SGR parameters that turn them on and off (ECMA-48 §8.3.117). */
const attributes: readonly (readonly [bit: number, on: number, off: number])[] = [
	[1, 1, 22],
	[2, 2, 22],
	[4, 3, 23],
	[8, 4, 24],
	[16, 7, 27],
	[32, 9, 29],
];

type Style = {
	/** SGR parameters, `38;5;12`; empty for the terminal's own colour. */
	readonly foreground: string;
	readonly background: string;
	readonly attributes: number;
	/** Where a hyperlink leads; empty for none. */
	readonly link: string;
};

/** The number of a style; 0 is the terminal's own. */
export type StyleId = number;

const plain: Style = {foreground: '', background: '', attributes: 0, link: ''};

/** Links that may go out: the web, mail, Matrix. */
const safeLink = /^(?:(?:https?:\/\/|mailto:|matrix:)[!-~]{1,2048})?$/;

const isForeground = (code: number): boolean => (code >= 30 && code <= 37) || (code >= 90 && code <= 97);
const isBackground = (code: number): boolean => (code >= 40 && code <= 47) || (code >= 100 && code <= 107);

const withCodes = (style: Style, codes: readonly number[]): Style => {
	let next = style;
	for (let index = 0; index < codes.length; index++) {
		const code = codes[index] ?? 0;
		const on = attributes.find(([, each]) => each === code);
		if (code === 0) next = {...plain, link: next.link};
		else if (on !== undefined) next = {...next, attributes: next.attributes | on[0]};
		else if (attributes.some(([, , off]) => off === code)) {
			const bits = attributes.reduce((sum, [bit, , off]) => (off === code ? sum | bit : sum), 0);
			next = {...next, attributes: next.attributes & ~bits};
		} else if (code === 39 || isForeground(code)) next = {...next, foreground: code === 39 ? '' : String(code)};
		else if (code === 49 || isBackground(code)) next = {...next, background: code === 49 ? '' : String(code)};
		else if (code === 38 || code === 48) {
			const count = codes[index + 1] === 5 ? 3 : 5;
			const colour = codes.slice(index, index + count).join(';');
			next = code === 38 ? {...next, foreground: colour} : {...next, background: colour};
			index += count - 1;
		}
	}
	return next;
};

const sgr = (parameters: readonly (string | number)[]): string =>
	parameters.length === 0 ? '' : `\u001B[${parameters.join(';')}m`;

const onCodes = (bits: number): readonly number[] =>
	attributes.filter(([bit]) => (bits & bit) !== 0).map(([, on]) => on);

/** Turns off and on what differs. */
const stepwise = (from: Style, to: Style): string => {
	const gone = from.attributes & ~to.attributes;
	const offs = [...new Set(attributes.filter(([bit]) => (gone & bit) !== 0).map(([, , off]) => off))];
	// Bold and faint are turned off together.
	const left = offs.includes(22) ? from.attributes & ~3 : from.attributes;
	return sgr([
		...offs,
		...onCodes(to.attributes & ~left),
		...(from.foreground === to.foreground ? [] : [to.foreground || '39']),
		...(from.background === to.background ? [] : [to.background || '49']),
	]);
};

/** Begins with nothing. */
const anew = (to: Style): string => {
	const parameters = [...onCodes(to.attributes), to.foreground, to.background].filter(each => each !== '');
	return parameters.length === 0 ? '\u001B[m' : sgr([0, ...parameters]);
};

/** One table for one screen: as many styles as a theme and its links make. */
export const createStyles = () => {
	const styles: Style[] = [plain];
	const ids = new Map<string, StyleId>();
	const applied = new Map<string, StyleId>();
	const transitions = new Map<string, string>();

	const idOf = (style: Style): StyleId => {
		const {foreground, background, attributes: bits, link} = style;
		const key = `${foreground}|${background}|${bits}|${link}`;
		const known = ids.get(key);
		if (known !== undefined) return known;
		ids.set(key, styles.length);
		return styles.push(style) - 1;
	};
	idOf(plain);
	ids.set('||0|', 0);

	return {
		/** @returns how many there are. */
		count: () => styles.length,
		/** @param parameters of an SGR sequence. */
		apply(id: StyleId, parameters: string): StyleId {
			const key = `${id} ${parameters}`;
			const known = applied.get(key);
			if (known !== undefined) return known;
			const codes = parameters === '' ? [0] : parameters.split(';').map(Number);
			const next = idOf(withCodes(styles[id] ?? plain, codes));
			applied.set(key, next);
			return next;
		},
		/** @returns SGR parameters of the colour of the text; empty for the terminal's own. */
		foreground: (id: StyleId): string => styles[id]?.foreground ?? '',
		/** @param link empty for its end; one that must not go out is none. */
		withLink: (id: StyleId, link: string): StyleId =>
			idOf({...(styles[id] ?? plain), link: safeLink.test(link) ? link : ''}),
		/** @returns what turns one style into the other. */
		transition(from: StyleId, to: StyleId): string {
			if (from === to) return '';
			const key = `${from} ${to}`;
			const known = transitions.get(key);
			if (known !== undefined) return known;
			const [before, after] = [styles[from] ?? plain, styles[to] ?? plain];
			const [steps, whole] = [stepwise(before, after), anew(after)];
			const isSame = steps === '';
			const look = isSame || steps.length <= whole.length ? steps : whole;
			const link = before.link === after.link ? '' : `\u001B]8;;${after.link}\u001B\\`;
			transitions.set(key, look + link);
			return look + link;
		},
	};
};

export type Styles = ReturnType<typeof createStyles>;
