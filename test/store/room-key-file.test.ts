/** Files of room keys: what mx writes others read, and the other way round; what is none says so. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {initAsync, OlmMachine} from '@matrix-org/matrix-sdk-crypto-wasm';
import {ExpectedError} from '../../source/domain/errors.ts';
import {decryptKeyFile, encryptKeyFile} from '../../source/store/room-key-file.ts';

const passphrase = 'mot de passe 🔑 très long';
/** The crypto of other clients takes only keys that are some; with such it is tried in test/engine/key-files.test.ts. */
const json = '[]';
const long = JSON.stringify(['é🔑'.repeat(5000)]);

const isRefused = (error: unknown): boolean => error instanceof ExpectedError && error.report.reason === 'encryption';

suite('files of room keys', () => {
	test('the crypto of other clients reads what mx writes', async () => {
		await initAsync();
		const text = await encryptKeyFile(json, passphrase);
		assert.match(text, /^-----BEGIN MEGOLM SESSION DATA-----\n[\s\S]+\n-----END MEGOLM SESSION DATA-----\n$/);
		assert.equal(await decryptKeyFile(await encryptKeyFile(long, passphrase), passphrase), long);
		assert.ok(text.split('\n').every(line => line.length <= 96));
		assert.equal(OlmMachine.decryptExportedRoomKeys(text, passphrase), json);
	});

	test('mx reads what the crypto of other clients writes, also with line breaks of another system', async () => {
		await initAsync();
		const text = OlmMachine.encryptExportedRoomKeys(json, passphrase, 1000);
		assert.equal(await decryptKeyFile(text, passphrase), json);
		assert.equal(await decryptKeyFile(`\uFEFF\r\n${text.replaceAll('\n', '\r\n')}\r\n`, passphrase), json);
	});

	test('a wrong passphrase, a changed byte and other files are refused', async () => {
		await initAsync();
		const text = OlmMachine.encryptExportedRoomKeys(json, passphrase, 1000);
		await assert.rejects(decryptKeyFile(text, 'guess'), isRefused);
		const lines = text.trimEnd().split('\n');
		const rewrite = (change: (bytes: Buffer) => void): string => {
			const bytes = Buffer.from(lines.slice(1, -1).join(''), 'base64');
			change(bytes);
			return [lines[0], bytes.toString('base64'), lines.at(-1)].join('\n');
		};
		await assert.rejects(
			decryptKeyFile(
				rewrite(bytes => bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40)),
				passphrase,
			),
			isRefused,
		);
		// So many rounds that a core would be busy for an hour.
		await assert.rejects(
			decryptKeyFile(
				rewrite(bytes => bytes.writeUInt32BE(0xffff_ffff, 33)),
				passphrase,
			),
			isRefused,
		);
		await assert.rejects(
			decryptKeyFile(
				rewrite(bytes => bytes.writeUInt8(2, 0)),
				passphrase,
			),
			isRefused,
		);
		for (const other of ['', 'hello', lines.slice(0, 2).join('\n'), [lines[0], 'AQ==', lines.at(-1)].join('\n')])
			await assert.rejects(decryptKeyFile(other, passphrase), isRefused);
	});
});
