/**
 * A process of its own that asks keytar once: the native code can crash and can wait for ever for a dialog on another
 * screen (node-keytar issue 477). One JSON request on stdin, one JSON answer on stdout; a secret is never an argument.
 */
import process from 'node:process';

/** What keytar is asked for. It never lists entries: findCredentials crashes on a locked keyring. */
export type KeyringRequest =
	| {readonly action: 'get'; readonly service: string; readonly account: string}
	| {readonly action: 'set'; readonly service: string; readonly account: string; readonly secret: string}
	| {readonly action: 'delete'; readonly service: string; readonly account: string};

/** Its answer; `secret` is null when there is no such entry, and also while the keyring is locked. */
export type KeyringAnswer =
	| {readonly ok: true; readonly secret: string | null}
	| {readonly ok: false; readonly error: string};

const readInput = async (): Promise<string> => {
	const chunks: Buffer[] = [];
	for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString('utf8');
};

const ask = async (request: KeyringRequest): Promise<string | null> => {
	// It throws where libsecret is not installed.
	const {default: keytar} = await import('keytar');
	const {service, account} = request;
	switch (request.action) {
		case 'get':
			return keytar.getPassword(service, account);
		case 'set':
			await keytar.setPassword(service, account, request.secret);
			break;
		case 'delete':
			await keytar.deletePassword(service, account);
	}
	return null;
};

const answer = async (): Promise<KeyringAnswer> => {
	try {
		return {ok: true, secret: await ask(JSON.parse(await readInput()) as KeyringRequest)};
	} catch (error) {
		return {ok: false, error: error instanceof Error ? error.message : String(error)};
	}
};

process.stdout.write(JSON.stringify(await answer()));
