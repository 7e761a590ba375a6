/** A QR code in half blocks: two rows of modules in a row of signs, so that they are square. */
import {encodeQR} from 'qr';

/** Modules around it that stay light; scanners want four and take two. */
const border = 2;

/** @returns the modules, `true` for a dark one; none for a text that is too long for any code. */
const modulesOf = (text: string): readonly (readonly boolean[])[] => {
	try {
		return encodeQR(text, 'raw', {ecc: 'low', border});
	} catch {
		// The longest code takes 2953 bytes.
		return [];
	}
};

const signOf = (isTopDark: boolean, isBottomDark: boolean): string => {
	if (isTopDark) return isBottomDark ? ' ' : '▄';
	return isBottomDark ? '▀' : '█';
};

/** @returns a QR code as rows of half blocks, light ones drawn; none for a text that is too long. */
export const qrRows = (text: string): readonly string[] => {
	const modules = modulesOf(text);
	return Array.from({length: Math.ceil(modules.length / 2)}, (_, row) => {
		const top = modules[row * 2] ?? [];
		const bottom = modules[row * 2 + 1];
		return top.map((isDark, column) => signOf(isDark, bottom?.[column] ?? false)).join('');
	});
};
