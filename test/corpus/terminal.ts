/** Hostile texts that act on a terminal or on a reader's eye, by class. Each test runs them bare, between letters and inside a link's address. */

export type PayloadKind = 'osc' | 'csi' | 'sgr' | 'esc' | 'dcs' | 'apc' | 'ctrl' | 'nl' | 'uni';

export type HostilePayload = {readonly name: string; readonly kind: PayloadKind; readonly payload: string};

const ESC = '\u001B';
const BEL = '\u0007';
/** String terminator, seven-bit form; `C1_ST` is the eight-bit one. */
const ST = `${ESC}\\`;
const C1_ST = '\u009C';
const C1_OSC = '\u009D';
const C1_CSI = '\u009B';
const C1_DCS = '\u0090';

const payloads = (kind: PayloadKind, entries: Readonly<Record<string, string>>): readonly HostilePayload[] =>
	Object.entries(entries).map(([name, payload]) => ({name, kind, payload}));

const tagLetters = (text: string): string =>
	Array.from(text, letter => String.fromCodePoint(0xe_00_00 + letter.charCodeAt(0))).join('');
const longSelectors = Array.from({length: 64}, (_, index) => String.fromCodePoint(0xe_01_00 + index)).join('');

const osc = payloads('osc', {
	'writes the clipboard, ended by BEL': `${ESC}]52;c;cm0gLXJmIH4=${BEL}`,
	'writes the clipboard, ended by ST': `${ESC}]52;c;cm0gLXJmIH4=${ST}`,
	'asks for the clipboard': `${ESC}]52;c;?${BEL}`,
	'writes the clipboard, eight-bit': `${C1_OSC}52;c;cm0gLXJmIH4=${C1_ST}`,
	'writes the primary selection': `${ESC}]52;p;QQ==${ST}`,
	'sets the title and icon': `${ESC}]0;pwned${BEL}`,
	'sets the title, ended by eight-bit ST': `${ESC}]2;pwned${C1_ST}`,
	'sets the folder of new tabs': `${ESC}]7;file://evil/tmp${BEL}`,
	'links a bank to another host': `${ESC}]8;;https://evil.example/${ST}https://bank.example${ESC}]8;;${ST}`,
	'opens a link and never closes it': `${ESC}]8;;https://evil.example/${ST}click`,
	'links a local file': `${ESC}]8;;file:///etc/passwd${ST}x${ESC}]8;;${ST}`,
	'notifies the desktop, iTerm2': `${ESC}]9;you won${BEL}`,
	'shows a progress bar': `${ESC}]9;4;1;50${BEL}`,
	'notifies the desktop, urxvt': `${ESC}]777;notify;t;b${BEL}`,
	'notifies the desktop, kitty': `${ESC}]99;i=1;hello${ST}`,
	'asks for a palette colour': `${ESC}]4;1;?${BEL}`,
	'asks for the text colour': `${ESC}]10;?${BEL}`,
	'sets the background': `${ESC}]11;#000000${BEL}`,
	'asks for the background': `${ESC}]11;?${ST}`,
	'asks for the font (CVE-2022-45063)': `${ESC}]50;?${BEL}`,
	'sets the font': `${ESC}]50;$(x)${BEL}`,
	'resets the palette': `${ESC}]104${BEL}`,
	'poses as shell integration': `${ESC}]133;C${BEL}`,
	'poses as a command line in VS Code': `${ESC}]633;E;rm -rf ~${BEL}`,
	'downloads a file, iTerm2': `${ESC}]1337;File=name=eA==;size=4;inline=0:AAAA${BEL}`,
	'draws an image, iTerm2': `${ESC}]1337;File=inline=1:AAAA${BEL}`,
	'clears the scrollback, iTerm2': `${ESC}]1337;ClearScrollback${BEL}`,
	'captures text to the clipboard, iTerm2': `${ESC}]1337;CopyToClipboard=;${BEL}zz`,
	'changes the pointer': `${ESC}]22;wait${BEL}`,
	'draws huge text, kitty': `${ESC}]66;s=7;HUGE${BEL}`,
	'never ends an OSC': `${ESC}]0;aaaaaaaa`,
	'nests an OSC in a title': `${ESC}]0;a${ESC}]52;c;QQ==${BEL}`,
	'nests an OSC in a link address': `${ESC}]8;;x${ESC}]52;c;QQ==${BEL}y${ESC}]8;;${ST}`,
});

const csi = payloads('csi', {
	'erases the screen': `${ESC}[2J`,
	'erases the scrollback': `${ESC}[3J`,
	'moves home': `${ESC}[H`,
	'moves up over other rows': `${ESC}[5A`,
	'moves back over other text': `${ESC}[10D`,
	'erases the screen, eight-bit': `${C1_CSI}2J`,
	'asks for device attributes': `${ESC}[c`,
	'asks for secondary attributes': `${ESC}[>c`,
	'asks for the cursor': `${ESC}[6n`,
	'asks for a mode': `${ESC}[?2026$p`,
	'asks for the title': `${ESC}[21t`,
	'resizes the window': `${ESC}[8;1;1t`,
	'iconifies the window': `${ESC}[2t`,
	'leaves the alternate screen': `${ESC}[?1049l`,
	'turns mouse reports on': `${ESC}[?1003h${ESC}[?1006h`,
	'turns bracketed paste off': `${ESC}[?2004l`,
	'hides the cursor': `${ESC}[?25l`,
	'freezes the screen': `${ESC}[?2026h`,
	'changes the keyboard protocol': `${ESC}[>31u`,
	'sets a scroll region': `${ESC}[1;2r`,
	'repeats a letter a billion times': `A${ESC}[999999999b`,
	'inserts a billion blanks': `${ESC}[999999999@`,
	'scrolls two billion rows': `${ESC}[2147483647S`,
	'turns the printer on': `${ESC}[5i`,
	'turns the printer off': `${ESC}[4i`,
	'resets softly': `${ESC}[!p`,
	'sets the conformance level': `${ESC}[61"p`,
	'copies a rectangle': `${ESC}[1;1;5;5;1;10;10;1$v`,
	'asks for a checksum of the screen': `${ESC}[1;1;1;1;1;1*y`,
	'leaves a CSI open': `${ESC}[31`,
	'has five thousand parameters': `${ESC}[${'1;'.repeat(5000)}m`,
});

const sgr = payloads('sgr', {
	'colours text': `${ESC}[31mred`,
	'conceals text': `${ESC}[8mhidden${ESC}[28m`,
	'writes black on black': `${ESC}[30;40mhidden`,
	blinks: `${ESC}[5mblink`,
	'poses as a selection': `${ESC}[7mfake selection`,
	'colours text, eight-bit': `${C1_CSI}31mred`,
	'underlines with sub-parameters': `${ESC}[4:3mcurly`,
	'leaks a background': `${ESC}[41m`,
	'changes the font': `${ESC}[11mfont`,
});

const esc = payloads('esc', {
	'resets the terminal': `${ESC}c`,
	'saves and restores the cursor': `${ESC}7${ESC}8`,
	'switches to line drawing': `${ESC}(0`,
	'goes to the next line': `${ESC}E`,
	'goes up a line': `${ESC}M`,
	'asks who the terminal is': `${ESC}Z`,
	'leaves UTF-8': `${ESC}%@`,
	'enters Tektronix mode': `${ESC}[?38h`,
	'is an escape alone': ESC,
	'doubles the escape': `${ESC}${ESC}[2J`,
	'puts an escape before an eight-bit OSC': `${ESC}${C1_OSC}0;t${BEL}`,
	'breaks a CSI with an OSC': `${ESC}[2${ESC}]0;t${BEL}J`,
	'breaks a CSI with CAN': `${ESC}[2\u0018J`,
	'has a backspace in a CSI': `${ESC}[\b2J`,
	'has a DEL in a CSI': `${ESC}[2\u007FJ`,
	'fills the screen with E': `${ESC}#8`,
	'doubles the width of the line': `${ESC}#6`,
	'sets the title of tmux': `${ESC}kpwned${ST}`,
});

const dcs = payloads('dcs', {
	'draws a sixel image': `${ESC}Pq#0;2;0;0;0~-${ST}`,
	'asks for a setting (CVE-2008-2383)': `${ESC}P$q"p${ST}`,
	'passes an OSC through tmux': `${ESC}Ptmux;${ESC}${ESC}]52;c;QQ==${BEL}${ST}`,
	'passes an OSC through screen': `${ESC}P${ESC}]52;c;QQ==${BEL}${ST}`,
	'programs a function key': `${ESC}P0;1|17/636c730a${ST}`,
	'asks for a capability': `${ESC}P+q544e${ST}`,
	'loads a font': `${ESC}P0;1;1;4;1;1{ @aa${ST}`,
	'never ends a DCS': `${ESC}Pqaaaa`,
	'draws a sixel image, eight-bit': `${C1_DCS}q~${C1_ST}`,
});

const apc = payloads('apc', {
	'draws an image, kitty': `${ESC}_Ga=T,f=24,s=1,v=1;AAAA${ST}`,
	'draws a local file, kitty': `${ESC}_Ga=T,t=f;L2V0Yy9wYXNzd2Q=${ST}`,
	'never ends an APC': `${ESC}_Ga=T`,
	'is a privacy message': `${ESC}^x${ST}`,
	'is a start of string': `${ESC}Xx${ST}`,
});

const controls = payloads('ctrl', {
	'overprints by carriage return': 'aaaa\rbbbb',
	'overprints by backspace': 'safe\b\b\b\bevil',
	'rings fifty times': BEL.repeat(50),
	'has a vertical tab': 'a\vb',
	'has a form feed': 'a\fb',
	'has a NUL': 'a\0b',
	'has a tab': 'a\tb',
	'has two hundred tabs': '\t'.repeat(200),
	'asks by ENQ': '\u0005',
	'stops output by XOFF': '\u0013',
	'has a DEL': 'a\u007Fb',
	'has a SUB': '\u001A',
	'shifts out': '\u000E',
	'has a C1 next line': 'a\u0085b',
	'has a C1 index': 'a\u0084b',
	'has a C1 reverse index': 'a\u008Db',
	'sets a tab stop by C1': '\u0088',
	'asks who the terminal is by C1': '\u009A',
	'has a string terminator alone': C1_ST,
});

const lines = payloads('nl', {
	'has CRLF': 'a\r\nb',
	'has five hundred newlines': '\n'.repeat(500),
	'has a line separator': 'a\u2028b',
	'has a paragraph separator': 'a\u2029b',
});

const unicode = payloads('uni', {
	'overrides to the left': 'invoice\u202Efdp.exe',
	'overrides to the right': '\u202Dabc',
	'embeds both ways': '\u202Babc\u202A',
	'isolates and never ends': '\u2067abc\u2066',
	'isolates by first strong and never ends': '\u2068abc',
	'ends what was not begun': 'a\u2069b\u202C',
	'has direction marks': 'a\u200Eb\u200F',
	'has an Arabic letter mark': 'a\u061Cb',
	'is Hebrew and Arabic': 'שלום 123 مرحبا',
	'has a zero-width space': 'ad\u200Bmin',
	'has a non-joiner in Latin': 'ad\u200Cmin',
	'has a joiner in Latin': 'ad\u200Dmin',
	'has a word joiner': 'ad\u2060min',
	'has a byte order mark': '\uFEFFadmin',
	'has a soft hyphen': 'ad\u00ADmin',
	'has a grapheme joiner': 'ad\u034Fmin',
	'has a Mongolian vowel separator': 'a\u180Eb',
	'is a blank name of Hangul fillers': '\u3164\u3164',
	'is a blank name of jamo fillers': '\u115F\u1160',
	'is a blank name of a halfwidth filler': '\uFFA0',
	'is a blank name of Braille': '\u2800\u2800',
	'is an ideographic space': '\u3000',
	'has a no-break space': 'a\u00A0b',
	'hides an instruction in TAG letters': `ok${tagLetters('hidden instructions')}`,
	'hides bytes in variation selectors': `ok${longSelectors}`,
	'has interlinear annotations': 'a\uFFF9b\uFFFAc\uFFFB',
	'has noncharacters': '\uFFFE\uFFFF\u{1FFFF}',
	'has private use letters': '\uE000\u{F0000}',
	'has a lone high surrogate': 'a\uD800b',
	'has a lone low surrogate': 'a\uDC00b',
	'piles a thousand marks': `Z${'\u0300\u0301\u0302\u0303\u0304'.repeat(200)}algo`,
	'begins with fifty marks': `${'\u0301'.repeat(50)}x`,
	'has enclosing marks': 'a\u20DD\u20E0b',
	'joins 501 men': `\u{1F468}${'\u200D\u{1F468}'.repeat(500)}`,
	'is a family': '👨\u200D👩\u200D👧\u200D👦',
	'has emoji selectors': '\u2764\uFE0F\u26A0\uFE0F',
	'has a text selector': '\u{1F600}\uFE0E',
	'has a flag and half a flag': '\u{1F1E9}\u{1F1EA}\u{1F1EB}',
	'has a skin tone': '\u{1F44D}\u{1F3FD}',
	'is the flag of England': `\u{1F3F4}${tagLetters('gbeng')}\u{E007F}`,
	'is a keycap': '1\uFE0F\u20E3',
	'is wide': '漢字',
	'is ambiguous in width': '±①─',
	'stacks Tibetan letters': `\u0F40${'\u0F90'.repeat(60)}`,
	'stacks Thai marks': `\u0E01${'\u0E49'.repeat(60)}`,
	'is the widest ligature': '\uFDFD',
	'is a wide cuneiform sign': '\u{12031}',
	'is a three-em dash': '\u2E3B',
	'is a conjunct': '\u0915\u094D\u0937\u093F',
	'is a syllable of jamo': '\u1112\u1161\u11AB',
	'is a word of 65,000 letters': 'x'.repeat(65_000),
	'is 20,000 wide letters': '漢'.repeat(20_000),
	'poses as admin in Cyrillic': '\u0430dmin',
	'poses as admin in fullwidth': 'ａｄｍｉｎ',
	'poses as admin in mathematics': '\u{1D41A}\u{1D41D}\u{1D426}\u{1D422}\u{1D427}',
});

/** All payloads, 183 as first collected for Ink 8. */
export const hostilePayloads: readonly HostilePayload[] = [
	...osc,
	...csi,
	...sgr,
	...esc,
	...dcs,
	...apc,
	...controls,
	...lines,
	...unicode,
];

/** The three places where a payload is tried: alone, between letters, inside the address of an OSC 8 link. */
export const placements = (payload: string): readonly string[] => [
	payload,
	`aa${payload}zz`,
	`${ESC}]8;;x${payload}${BEL}y${ESC}]8;;${BEL}`,
];
