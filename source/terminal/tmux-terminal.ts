/** Asks tmux which terminal it runs in, and whether it hands on what is wrapped for that terminal. */
import {execFile} from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds that tmux gets for the answer. */
const patience = 2000;

/** `allow-passthrough` (tmux 3.3), and what the terminal around it answers to XTVERSION. */
const question = '#{allow-passthrough}|#{client_termtype}';

/**
 * @param environment that of mx: its `TMUX` says which tmux
 * @returns name and version of the terminal around tmux; `undefined` where nothing gets through to it, or there is no tmux
 */
export const askTmux = async (environment: Environment): Promise<string | undefined> => {
	if ((environment['TMUX'] ?? '') === '') return undefined;
	const pane = environment['TMUX_PANE'] ?? '';
	const target = /^%\d+$/.test(pane) ? ['-t', pane] : [];
	const answer = await new Promise<string>(resolve => {
		const options = {env: environment, timeout: patience, maxBuffer: 4096};
		execFile('tmux', ['display-message', '-p', ...target, question], options, (error, stdout) =>
			resolve(error === null ? stdout : ''),
		);
	});
	return /^(?:1|on|all)\|([ -~]{1,80})$/m.exec(answer)?.[1];
};
