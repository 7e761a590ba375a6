/** Files of room keys (client-server API §Key exports): JSON, encrypted with a passphrase, in armour of base64. */
import {createCipheriv, createDecipheriv, createHmac, pbkdf2, randomBytes, timingSafeEqual} from 'node:crypto';
import {promisify} from 'node:util';
import {ExpectedError} from '../domain/errors.ts';

const header = '-----BEGIN MEGOLM SESSION DATA-----';
const footer = '-----END MEGOLM SESSION DATA-----';

/** Of the format: a byte of version, salt, initial counter, rounds. Bytes. */
const saltAt = 1;
const counterAt = 17;
const roundsAt = 33;
const dataAt = 37;
const macLength = 32;
/** What other clients use; half a second. */
const usualRounds = 500_000;
/** A file that asks for more would keep a core busy for minutes. */
const mostRounds = 20_000_000;
const lineLength = 96;

const derive = promisify(pbkdf2);

const refused = (message: string, next: string): ExpectedError =>
	new ExpectedError({message, next, reason: 'encryption'});

const noKeyFile = (): ExpectedError =>
	refused('This is no file of room keys.', 'Such a file is made by /keys export, or by the settings of Element.');

const keysOf = async (passphrase: string, salt: Uint8Array, rounds: number) => {
	const keys = await derive(passphrase, salt, rounds, 64, 'sha512');
	return {cipherKey: keys.subarray(0, 32), macKey: keys.subarray(32)};
};

const macOf = (macKey: Uint8Array, data: Uint8Array): Buffer => createHmac('sha256', macKey).update(data).digest();

/** @param json the keys as the SDK exports them. @returns the text of the file */
export const encryptKeyFile = async (json: string, passphrase: string): Promise<string> => {
	const head = Buffer.alloc(dataAt);
	head[0] = 1;
	randomBytes(16).copy(head, saltAt);
	const counter = randomBytes(16);
	// Not every implementation counts beyond 63 bits.
	counter.writeUInt8(counter.readUInt8(8) & 0x7f, 8);
	counter.copy(head, counterAt);
	head.writeUInt32BE(usualRounds, roundsAt);
	const {cipherKey, macKey} = await keysOf(passphrase, head.subarray(saltAt, counterAt), usualRounds);
	const cipher = createCipheriv('aes-256-ctr', cipherKey, counter);
	const body = Buffer.concat([head, cipher.update(json, 'utf8'), cipher.final()]);
	const base64 = Buffer.concat([body, macOf(macKey, body)]).toString('base64');
	const lines: string[] = [];
	for (let at = 0; at < base64.length; at += lineLength) lines.push(base64.slice(at, at + lineLength));
	return `${[header, ...lines, footer].join('\n')}\n`;
};

/**
 * @returns the keys as JSON
 * @throws ExpectedError `encryption` for another passphrase than that of the file, and for what is no such file
 */
export const decryptKeyFile = async (text: string, passphrase: string): Promise<string> => {
	const start = text.indexOf(header);
	const end = text.indexOf(footer, start);
	if (start === -1 || end === -1) throw noKeyFile();
	const file = Buffer.from(text.slice(start + header.length, end), 'base64');
	if (file.length < dataAt + macLength) throw noKeyFile();
	const rounds = file.readUInt32BE(roundsAt);
	if (file[0] !== 1 || rounds === 0 || rounds > mostRounds)
		throw refused('This file of room keys is written in a way that mx does not know.', 'Export the keys anew.');
	const {cipherKey, macKey} = await keysOf(passphrase, file.subarray(saltAt, counterAt), rounds);
	const body = file.subarray(0, -macLength);
	if (!timingSafeEqual(macOf(macKey, body), file.subarray(-macLength)))
		throw refused('The passphrase is wrong, or the file is damaged.', 'Type the passphrase that it was exported with.');
	const decipher = createDecipheriv('aes-256-ctr', cipherKey, file.subarray(counterAt, roundsAt));
	return Buffer.concat([decipher.update(body.subarray(dataAt)), decipher.final()]).toString('utf8');
};
