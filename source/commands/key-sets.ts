/** The sets of keys besides the default one: what they change, by command. The setting `keys` chooses. */

/** Which set of keys. */
export type KeySet = 'default' | 'vim' | 'emacs';

/** Keys by the name of a command; what is not named keeps those of the table. */
export type KeysByCommand = Readonly<Record<string, readonly string[]>>;

/** ^N ^P ^F ^B move as in Emacs, and what had them is on Alt or behind ^X. ^S stays free: it stops some terminals. */
const emacs: KeysByCommand = {
	left: ['left', 'ctrl-b'],
	right: ['right', 'ctrl-f'],
	up: ['up', 'ctrl-p'],
	down: ['down', 'ctrl-n'],
	'undo-typing': ['ctrl-/', 'alt-z', 'ctrl-x u'],
	'older-text': ['alt-p'],
	'newer-text': ['alt-n'],
	preview: ['ctrl-x p'],
	create: ['ctrl-x n'],
	'page-down': ['page-down', 'ctrl-v'],
	'page-up': ['page-up', 'alt-v'],
	oldest: ['ctrl-home', 'alt-<'],
	newest: ['ctrl-end', 'alt->'],
	back: ['ctrl-x left'],
	'go-forward': ['ctrl-x right'],
	'jump-back': ['backspace'],
	switcher: ['ctrl-x b', 'alt-k'],
	'last-room': ['ctrl-x ctrl-b', 'alt-/'],
	'toggle-inbox': ['ctrl-x o', 'alt-i'],
	'search-room': ['ctrl-r'],
	'retry-now': ['ctrl-x g'],
	cancel: ['escape', 'ctrl-g'],
	'close-help': ['escape', 'q', 'enter', 'ctrl-g'],
	'completion-close': ['escape', 'ctrl-g'],
	'list-close': ['escape', 'ctrl-g'],
	'narrow-stop': ['escape', 'ctrl-g'],
	'leave-messages': ['i', 'a', 'escape', 'ctrl-g'],
	help: ['f1', 'ctrl-x ?'],
	quit: ['ctrl-x ctrl-c'],
};

/** As the default one, with `g g`, `g n`, `V` and `^W`; the composer has the modes of vim (view-models/vim-mode.ts). */
const vim: KeysByCommand = {
	'message-oldest': ['g g', 'home', 'ctrl-home'],
	'first-room': ['g g', 'home'],
	'inbox-order': ['g n'],
	'help-start': ['g g', 'home'],
	'pick-range': ['V'],
	'vote-key': ['alt-v'],
	// Whoever presses Esc again and again stays where the letters are commands.
	unpick: ['escape'],
	'leave-messages': ['i', 'a', 'ctrl-w j', 'ctrl-w w'],
	'toggle-inbox': ['alt-i', 'ctrl-w h'],
	'leave-inbox': ['enter', 'ctrl-w l', 'ctrl-w w'],
};

/** What each set changes. */
export const keySets: Readonly<Record<KeySet, KeysByCommand>> = {default: {}, vim, emacs};
