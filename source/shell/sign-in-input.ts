/** What signing in needs to know: server, user, password, and secrets from stdin. */
import {hostname} from 'node:os';
import type {LoginRequest} from '../commands/define-command.ts';
import {ExpectedError} from '../domain/errors.ts';
import {parseSignInTarget} from '../domain/identifiers.ts';
import type {ShellParts} from './ports.ts';

/** Whom to sign in where. */
export type SignInIdentity = {
	/** As parseSignInTarget gives it. */
	readonly server: string;
	/** Localpart or full user id; `undefined`: ask, once the server is known to be one. */
	readonly user: string | undefined;
};

/** What stdin gave. */
export type StdinSecrets = {readonly password: string | undefined; readonly recoveryKey: string | undefined};

const usage = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

/** Reads the lines of stdin in their order: password, recovery key. @throws ExpectedError `usage` when one is missing */
export const readStdinSecrets = async (request: LoginRequest, {stdin}: ShellParts): Promise<StdinSecrets> => {
	const lineOf = async (what: string): Promise<string> => {
		const line = await stdin.line();
		if (line !== undefined && line !== '') return line;
		throw usage(`There is no ${what} on stdin.`, 'Write one line each: the password, then the recovery key.');
	};
	const password = request.isPasswordOnStdin ? await lineOf('password') : undefined;
	const recoveryKey = request.isRecoveryKeyOnStdin ? await lineOf('recovery key') : undefined;
	return {password, recoveryKey};
};

/** @throws ExpectedError `usage` when it is missing and nobody can be asked */
export const readIdentity = async (request: LoginRequest, {prompts}: ShellParts): Promise<SignInIdentity> => {
	const {server: typed, user} = request;
	// `mx login @anna:example.org` and `mx login example.org @anna:example.org` are the same person.
	const text =
		typed ?? (user?.startsWith('@') ? user : undefined) ?? (await prompts?.line('Homeserver (example.org): '));
	if (text === undefined) throw usage('The homeserver is missing.', 'Type mx login example.org anna.');
	const target = parseSignInTarget(text);
	if (target.localpart === undefined) return {server: target.server, user};
	if (user !== undefined && user !== text && user !== target.localpart) {
		throw usage('There are two different users in the arguments.', 'Type mx login @anna:example.org.');
	}
	return {server: target.server, user: `@${target.localpart}:${target.server}`};
};

/** @throws ExpectedError `usage` when it is missing and nobody can be asked */
export const readUser = async (user: string | undefined, {prompts}: ShellParts): Promise<string> => {
	const name = user ?? (await prompts?.line('User name: '));
	if (name === undefined || name === '') throw usage('The user name is missing.', 'Type mx login example.org anna.');
	return name;
};

/** @throws ExpectedError `usage` when it is missing and nobody can be asked */
export const readPassword = async (given: string | undefined, {prompts}: ShellParts): Promise<string> => {
	const password = given ?? (await prompts?.secret('Password: '));
	if (password === undefined) {
		throw usage('There is no terminal to ask for the password.', 'Send it through a pipe with --password-stdin.');
	}
	if (password === '') throw usage('The password is empty.', 'Run mx login again.');
	return password;
};

/** @returns the name under which other devices list this one. */
export const deviceNameOf = ({deviceName}: Pick<LoginRequest, 'deviceName'>): string =>
	deviceName ?? `mx on ${hostname()}`;
