/** `mx demo`: a homeserver in memory, and on it either the screen or whatever other programs want to try. */
import type {DemoRequest} from '../commands/define-command.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {Demo} from '../demo/demo.ts';
import type {ShellParts} from './ports.ts';

const startOrExplain = async ({port}: DemoRequest): Promise<Demo> => {
	const {startDemo} = await import('../demo/demo.ts');
	try {
		return await startDemo({port});
	} catch (error) {
		throw new ExpectedError(
			{
				message: `The server cannot listen on port ${port}: ${(error as Error).message}.`,
				next: 'Give another --port.',
				reason: 'error',
			},
			{cause: error},
		);
	}
};

const serve = async (request: DemoRequest, {talk, signal}: ShellParts): Promise<void> => {
	const {url, serverName, account, close} = await startOrExplain(request);
	talk.say(`A homeserver runs at ${url}; its name is ${serverName}. All it knows is in memory.`);
	talk.say(`Sign in as ${account.userId} with the password ${account.password}, or as anybody you register.`);
	talk.say('Ctrl-C stops it.');
	await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
	await close();
};

/** Runs until it is left. @throws ExpectedError when the port is taken */
export const runDemo = async (request: DemoRequest, parts: ShellParts): Promise<void> => {
	if (request.isServerOnly) return serve(request, parts);
	throw new ExpectedError({message: 'The demo has no screen yet.', next: 'Try mx demo --serve.', reason: 'usage'});
};
