/** Hands an address or a file to the system's opener: only after the person said so, and no address of another scheme than the web's. */
import {spawn} from 'node:child_process';
import {ExpectedError} from '../domain/errors.ts';

const isWebAddress = (href: string): boolean => {
	const url = URL.parse(href);
	return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
};

/** Returns as soon as the opener runs. @throws ExpectedError when there is none */
const runOpener = async (target: string, next: string): Promise<void> => {
	const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
	await new Promise<void>((resolve, reject) => {
		// It outlives mx, and has no part in its terminal.
		const child = spawn(program, [target], {detached: true, stdio: 'ignore'});
		child.once('spawn', () => {
			child.unref();
			resolve();
		});
		child.once('error', cause => {
			const message = `${program} could not be run, so nothing was opened.`;
			reject(new ExpectedError({message, next, reason: 'error'}, {cause}));
		});
	});
};

/**
 * Opens a web address in what the system opens such with.
 * @throws ExpectedError when there is no opener, or for what is no web address
 */
export const openLink = async (href: string): Promise<void> => {
	if (!isWebAddress(href)) throw new ExpectedError({message: 'Only web addresses are opened.', reason: 'refused'});
	await runOpener(href, 'Copy the address instead: Y.');
};

/** Opens a file in what the system opens such with. @param path absolute @throws ExpectedError when there is no opener */
export const openFile = async (path: string): Promise<void> => runOpener(path, 'Save the file instead: s.');
