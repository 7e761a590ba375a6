/** The colours of the pictured terminal: the 16 of its own, the cube and the greys of xterm, 24 bits as they are. */
import type {CellStyle, Colour} from './terminal-screen.ts';

export const windowBackground = '#16181d';
export const windowForeground = '#cfd5e1';

const firstSixteen = [
	'#2a2e37',
	'#e0656f',
	'#79c7a0',
	'#e5b567',
	'#6c9ef0',
	'#b48ef0',
	'#6cc0d8',
	'#c4cad6',
	'#8b94a5',
	'#ff7b85',
	'#9fd28f',
	'#f0c674',
	'#7fb0ff',
	'#c3a6ff',
	'#7cc7dd',
	'#f4f6fa',
];

const hexadecimal = (...channels: readonly number[]): string =>
	`#${channels.map(channel => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;

const cubeLevel = (step: number): number => (step === 0 ? 0 : 55 + 40 * step);

const colourOfPalette = (index: number): string => {
	const own = firstSixteen[index];
	if (own !== undefined) return own;
	if (index >= 232) return hexadecimal(...Array.from({length: 3}, () => 8 + 10 * (index - 232)));
	const place = index - 16;
	return hexadecimal(
		cubeLevel(Math.floor(place / 36)),
		cubeLevel(Math.floor(place / 6) % 6),
		cubeLevel(Math.floor(place) % 6),
	);
};

const channelsOf = (colour: string): readonly number[] =>
	[1, 3, 5].map(start => Number.parseInt(colour.slice(start, start + 2), 16));

const half = (foreground: string, background: string): string => {
	const behind = channelsOf(background);
	return hexadecimal(...channelsOf(foreground).map((channel, index) => (channel + (behind[index] ?? 0)) / 2));
};

const resolve = (colour: Colour, own: string): string =>
	colour === undefined ? own : typeof colour === 'number' ? colourOfPalette(colour) : colour;

/** What a cell is drawn in, as `#rrggbb`: inverse has been swapped, dim has been mixed with what is behind it. */
export const paintOf = (
	style: Pick<CellStyle, 'foreground' | 'background' | 'isInverse' | 'isDim'>,
): {readonly foreground: string; readonly background: string} => {
	const front = resolve(style.foreground, windowForeground);
	const back = resolve(style.background, windowBackground);
	const [foreground, background] = style.isInverse ? [back, front] : [front, back];
	return {foreground: style.isDim ? half(foreground, background) : foreground, background};
};
