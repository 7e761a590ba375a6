/** How large a message may be: what the server would refuse is refused before it is kept. */
import {ExpectedError} from './errors.ts';
import type {JsonObject} from './json.ts';

/** Bytes of the JSON of a content: an event is at most 65,536 bytes (client-server API §Size limits), and encryption adds a third. */
const maximumClear = 60_000;
export const maximumEncrypted = 45_000;

/** @throws ExpectedError `refused` when the content is too large for one event of a room */
export const requireSize = (content: JsonObject, {isEncrypted}: {readonly isEncrypted: boolean}): void => {
	const size = Buffer.byteLength(JSON.stringify(content));
	const maximum = isEncrypted ? maximumEncrypted : maximumClear;
	if (size <= maximum) return;
	const where = isEncrypted ? 'of an encrypted room ' : '';
	throw new ExpectedError({
		message: `The message is too long: it makes ${size} bytes, and one message ${where}holds ${maximum}.`,
		next: 'Send it in parts, or as a file.',
		reason: 'refused',
	});
};
