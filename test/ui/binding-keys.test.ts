/** Keys that the settings choose: sets, bindings, keys in a row, and changes while mx runs. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {SettingsListener} from '../../source/ui/screen-options.ts';
import {ctrl, openLunchWith} from './bound-keys.ts';
import {addLunch, addRooms, setUpSampleScreen, type SampleScreenOptions} from './sample-screen.ts';

const sample = setUpSampleScreen();
const openLunch = async (options: SampleScreenOptions) => openLunchWith(sample, options);

suite('keys of the settings', () => {
	test('a command has the key that the settings give it, and the hints and the help say so', async () => {
		const screen = await openLunch({settings: {bindings: {help: 'f5', newline: 'ctrl-x i'}}});
		await screen.waitFor('F5 help');
		screen.press('\u001B[15~');
		await screen.waitFor('Keys and commands');
		await screen.waitFor(/\^X i +\S/);
	});

	test('a sentence names the key that the command has now', async () => {
		const bindings = {
			yank: 'ctrl-g',
			bare: 'f8',
			newline: 'f9',
			'leave-messages': 'q',
			'edit-key': 'E',
			'list-close': 'f10',
		};
		const screen = await openLunch({settings: {bindings}});
		await screen.waitFor('F9 new line');
		screen.press('half');
		await screen.waitFor('> half');
		screen.press(ctrl('c'));
		await screen.waitFor('Cleared: ^G puts it back.');
		screen.press('\u001B[19~');
		await screen.waitFor('F8 goes back');
		screen.press('\u001B[19~');
		await screen.waitFor('F9 new line');
		screen.press('/select\r');
		await screen.waitFor('r reply');
		screen.press('k');
		await screen.waitFor('E edit');
		screen.press('Z');
		await screen.waitFor('Z is no key here: q goes back to writing.');
		screen.press('q/outbox\r');
		await screen.waitFor('F10 closes');
	});

	test('keys in a row: the first waits, the second is never text', async () => {
		const screen = await openLunch({settings: {keys: 'emacs'}, columns: 100});
		screen.press(ctrl('x'));
		await screen.waitFor('^X …');
		screen.press('b');
		await screen.waitFor('Go to');
		screen.press('\u001B');
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.press(`${ctrl('x')}q`);
		await screen.waitFor('^X q means nothing here.');
		screen.press('after');
		await screen.waitFor('> after');
	});

	test('in the Emacs set ^P and ^N go up and down in what is written', async () => {
		const screen = await openLunch({settings: {keys: 'emacs'}});
		screen.press(`one${ctrl('j')}two${ctrl('p')}!`);
		await screen.waitFor('> one!');
		screen.press(`${ctrl('n')}?`);
		await screen.waitFor('two?');
		screen.press('\u001F');
		await screen.waitFor(lines => lines.some(line => line.trimEnd().endsWith('two')));
	});

	test('/set keys vim holds at once and is kept; what cannot be set says what can', async () => {
		const kept: unknown[] = [];
		const screen = await openLunch({columns: 140, keepSetting: async (name, value) => void kept.push([name, value])});
		screen.press('/set keys vi\r');
		await screen.waitFor('keys can be default, vim, emacs, not vi.');
		screen.press('/set colour red\r');
		await screen.waitFor('/set knows theme, mouse, keys, notify, notifyWhen, notifyText, pictures');
		screen.press('/set keys vim\r');
		await screen.waitFor('keys is vim from now on.');
		assert.deepEqual(kept, [['keys', 'vim']]);
		screen.press('one');
		await screen.waitFor('> one');
		screen.press('\u001B');
		await screen.waitFor('NORMAL');
	});

	test('a binding that does not hold is said, and all others hold', async () => {
		const screen = await openLunch({
			settings: {bindings: {'nxt-unread': 'f5', redraw: 'hyper-l', help: 'f6'}},
			columns: 140,
		});
		await screen.waitFor('There is no command "nxt-unread" to bind');
		screen.press('\u001B[17~');
		await screen.waitFor('Keys and commands');
	});

	test('what is written into the settings holds at once', async () => {
		let listener: SettingsListener | undefined;
		let isEnded = false;
		const screen = await openLunch({
			watchSettings(given) {
				listener = given;
				return () => void (isEnded = true);
			},
		});
		await screen.waitFor('F1 help');
		listener?.({bindings: {help: 'f7'}}, []);
		await screen.waitFor('The settings are read anew.');
		screen.press('\u001B[18~');
		await screen.waitFor('Keys and commands');
		listener?.({}, ['The settings are not valid JSON just now: what held before still holds.']);
		await screen.waitFor('The settings are not valid JSON just now');
		assert.equal(isEnded, false);
		await screen.close();
		assert.equal(isEnded, true);
	});

	test('an error of the settings goes when it is corrected, and the next one is shown in its place', async () => {
		let listener: SettingsListener | undefined;
		const screen = await openLunch({
			columns: 140,
			settingsProblems: ['The setting "mouse" must be true or false; its default holds.'],
			watchSettings(given) {
				listener = given;
				return () => undefined;
			},
		});
		await screen.waitFor('The setting "mouse" must be');
		listener?.({bindings: {'nxt-unread': 'f5'}}, ['The setting "keys" must be "default".']);
		await screen.waitFor('The setting "keys" must be "default". There is no command "nxt-unread" to bind');
		assert.doesNotMatch(screen.lines().join(' '), /"mouse"/);
		listener?.({}, []);
		await screen.waitFor('The settings are read anew.');
		assert.doesNotMatch(screen.lines().join(' '), /The setting "/);
	});

	test('a theme in the settings that is none is said, at the start and later, until it is one', async () => {
		let listener: SettingsListener | undefined;
		const screen = await openLunch({
			columns: 140,
			settings: {theme: 'nope'},
			watchSettings(given) {
				listener = given;
				return () => undefined;
			},
		});
		await screen.waitFor('There is no theme "nope": there are auto, dark, light');
		listener?.({theme: 'nord'}, []);
		await screen.waitFor('The settings are read anew.');
		assert.doesNotMatch(screen.lines().join(' '), /no theme/);
		listener?.({theme: 'pink'}, []);
		await screen.waitFor('There is no theme "pink"');
		screen.press('/theme light\r');
		await screen.waitFor(lines => !lines.join(' ').includes('no theme'));
	});

	test('what the top of a room and the help say of scrolling goes by the keys too', async () => {
		addRooms(sample.account, 2);
		addLunch(sample.account, {previousToken: 't'});
		const bindings = {'page-up': 'f6', 'list-page-up': 'f6'};
		const {screen} = await sample.open({settings: {bindings}, answers: {loadOlder: async () => ({hasMore: true})}});
		screen.press('\r');
		await screen.waitFor('F6 loads older messages');
		screen.press('\u001BOP');
		await screen.waitFor('closes · ↑ ↓ F6 PgDn scroll');
	});
});
