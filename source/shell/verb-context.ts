/** What a verb is given: session, archive, output, and the actions that are more than a session. */
import {helpLines} from '../commands/help-text.ts';
import type {ShellContext} from '../commands/define-command.ts';
import {shellTable} from '../commands/shell-table.ts';
import type {AccountStatus} from '../domain/session.ts';
import type {OpenArchive} from './archive-session.ts';
import {createLazySession, openSession} from './open-session.ts';
import type {ShellParts} from './ports.ts';

/** The context of one verb. */
export type VerbContext = {
	readonly context: ShellContext;
	/** Lets go whatever the verb opened. */
	readonly close: () => Promise<void>;
};

/** What is printed with. */
export type VerbOutput = {
	readonly print: ShellContext['print'];
	/** Lines of mx itself, such as help. */
	readonly write: (lines: readonly string[]) => void;
};

/** @returns the context; nothing is opened before it is asked for. */
export const createVerbContext = (parts: ShellParts, {print, write}: VerbOutput): VerbContext => {
	const lazy = createLazySession(async () => openSession(parts));
	let archive: Promise<OpenArchive> | undefined;
	const openArchiveOnce = async (): Promise<OpenArchive> => {
		const {openArchive} = await import('./archive-session.ts');
		return openArchive(parts);
	};
	return {
		context: {
			session: async () => lazy.session,
			archive: async () => (await (archive ??= openArchiveOnce())).archive,
			print,
			say: parts.talk.say,
			readStdin: parts.stdin.all,
			now: parts.now,
			signal: parts.signal,
			keepsMetadata: async () =>
				(await import('../store/settings.ts')).openSettings(parts.access.files.config, parts.now).get('keepMetadata'),
			shell: {
				login: async request => (await import('./sign-in.ts')).signIn(request, parts),
				logout: async request => (await import('./sign-out.ts')).signOut(request, parts),
				whoami: async (): Promise<AccountStatus> => (await import('./account-status.ts')).readStatus(parts),
				doctor: async () => (await import('./doctor.ts')).examine(parts),
				verify: async request => (await import('./verify.ts')).verify(request, parts),
				live: async work => (await import('./live-session.ts')).withLive(parts, async ({session}) => work(session)),
				bridgeLogin: async request => (await import('./bridge-login.ts')).logInToBridge(request, parts),
				keys: async () => (await import('./keys.ts')).showKeys(parts),
				demo: async request => (await import('./demo.ts')).runDemo(request, parts),
				help: verb => write(helpLines(verb, shellTable)),
			},
		},
		async close() {
			// What could not be opened has nothing to close.
			const opened = await archive?.catch(() => undefined);
			opened?.close();
			await lazy.close();
		},
	};
};
