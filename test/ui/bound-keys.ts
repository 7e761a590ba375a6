/** Sunday lunch is open, with the keys that the settings give. */
import {addLunch, addRooms, type setUpSampleScreen, type SampleScreenOptions} from './sample-screen.ts';

/** What the terminal sends for Ctrl and a letter. */
export const ctrl = (letter: string): string => String.fromCodePoint(letter.charCodeAt(0) - 0x60);

export const openLunchWith = async (sample: ReturnType<typeof setUpSampleScreen>, options: SampleScreenOptions) => {
	addRooms(sample.account, 2);
	addLunch(sample.account);
	const {screen} = await sample.open(options);
	screen.press('\r');
	await screen.waitFor('Enter sends to Sunday lunch');
	return screen;
};
