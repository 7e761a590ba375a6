/** The set of keys of vim on the screen: its modes, and where they lead. */
import {suite, test} from 'node:test';
import {ctrl, openLunchWith} from './bound-keys.ts';
import {addLunch, setUpSampleScreen, type SampleScreenOptions} from './sample-screen.ts';

const sample = setUpSampleScreen();
const openLunch = async (options: SampleScreenOptions) => openLunchWith(sample, options);

suite('keys of vim', () => {
	test('in the vim set Esc leaves what is written for normal mode, and Esc again selects a message', async () => {
		const screen = await openLunch({settings: {keys: 'vim'}, columns: 120});
		screen.press('one two three');
		await screen.waitFor('> one two three');
		screen.press('\u001B');
		await screen.waitFor('NORMAL');
		screen.press('2d');
		await screen.waitFor('NORMAL · 2d');
		screen.press('b');
		await screen.waitFor('> one e');
		screen.press('cwtwo');
		await screen.waitFor(lines => lines.some(line => line.includes('> one two')) && !lines.join('').includes('NORMAL'));
		screen.press('\u001B');
		await screen.waitFor('NORMAL');
		screen.press('Z');
		await screen.waitFor('Z is no key of normal mode here.');
		screen.press(':');
		await screen.waitFor('Commands');
		screen.press('\u001B');
		await screen.waitFor('NORMAL');
		screen.press('\u001B');
		await screen.waitFor('r reply');
	});

	test('in the vim set Esc in normal mode drops an answer and keeps the text', async () => {
		const screen = await openLunch({settings: {keys: 'vim'}, columns: 120});
		screen.press('/reply\r');
		await screen.waitFor('replying to Anna');
		screen.press('with olives');
		await screen.waitFor('> with olives');
		screen.press('\u001B');
		await screen.waitFor('Esc drops the line above');
		await screen.waitFor('replying to Anna');
		screen.press('\u001B');
		await screen.waitFor(lines => !lines.join().includes('replying to'));
		await screen.waitFor('NORMAL · i writes · Enter sends · Esc selects a message');
		await screen.waitFor('> with olives');
	});

	test('in the vim set v marks a part of what is written, and d cuts it', async () => {
		const screen = await openLunch({settings: {keys: 'vim'}, columns: 120});
		screen.press('one two three\u001B');
		await screen.waitFor('NORMAL');
		screen.press('0wve');
		await screen.waitFor('VISUAL · y copies');
		screen.press('d');
		await screen.waitFor('NORMAL');
		await screen.waitFor('> one  three');
		screen.press('V');
		await screen.waitFor('VISUAL LINE');
		screen.press('z');
		await screen.waitFor('z is no key of visual mode here.');
		screen.press('\u001B');
		await screen.waitFor('NORMAL');
	});

	test('in the vim set Esc pressed over and over stays on the messages, and i writes', async () => {
		const screen = await openLunch({settings: {keys: 'vim'}, columns: 120});
		screen.press('\u001B');
		await screen.waitFor('r reply');
		screen.press('V');
		await screen.waitFor('1 chosen');
		screen.press('\u001B');
		await screen.waitFor(lines => !lines.join('').includes('chosen'));
		screen.press('V');
		await screen.waitFor('1 chosen');
		screen.press('ihello');
		await screen.waitFor('> hello');
	});

	test('in the vim set ^W goes from the text to the messages, to the inbox and back, and cuts nothing', async () => {
		const screen = await openLunch({settings: {keys: 'vim'}, columns: 120});
		screen.press('one two\u001B');
		await screen.waitFor('NORMAL');
		screen.press(ctrl('w'));
		await screen.waitFor('NORMAL · ^W');
		screen.press('k');
		await screen.waitFor('r reply');
		screen.press(`${ctrl('w')}j`);
		await screen.waitFor('Enter sends to Sunday lunch');
		await screen.waitFor('> one two');
		screen.press('\u001B');
		await screen.waitFor('NORMAL');
		screen.press(`${ctrl('w')}h`);
		await screen.waitFor('Enter goes to Sunday lunch');
		screen.press(`${ctrl('w')}l`);
		await screen.waitFor('Enter sends to Sunday lunch');
	});

	test('in the vim set V chooses all messages up to where one goes, and Esc lets them go', async () => {
		const screen = await openLunch({settings: {keys: 'vim'}, columns: 120});
		screen.press('\u001B');
		await screen.waitFor('r reply');
		screen.press('Vkk');
		await screen.waitFor('3 chosen');
		screen.press('j');
		await screen.waitFor('2 chosen');
		screen.press('\u001B');
		await screen.waitFor('r reply');
	});

	test('in the vim set F1 in normal mode shows the keys of normal mode', async () => {
		const screen = await openLunch({settings: {keys: 'vim'}, columns: 120});
		screen.press('x\u001B');
		await screen.waitFor('NORMAL');
		screen.press('\u001BOP');
		await screen.waitFor('Normal mode of vim: motions');
		screen.press('\u001B');
		await screen.waitFor('NORMAL');
	});

	test('in the vim set a prefix that there is not takes its argument along, and "+y copies', async () => {
		const screen = await openLunch({settings: {keys: 'vim'}, columns: 120});
		screen.press('one two\u001B');
		await screen.waitFor('NORMAL');
		screen.press('0ma');
		await screen.waitFor('ma is no key of normal mode here.');
		screen.press('\u0001');
		await screen.waitFor('^A is no key of normal mode here.');
		screen.press('"');
		await screen.waitFor('NORMAL · "');
		screen.press('+yy');
		await screen.waitFor('It is copied to the clipboard.');
		screen.press('RXY\u001B');
		await screen.waitFor('> XYe two');
		await screen.waitFor('NORMAL');
		screen.press('u');
		await screen.waitFor('> one two');
	});

	test('in the vim set :q quits, :topic takes its words, and the inbox knows : too', async () => {
		const screen = await openLunch({settings: {keys: 'vim'}, columns: 120});
		screen.press('x\u001B');
		await screen.waitFor('NORMAL');
		screen.press(':q');
		await screen.waitFor(lines =>
			lines.some((line, index) => line.includes('> q') && lines[index + 1]?.includes('Quit mx') === true),
		);
		screen.press('\u001B');
		await screen.waitFor('NORMAL');
		screen.press(':nick Zora of the hill');
		await screen.waitFor('/nick Zora of the hill');
		screen.press('\u001B');
		await screen.waitFor('NORMAL');
		screen.press('\u001Bi');
		await screen.waitFor('other rooms');
		screen.press(':');
		await screen.waitFor('Commands');
	});

	test('in the vim set Enter in normal mode sends, and the next message is written', async () => {
		addLunch(sample.account);
		const {screen, fake} = await sample.open({settings: {keys: 'vim'}});
		screen.press('\r');
		await screen.waitFor('Enter sends to Sunday lunch');
		screen.press('salat\u001B');
		await screen.waitFor('NORMAL');
		screen.press('rd\r');
		await screen.waitFor(() => fake.of('send').length === 1);
		screen.press('i am in insert mode');
		await screen.waitFor('> i am in insert mode');
	});
});
