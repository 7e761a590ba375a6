/** Colours that a theme did not choose, such as those of brands, made readable on its background. */

type Channels = readonly [red: number, green: number, blue: number];

const channelsOf = (hex: string): Channels => {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(start => Number.parseInt(hex.slice(start, start + 2), 16));
	return [red, green, blue];
};

const hexOf = (channels: readonly number[]): string =>
	`#${channels.map(channel => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance (WCAG 2.2). */
const luminance = (hex: string): number => {
	const [red = 0, green = 0, blue = 0] = channelsOf(hex)
		.map(channel => channel / 255)
		.map(part => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** @returns the ratio of WCAG 2.2, from 1 to 21. @param first and second as `#rrggbb` */
export const contrast = (first: string, second: string): number => {
	const [light = 0, dark = 0] = [luminance(first), luminance(second)].toSorted((a, b) => b - a);
	return (light + 0.05) / (dark + 0.05);
};

/** WCAG AA for text. */
const leastContrast = 4.5;

const steps = 20;

/** @returns the colour, as little as needed nearer to white or black to be read on the background; both `#rrggbb` */
export const readableOn = (colour: string, background: string): string => {
	const target = luminance(background) < 0.18 ? 255 : 0;
	const from = channelsOf(colour);
	for (let step = 0; step < steps; step += 1) {
		const mixed = hexOf(from.map(channel => channel + ((target - channel) * step) / steps));
		if (contrast(mixed, background) >= leastContrast) return mixed;
	}
	return target === 255 ? '#ffffff' : '#000000';
};
