/** How many colours, by environment. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {colourLevel} from '../../source/terminal/colour-level.ts';
import type {ColourLevel} from '../../source/terminal/colour-level.ts';

type Row = readonly [environment: Readonly<Record<string, string>>, level: ColourLevel];

const onTerminal: readonly Row[] = [
	[{TERM: 'xterm-256color'}, 256],
	[{TERM: 'xterm-256color', COLORTERM: 'truecolor'}, '16m'],
	[{TERM: 'xterm-256color', COLORTERM: '24bit'}, '16m'],
	[{TERM: 'screen-256color'}, 256],
	[{TERM: 'tmux-256color'}, 256],
	[{TERM: 'alacritty'}, '16m'],
	[{TERM: 'alacritty-direct'}, '16m'],
	[{TERM: 'foot'}, '16m'],
	[{TERM: 'foot-extra'}, '16m'],
	[{TERM: 'xterm-kitty'}, '16m'],
	[{TERM: 'xterm-ghostty'}, '16m'],
	[{TERM: 'wezterm'}, '16m'],
	[{TERM: 'xterm-direct'}, '16m'],
	[{TERM: 'xterm-direct256'}, '16m'],
	[{TERM: 'xterm'}, 16],
	[{TERM: 'screen'}, 16],
	[{TERM: 'screen.xterm-new'}, 16],
	[{TERM: 'linux'}, 16],
	[{TERM: 'rxvt-unicode-256color'}, 256],
	[{TERM: 'rxvt-unicode'}, 16],
	[{TERM: 'vt100'}, 0],
	[{TERM: 'vt220'}, 16],
	[{TERM: 'dumb'}, 0],
	[{TERM: 'dumb', COLORTERM: 'truecolor'}, 0],
	[{}, 0],
	[{COLORTERM: 'yes', TERM: 'unknown'}, 16],
	[{TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app'}, '16m'],
	[{TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal'}, 256],
	[{WT_SESSION: '1'}, '16m'],
	[{TERM: 'xterm-256color', NO_COLOR: '1'}, 0],
	[{TERM: 'xterm-256color', NO_COLOR: ''}, 256],
	[{TERM: 'xterm-256color', NO_COLOR: '1', FORCE_COLOR: '3'}, 0],
	[{TERM: 'xterm-256color', FORCE_COLOR: '0'}, 0],
	[{TERM: 'xterm-256color', FORCE_COLOR: 'false'}, 0],
	[{TERM: 'xterm-256color', FORCE_COLOR: '1'}, 16],
	[{TERM: 'dumb', FORCE_COLOR: '2'}, 256],
	[{TERM: 'dumb', FORCE_COLOR: '3'}, '16m'],
	[{TERM: 'xterm-256color', FORCE_COLOR: 'true'}, 256],
	[{TERM: 'dumb', FORCE_COLOR: ''}, 16],
];

for (const [environment, level] of onTerminal) {
	test(`${JSON.stringify(environment)} is ${level}`, () => assert.equal(colourLevel(environment, true), level));
}

test('a pipe gets colours only by force', () => {
	assert.equal(colourLevel({TERM: 'xterm-256color', COLORTERM: 'truecolor'}, false), 0);
	assert.equal(colourLevel({FORCE_COLOR: '1'}, false), 16);
	assert.equal(colourLevel({FORCE_COLOR: '1', NO_COLOR: '1'}, false), 0);
});
