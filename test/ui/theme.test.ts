import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {suite, test} from 'node:test';
import {literal} from '../../source/text/safe-text.ts';
import {createPainter} from '../../source/ui/painter.ts';
import {darkTheme, parseTheme} from '../../source/ui/theme.ts';
import {boldSpan, span, themeRoles} from '../../source/view-models/screen-line.ts';

const folder = path.resolve(import.meta.dirname, '../../themes');
const themes = readdirSync(folder).map(name => ({
	name,
	json: JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as unknown,
}));

/** Relative luminance (WCAG 2.2). */
const luminance = (hex: string): number => {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5]
		.map(start => Number.parseInt(hex.slice(start, start + 2), 16) / 255)
		.map(part => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (first: string, second: string): number => {
	const [light = 0, dark = 0] = [luminance(first), luminance(second)].toSorted((a, b) => b - a);
	return (light + 0.05) / (dark + 0.05);
};

suite('themes', () => {
	test('there are themes', () => {
		assert.ok(themes.length > 0);
	});

	for (const {name, json} of themes) {
		test(`${name} names every role, readable on its background (WCAG AA)`, () => {
			const theme = parseTheme(json);
			for (const role of themeRoles) {
				const {foreground, background} = theme.roles[role];
				if (foreground === undefined) continue;
				const least = role === 'border' ? 3 : 4.5;
				const ratio = contrast(foreground.hex, background?.hex ?? theme.background);
				assert.ok(ratio >= least, `${role} has ${ratio.toFixed(2)}`);
			}
		});
	}

	test('a theme without a role, or with a colour that is none, is refused by name', () => {
		const theme = themes.find(({name}) => name === 'dark.json');
		const broken = structuredClone(theme?.json) as {roles: Record<string, {foreground?: string}>};
		delete broken.roles['muted'];
		assert.throws(() => parseTheme(broken), /dark has no role muted/);
		broken.roles['muted'] = {foreground: 'greyish'};
		assert.throws(() => parseTheme(broken), /dark, muted needs a colour/);
	});

	test('colours follow what the terminal has; without any, attributes stand for them', () => {
		const line = [span(literal`x`, 'selection')];
		const painted = ([0, 16, 256, '16m'] as const).map(level => createPainter(darkTheme(), level)(line));
		assert.deepEqual(painted, [
			'\u001B[7mx\u001B[27m',
			'\u001B[97m\u001B[44mx\u001B[49m\u001B[39m',
			'\u001B[38;5;231m\u001B[48;5;60mx\u001B[49m\u001B[39m',
			'\u001B[38;2;244;246;250m\u001B[48;2;44;58;85mx\u001B[49m\u001B[39m',
		]);
	});

	test('text without a role stays in the colour of the terminal, links get their target', () => {
		const paint = createPainter(darkTheme(), 0);
		assert.equal(paint([span(literal`plain`), boldSpan(literal`bold`)]), 'plain\u001B[1mbold\u001B[22m');
		const link = {text: literal`here`, style: {link: {href: 'https://one.test/', host: literal`one.test`}}};
		assert.equal(paint([link]), '\u001B]8;;https://one.test/\u001B\\\u001B[4mhere\u001B[24m\u001B]8;;\u001B\\');
		assert.equal(paint([]), ' ');
	});
});
