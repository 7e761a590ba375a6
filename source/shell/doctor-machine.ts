/** The checks of `mx doctor` that concern this machine: program, terminal, files, keys, databases. */
import {existsSync, lstatSync, statSync} from 'node:fs';
import process from 'node:process';
import {whyUnsafe} from '../domain/directories.ts';
import type {AccountRecord} from '../store/account-record.ts';
import {ok, problem, warning, type Finding} from './doctor-finding.ts';
import type {ShellParts} from './ports.ts';
import {checkDatabase} from './store-check.ts';

/** The program itself. */
export const checkNode = ({version}: ShellParts): Finding =>
	ok(`mx ${version} on Node.js ${process.versions.node}, ${process.platform} ${process.arch}`);

/** The terminal, as far as the environment tells. */
export const checkTerminal = ({environment}: ShellParts): Finding => {
	const {isTTY, columns, rows} = process.stdout;
	if (!isTTY) return ok('stdout is no terminal, so it was not checked');
	const {TERM: term = '', LC_ALL, LC_CTYPE, LANG} = environment;
	const locale = LC_ALL || LC_CTYPE || LANG || '';
	if (term === '' || term === 'dumb')
		return warning('TERM says that this terminal can do nothing.', 'Set TERM, for example to xterm-256color.');
	if (process.platform !== 'win32' && !/utf-?8/i.test(locale)) {
		return warning(
			`The locale "${locale}" is not UTF-8, so many characters will look wrong.`,
			'Set LANG, for example to C.UTF-8.',
		);
	}
	if (columns < 60 || rows < 16)
		return warning(`The window is small: ${columns}×${rows}.`, 'The screen needs 60×16, better 100×30.');
	return ok(`${term}, ${columns}×${rows}, ${locale}`);
};

const whyBad = (path: string): string | undefined => {
	const link = lstatSync(path);
	const target = link.isSymbolicLink() ? statSync(path) : link;
	const linkOwner = link.isSymbolicLink() ? link.uid : undefined;
	const state = {linkOwner, isDirectory: target.isDirectory(), owner: target.uid, mode: target.mode & 0o7777};
	return whyUnsafe(state, process.geteuid?.());
};

/** Directories: the user's own, and closed to others. */
export const checkDirectories = ({access}: ShellParts): Finding => {
	const {directories} = access;
	for (const path of new Set(Object.values(directories))) {
		const why = existsSync(path) ? whyBad(path) : undefined;
		if (why !== undefined)
			return problem(`${path} ${why}.`, `Run: chmod 700 ${path}, or set MX_HOME to a directory of your own.`);
	}
	return ok(`the account is kept in ${directories.data}`);
};

/** Whether the key of the account can be had. */
export const checkSecrets = async (record: AccountRecord, {access, prompts}: ShellParts): Promise<Finding> => {
	const {backend} = record.secrets;
	if (backend === 'passphrase' && prompts === undefined) {
		return warning(
			'The key is under a passphrase, and there is no terminal to ask for it.',
			'Run mx doctor in a terminal.',
		);
	}
	await access.masterKey(record);
	switch (backend) {
		case 'keyring':
			return ok('the key is in the keyring');
		case 'passphrase':
			return ok('the key is under your passphrase');
		case 'command':
			return ok(`the key is under the passphrase that ${record.secrets.command[0]} prints`);
		case 'external':
			return ok('the environment gives the key');
		case 'file':
	}
	return warning(
		`The key is in the file ${access.files.keyFile}: it protects copies of the databases, not a stolen disk.`,
		'To keep it elsewhere, sign out and sign in again with --secrets keyring or --secrets passphrase.',
	);
};

/** Whether the databases open with the key and are whole. */
export const checkStores = async (record: AccountRecord, {access, prompts}: ShellParts): Promise<Finding> => {
	if (record.secrets.backend === 'passphrase' && prompts === undefined) {
		return warning('The databases were not checked: the key is locked.', 'Run mx doctor in a terminal.');
	}
	const {deriveKeys} = await import('../store/secrets/derived-keys.ts');
	const keys = deriveKeys(await access.masterKey(record));
	const {cipher} = record;
	const {cryptoDatabase, accountDatabase} = access.files;
	const crypto = {file: cryptoDatabase, key: keys.cryptoDatabase, cipher, mode: 'exclusive'} as const;
	const account = {file: accountDatabase, key: keys.accountDatabase, cipher, mode: 'reader'} as const;
	let isInUse = false;
	for (const options of [crypto, account]) {
		const state = await checkDatabase(options);
		isInUse ||= state === 'busy';
		if (state === 'missing') return problem(`${options.file} is missing or empty.`, 'Run mx login.');
		if (state === 'damaged') {
			return problem(
				`${options.file} is damaged.`,
				options === crypto
					? 'Check the disk, then run mx login: it makes a new device, and the recovery key brings the messages back.'
					: 'Check the disk. mx sets the file aside when it meets the damage, and fetches everything anew.',
			);
		}
	}
	const which = isInUse
		? 'account.db opens and is whole, crypto.db is open in the running mx'
		: 'both databases open and are whole';
	return ok(`${which} (${cipher})`);
};
