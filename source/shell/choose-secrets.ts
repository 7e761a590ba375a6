/** Where the key of a new account is kept: what was asked for, else the best that works here. */
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {LoginRequest} from '../commands/define-command.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {MutableEnvironment} from '../store/secrets/given-key.ts';
import type {SecretsChoice} from '../store/secrets/master-key.ts';
import type {ShellParts} from './ports.ts';
import type {Prompts} from './prompt.ts';
import {splitCommand} from './split-command.ts';

/** What was decided, and the passphrase that the person chose. */
export type SecretsPlan = {
	readonly choiceFor: (userId: string) => SecretsChoice;
	readonly passphrase: string | undefined;
};

const tries = 3;

const usage = (message: string, next?: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

/** Whether the environment gives a key, as for services and containers. */
const isKeyGiven = ({MX_KEY, MX_KEY_FILE, CREDENTIALS_DIRECTORY}: MutableEnvironment): boolean =>
	Boolean(MX_KEY) ||
	Boolean(MX_KEY_FILE) ||
	Boolean(CREDENTIALS_DIRECTORY && existsSync(join(CREDENTIALS_DIRECTORY, 'mx-key')));

const plain = (choice: Exclude<SecretsChoice, {readonly backend: 'keyring'}>, passphrase?: string): SecretsPlan => ({
	choiceFor: () => choice,
	passphrase,
});

/** @returns the same text typed twice, or an empty one. */
const askNewPassphrase = async (prompts: Prompts, question: string): Promise<string> => {
	for (let attempt = 1; attempt <= tries; attempt += 1) {
		const passphrase = await prompts.secret(question);
		if (passphrase === '' || passphrase === (await prompts.secret('The same again: '))) return passphrase;
		question = 'They differ. Once more: ';
	}
	throw usage('The passphrase was never typed the same way twice.', 'Run mx login again.');
};

const planPassphrase = async ({prompts}: ShellParts): Promise<SecretsPlan> => {
	if (prompts === undefined) {
		throw usage('A passphrase can only be chosen at a terminal.', 'Use --secrets file or --secrets command.');
	}
	const passphrase = await askNewPassphrase(prompts, 'New passphrase for the key of this account: ');
	if (passphrase === '') throw usage('The passphrase is empty.', 'Use --secrets file if you want none.');
	return plain({backend: 'passphrase'}, passphrase);
};

const planCommand = (text: string | undefined): SecretsPlan => {
	const command = splitCommand(text ?? '');
	if (command.length === 0) {
		throw usage('--secrets command needs --secrets-command.', 'Give it the program that prints the passphrase.');
	}
	return plain({backend: 'command', command});
};

const keyring: SecretsPlan = {choiceFor: userId => ({backend: 'keyring', label: userId}), passphrase: undefined};

const probe = async ({environment}: ShellParts): Promise<string | undefined> => {
	const {probeKeyring} = await import('../store/secrets/keyring.ts');
	const result = await probeKeyring({environment});
	return result.isAvailable ? undefined : result.reason;
};

const planDefault = async (parts: ShellParts): Promise<SecretsPlan> => {
	const {environment, prompts, talk} = parts;
	if (isKeyGiven(environment)) return plain({backend: 'external'});
	const reason = await probe(parts);
	if (reason === undefined) return keyring;
	const sentence = `The keyring is not available: ${reason}.`;
	if (prompts === undefined) {
		talk.say(`${sentence} The key of this account is kept in a file that only your user can read.`);
		return plain({backend: 'file'});
	}
	talk.say(`${sentence} A passphrase can protect the key of this account instead.`);
	const question = 'New passphrase (empty: keep the key in a file that only your user can read): ';
	const passphrase = await askNewPassphrase(prompts, question);
	return passphrase === '' ? plain({backend: 'file'}) : plain({backend: 'passphrase'}, passphrase);
};

/**
 * Decides before anything is made, so that a backend that does not work leaves no device behind.
 * @throws ExpectedError `usage` for what cannot be meant, `notReady` when the keyring was asked for and does not work
 */
export const planSecrets = async (
	request: Pick<LoginRequest, 'secrets' | 'secretsCommand'>,
	parts: ShellParts,
): Promise<SecretsPlan> => {
	const {secrets = request.secretsCommand === undefined ? undefined : 'command'} = request;
	if (secrets === undefined) return planDefault(parts);
	if (request.secretsCommand !== undefined && secrets !== 'command') {
		throw usage('--secrets-command goes with --secrets command.');
	}
	if (isKeyGiven(parts.environment)) {
		throw usage('The environment gives the key already.', 'Leave out --secrets, or unset MX_KEY and MX_KEY_FILE.');
	}
	switch (secrets) {
		case 'file':
			return plain({backend: 'file'});
		case 'passphrase':
			return planPassphrase(parts);
		case 'command':
			return planCommand(request.secretsCommand);
		case 'keyring':
			break;
		default:
			throw usage('--secrets is keyring, passphrase, file or command.', 'See mx help login.');
	}
	const reason = await probe(parts);
	if (reason === undefined) return keyring;
	throw new ExpectedError({
		message: `The keyring is not available: ${reason}.`,
		next: 'Unlock it and try again, or use --secrets passphrase.',
		reason: 'notReady',
	});
};
