import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {suite, test} from 'node:test';
import {matrixProtocol, protocols} from '../../source/bridges/protocols.ts';
import {literal} from '../../source/text/safe-text.ts';
import {createPainter} from '../../source/ui/painter.ts';
import {contrast, readableOn} from '../../source/ui/readable-colour.ts';
import {darkTheme, parseTheme} from '../../source/ui/theme.ts';
import {networkLabel} from '../../source/view-models/network-label.ts';
import {boldSpan, span, themeRoles} from '../../source/view-models/screen-line.ts';

const folder = path.resolve(import.meta.dirname, '../../themes');
const themes = readdirSync(folder).map(name => ({
	name,
	json: JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as unknown,
}));

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

	test('the colour of each network is readable in every theme, and its own where it can be', () => {
		const colours = [...protocols, matrixProtocol].map(({colour}) => colour);
		for (const {json} of themes) {
			const {name, background} = parseTheme(json);
			for (const colour of colours) {
				const shown = readableOn(colour, background);
				assert.ok(contrast(shown, background) >= 4.5, `${colour} in ${name}`);
				if (contrast(colour, background) >= 4.5) assert.equal(shown, colour.toLowerCase());
			}
		}
	});

	test('a network has its own colour where there are enough, and none without colours', () => {
		const line = [networkLabel('signal')];
		const painted = ([0, 16, '16m'] as const).map(level => createPainter(darkTheme(), level)(line));
		assert.equal(painted[0], '\u001B[1mSG\u001B[22m');
		assert.match(painted[1] ?? '', /^\u001B\[95m/);
		assert.match(painted[2] ?? '', /^\u001B\[38;2;\d+;\d+;\d+m/);
		const plain = parseTheme(themes.find(({name}) => name === 'plain.json')?.json);
		assert.doesNotMatch(createPainter(plain, '16m')(line), /38;2/);
	});

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
