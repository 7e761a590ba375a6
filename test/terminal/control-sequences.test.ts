/** The sequences of keys, mouse and answers that terminals send. */
import {check} from './decoding.ts';

check('Arrows, editing and function keys', [
	['arrows', '\u001B[A\u001B[B\u001B[C\u001B[D', ['<up>', '<down>', '<right>', '<left>']],
	['arrows in application mode', '\u001BOA\u001BOB\u001BOC\u001BOD', ['<up>', '<down>', '<right>', '<left>']],
	[
		'Home and End in four forms',
		'\u001B[H\u001BOH\u001B[1~\u001B[7~\u001B[F\u001BOF\u001B[4~\u001B[8~',
		[...Array.from({length: 4}, () => '<home>'), ...Array.from({length: 4}, () => '<end>')],
	],
	[
		'Insert, Delete, pages',
		'\u001B[2~\u001B[3~\u001B[5~\u001B[6~',
		['<insert>', '<delete>', '<page-up>', '<page-down>'],
	],
	[
		'with modifiers',
		'\u001B[1;3B\u001B[1;5C\u001B[1;2A\u001B[1;4A\u001B[1;5H\u001B[1;6F',
		['<alt-down>', '<ctrl-right>', '<shift-up>', '<alt-shift-up>', '<ctrl-home>', '<ctrl-shift-end>'],
	],
	[
		'pages and Delete with modifiers',
		'\u001B[5;2~\u001B[6;5~\u001B[3;3~',
		['<shift-page-up>', '<ctrl-page-down>', '<alt-delete>'],
	],
	['Shift-Tab', '\u001B[Z', ['<shift-tab>']],
	['F1 to F4', '\u001BOP\u001BOQ\u001BOR\u001BOS', ['<f1>', '<f2>', '<f3>', '<f4>']],
	['F1 to F5 of rxvt', '\u001B[11~\u001B[12~\u001B[13~\u001B[14~\u001B[15~', ['<f1>', '<f2>', '<f3>', '<f4>', '<f5>']],
	[
		'F1 to F5 of the Linux console',
		'\u001B[[A\u001B[[B\u001B[[C\u001B[[D\u001B[[E',
		['<f1>', '<f2>', '<f3>', '<f4>', '<f5>'],
	],
	[
		'F5 to F12',
		'\u001B[15~\u001B[17~\u001B[18~\u001B[19~\u001B[20~\u001B[21~\u001B[23~\u001B[24~',
		['<f5>', '<f6>', '<f7>', '<f8>', '<f9>', '<f10>', '<f11>', '<f12>'],
	],
	[
		'F keys with modifiers',
		'\u001B[1;5P\u001B[15;2~\u001BO5Q\u001BO1;3S',
		['<ctrl-f1>', '<shift-f5>', '<ctrl-f2>', '<alt-f4>'],
	],
	[
		'modifiers of rxvt',
		'\u001B[3$\u001B[3^\u001B[3@\u001B[a\u001BOa',
		['<shift-delete>', '<ctrl-delete>', '<ctrl-shift-delete>', '<shift-up>', '<ctrl-up>'],
	],
	['keypad in application mode', '\u001BOM\u001BOp\u001BOy\u001BOk', ['<enter>', '0', '9', '+']],
]);

check('modifyOtherKeys and the kitty keyboard', [
	[
		'Shift-, Ctrl-Enter of kitty',
		'\u001B[13;2u\u001B[13;5u\u001B[13;3u',
		['<shift-enter>', '<ctrl-enter>', '<alt-enter>'],
	],
	['Shift-, Ctrl-Enter of modifyOtherKeys', '\u001B[27;2;13~\u001B[27;5;13~', ['<shift-enter>', '<ctrl-enter>']],
	['Esc', '\u001B[27u', ['<escape>']],
	[
		'Ctrl and Alt with letters',
		'\u001B[107;5u\u001B[120;3u\u001B[107;7u\u001B[107;6u',
		['<ctrl-k>', '<alt-x>', '<ctrl-alt-k>', '<ctrl-shift-k>'],
	],
	['Alt with a shifted sign is the sign', '\u001B[44:60;4u\u001B[27;4;60~', ['<alt-<>', '<alt-<>']],
	['Alt with a shifted letter is the capital', '\u001B[120:88;4u\u001B[120;4u', ['<alt-X>', '<alt-X>']],
	[
		'what one byte cannot tell apart has one name',
		'\u001B[105;5u\u001B[109;5u\u001B[91;5u\u001B[104;5u\u001B[45:95;6u\u001B[64;5u',
		['<tab>', '<enter>', '<escape>', '<backspace>', '<ctrl-/>', '<ctrl-space>'],
	],
	['a Cyrillic layout has the shortcuts of its keys', '\u001B[1089::99;5u\u001B[1095::120;3u', ['<ctrl-c>', '<alt-x>']],
	[
		'Shift-Tab, Ctrl-space, Shift-space, Shift-Backspace',
		'\u001B[9;2u\u001B[32;5u\u001B[32;2u\u001B[127;2u',
		['<shift-tab>', '<ctrl-space>', ' ', '<backspace>'],
	],
	['caps and num lock are no modifiers', '\u001B[107;69u\u001B[13;129u', ['<ctrl-k>', '<enter>']],
	['text keys', '\u001B[97u\u001B[97;2u\u001B[49:33;2u', ['a', 'A', '!']],
	['keypad', '\u001B[57399u\u001B[57414u\u001B[57419u\u001B[57409u', ['0', '<enter>', '<up>', '.']],
	['F13', '\u001B[57376u', ['<f13>']],
	['a release is no key', '\u001B[97;1:3u', ['reply(\u001B[97;1:3u)']],
	['a repeat is a key', '\u001B[1;1:2A', ['<up>']],
	['a lone modifier is no key', '\u001B[57441;2u', ['reply(\u001B[57441;2u)']],
	[
		'code points that do not exist',
		'\u001B[1114112u\u001B[55296;5u',
		['reply(\u001B[1114112u)', 'reply(\u001B[55296;5u)'],
	],
]);

check('Mouse and focus', [
	[
		'SGR press, release, drag',
		'\u001B[<0;10;5M\u001B[<0;10;5m\u001B[<34;3;4M',
		['mouse(press left 9,4)', 'mouse(release left 9,4)', 'mouse(move right 2,3)'],
	],
	['SGR wheel', '\u001B[<64;10;5M\u001B[<65;10;5M', ['mouse(wheel-up none 9,4)', 'mouse(wheel-down none 9,4)']],
	['SGR with modifiers', '\u001B[<28;1;1M', ['mouse(ctrl alt shift press left 0,0)']],
	['X10', '\u001B[M !!', ['mouse(press left 0,0)']],
	[
		'X10 beyond column 95, where the byte is no UTF-8',
		new Uint8Array([0x1b, 0x5b, 0x4d, 0x20, 0xc8, 0x21, 0x61]),
		['mouse(press left 167,0)', 'a'],
	],
	['X10 release', '\u001B[M#!!', ['mouse(release none 0,0)']],
	['urxvt', '\u001B[32;10;5M', ['mouse(press left 9,4)']],
	['focus', '\u001B[I\u001B[O', ['focus', 'blur']],
]);

check('Answers of the terminal are no keys', [
	['OSC 11 with ST', '\u001B]11;rgb:1e1e/1e1e/1e1e\u001B\\a', ['reply(\u001B]11;rgb:1e1e/1e1e/1e1e\u001B\\)', 'a']],
	['OSC 11 with BEL', '\u001B]11;rgb:1/1/1\u0007a', ['reply(\u001B]11;rgb:1/1/1\u0007)', 'a']],
	['OSC 52', '\u001B]52;c;aGk=\u0007', ['reply(\u001B]52;c;aGk=\u0007)']],
	['device attributes', '\u001B[?62;4c\u001B[>1;10;0c', ['reply(\u001B[?62;4c)', 'reply(\u001B[>1;10;0c)']],
	['XTVERSION', '\u001BP>|kitty(0.26.5)\u001B\\', ['reply(\u001BP>|kitty(0.26.5)\u001B\\)']],
	['DECRPM', '\u001B[?2026;2$y', ['reply(\u001B[?2026;2$y)']],
	['kitty graphics', '\u001B_Gi=31;OK\u001B\\', ['reply(\u001B_Gi=31;OK\u001B\\)']],
	['kitty keyboard', '\u001B[?0u', ['reply(\u001B[?0u)']],
	['cursor position', '\u001B[10;20R\u001B[1;2R', ['reply(\u001B[10;20R)', 'reply(\u001B[1;2R)']],
	['colour scheme', '\u001B[?997;1n', ['reply(\u001B[?997;1n)']],
	['cell size', '\u001B[6;20;10t', ['reply(\u001B[6;20;10t)']],
	[
		'one whose end is lost does not eat the keyboard',
		'\u001B]11;rgb\rok',
		['reply(\u001B]11;rgb)', '<enter>', 'o', 'k'],
	],
	['one that another sequence breaks off', '\u001B]11;rgb\u001B[A', ['reply(\u001B]11;rgb)', '<up>']],
	['half a sequence', '\u001B[1;3', ['reply(\u001B[1;3)']],
	['half a sequence before Enter', '\u001B[1;3\r', ['reply(\u001B[1;3)', '<enter>']],
]);
