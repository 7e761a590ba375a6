/** Text in the colours of the rainbow, one a character (client-server API §m.room.message msgtypes, `data-mx-color`). */
import {graphemesOf} from './graphemes.ts';

const escapes: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};

/** Bright enough on a dark ground and dark enough on a light one. */
const lightness = 0.45;

/** @param turn from 0 (red) to 1 (red again). @returns `#rrggbb` */
const hueColour = (turn: number): string => {
	const channel = (offset: number): string => {
		const place = (offset + turn * 12) % 12;
		const value = lightness - lightness * Math.max(-1, Math.min(place - 3, 9 - place, 1));
		return Math.round(value * 255)
			.toString(16)
			.padStart(2, '0');
	};
	return `#${channel(0)}${channel(8)}${channel(4)}`;
};

/** @param text cleaned. @returns Matrix HTML; blanks have no colour */
export const rainbowHtml = (text: string): string => {
	const graphemes = graphemesOf(text);
	return graphemes
		.map((grapheme, index) => {
			if (grapheme === '\n') return '<br>';
			const escaped = grapheme.replaceAll(/[&<>"]/g, sign => escapes[sign] ?? sign);
			if (grapheme.trim() === '') return escaped;
			// Not a whole turn, or the end would be as red as the beginning.
			const colour = hueColour((index / graphemes.length) * 0.85);
			return `<span data-mx-color="${colour}">${escaped}</span>`;
		})
		.join('');
};
