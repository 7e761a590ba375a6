/** AES-CTR over files as they pass, with the hash of what is encrypted (client-server API §Sending encrypted attachments). */
import {createCipheriv, createDecipheriv, createHash, randomBytes, type Hash} from 'node:crypto';
import type {FileKeys} from '../domain/media.ts';

const algorithm = 'aes-256-ctr';

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** Encrypts one file with keys of its own. */
export const createFileEncryption = () => {
	const key = randomBytes(32);
	// The lower half counts blocks from 0, as other clients want it.
	const iv = Buffer.concat([randomBytes(8), Buffer.alloc(8)]);
	const cipher = createCipheriv(algorithm, key, iv);
	const hash = createHash('sha256');
	return {
		/** @returns as many bytes as it was given. */
		push(chunk: Uint8Array): Uint8Array {
			const encrypted = cipher.update(chunk);
			hash.update(encrypted);
			return encrypted;
		},
		/** Once, when all is pushed. */
		end: (): FileKeys => ({key: key.toString('base64url'), iv: unpadded(iv), sha256: unpadded(hash.digest())}),
	};
};

/** The bytes are not those that the sender encrypted. */
export class FileDamaged extends Error {
	constructor() {
		super('The file is not the one that was sent');
		this.name = 'FileDamaged';
	}
}

const isHash = (hash: Hash, {sha256}: FileKeys): boolean => hash.digest().equals(Buffer.from(sha256, 'base64'));

/**
 * @yields the clear bytes. They may be used only when it has ended: the hash is known last
 * @throws FileDamaged at the end
 */
export async function* decryptFile(source: AsyncIterable<Uint8Array>, keys: FileKeys): AsyncGenerator<Uint8Array> {
	const cipher = createDecipheriv(algorithm, Buffer.from(keys.key, 'base64'), Buffer.from(keys.iv, 'base64'));
	const hash = createHash('sha256');
	for await (const chunk of source) {
		hash.update(chunk);
		yield cipher.update(chunk);
	}
	if (!isHash(hash, keys)) throw new FileDamaged();
}
