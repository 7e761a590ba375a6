/** Hands an address to the system's opener: only after the person said so, and never one of another scheme than the web's. */
import {spawn} from 'node:child_process';
import {ExpectedError} from '../domain/errors.ts';

const isWebAddress = (href: string): boolean => {
	const url = URL.parse(href);
	return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
};

/**
 * Opens a web address in what the system opens such with; returns as soon as the opener runs.
 * @throws ExpectedError when there is no opener, or for what is no web address
 */
export const openLink = async (href: string): Promise<void> => {
	if (!isWebAddress(href)) throw new ExpectedError({message: 'Only web addresses are opened.', reason: 'refused'});
	const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
	await new Promise<void>((resolve, reject) => {
		// It outlives mx, and has no part in its terminal.
		const child = spawn(program, [href], {detached: true, stdio: 'ignore'});
		child.once('spawn', () => {
			child.unref();
			resolve();
		});
		child.once('error', cause => {
			const message = `${program} could not be run, so nothing was opened.`;
			reject(new ExpectedError({message, next: 'Copy the address instead: Y.', reason: 'error'}, {cause}));
		});
	});
};
