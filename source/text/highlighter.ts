/** Colours code. The languages are loaded when a message first names one, so that nothing waits for them at the start. */
import type {createLowlight as create} from 'lowlight';
import {joinSafe, type SafeText} from './safe-text.ts';
import type {Span, SpanRole, SpanStyle} from './spans.ts';

/** @returns the code in pieces of one colour each; `undefined`: it stays as it is */
export type Highlight = (code: readonly Span[], language: SafeText) => readonly Span[] | undefined;

export type Highlighter = {
	readonly highlight: Highlight;
	/** Another number than before: what was left as it is may have colours now. */
	readonly version: () => number;
};

type Lowlight = ReturnType<typeof create>;
type Node = ReturnType<Lowlight['highlight']>['children'][number];

/** Code units of a block that is coloured; longer ones are no reading matter. */
const longest = 10_000;

/** Classes of highlight.js by what they are to the eye. */
const classes: Readonly<Partial<Record<SpanRole, readonly string[]>>> = {
	keyword: ['keyword', 'selector-tag', 'selector-pseudo', 'template-tag', 'doctag', 'tag', 'deletion'],
	string: ['string', 'regexp', 'char', 'link', 'addition', 'code'],
	number: ['number', 'literal', 'symbol', 'bullet'],
	comment: ['comment', 'quote', 'meta'],
	function: [
		'title',
		'name',
		'section',
		'attr',
		'attribute',
		'property',
		'selector-id',
		'selector-class',
		'type',
		'built_in',
	],
};

const styles: ReadonlyMap<string, SpanStyle> = new Map(
	Object.entries(classes).flatMap(([role, names]) => {
		const style: SpanStyle = {isCode: true, role: role as SpanRole};
		return names.map(name => [`hljs-${name}`, style] as const);
	}),
);

/** Begins with what belongs to the sign before it: in pieces the two would stand apart. */
const isTorn = /^(?:\p{M}|\p{Emoji_Modifier}|\p{Cf})/u;

const spansOf = (nodes: readonly Node[], style: SpanStyle): readonly Span[] =>
	nodes.flatMap(node => {
		// What goes in is safe, and comes out in pieces.
		if (node.type === 'text') return [{text: node.value as SafeText, style}];
		if (node.type !== 'element') return [];
		const [name] = (node.properties['className'] ?? []) as readonly string[];
		return spansOf(node.children, (name === undefined ? undefined : styles.get(name)) ?? style);
	});

/**
 * @param onLoaded the languages are there: what is on the screen can be laid out anew
 * @param onError they could not be loaded: code stays without colours
 */
export const createHighlighter = (onLoaded: () => void, onError: (error: unknown) => void): Highlighter => {
	let lowlight: Lowlight | undefined;
	let loading: Promise<void> | undefined;

	const load = async (): Promise<void> => {
		try {
			const {common, createLowlight} = await import('lowlight');
			lowlight = createLowlight(common);
			onLoaded();
		} catch (error) {
			onError(error);
		}
	};

	return {
		version: () => Number(lowlight !== undefined),
		highlight(code, language) {
			const [first] = code;
			// Links and mentions in it keep what they are.
			const isPlain = first !== undefined && code.every(({style}) => style === first.style);
			const text = joinSafe(code.map(span => span.text));
			if (!isPlain || text.length > longest) return undefined;
			if (lowlight === undefined) {
				loading ??= load();
				return undefined;
			}
			const name = language.toLowerCase();
			if (!lowlight.registered(name)) return undefined;
			const spans = spansOf(lowlight.highlight(name, text).children, first.style);
			const isWhole = spans.map(span => span.text).join('') === text && !spans.some(span => isTorn.test(span.text));
			return isWhole ? spans : undefined;
		},
	};
};
