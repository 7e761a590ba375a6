/** Somebody on IRC: a client of a few lines (RFC 2812), for the other side of a bridge. */
import {once} from 'node:events';
import {connect} from 'node:net';
import type {IrcServer} from '../helpers/irc-server.ts';
import type {Owner} from '../helpers/synapse.ts';

/** Milliseconds. */
const patience = 45_000;

export type IrcMessage = {
	/** Nick of who sent it; empty where the server did. */
	readonly from: string;
	readonly command: string;
	readonly parameters: readonly string[];
};

const parseLine = (line: string): IrcMessage => {
	const {prefix = '', rest = ''} = /^(?::(?<prefix>\S+) )?(?<rest>.*)$/.exec(line)?.groups ?? {};
	const [head = '', ...tail] = rest.split(' :');
	const [command = '', ...words] = head.split(' ').filter(word => word !== '');
	return {
		from: prefix.includes('!') ? (prefix.split('!')[0] ?? '') : '',
		command,
		parameters: tail.length === 0 ? words : [...words, tail.join(' :')],
	};
};

export type IrcClient = Awaited<ReturnType<typeof connectToIrc>>;

/** Signs on; it goes when its owner ends. */
export const connectToIrc = async (owner: Owner, server: IrcServer, nick: string) => {
	const socket = connect(server.port, server.host);
	await once(socket, 'connect');
	const messages: IrcMessage[] = [];
	const listeners = new Set<() => void>();
	const subscribe = (listener: () => void): (() => void) => {
		listeners.add(listener);
		return () => void listeners.delete(listener);
	};
	const send = (line: string): void => void socket.write(`${line}\r\n`);
	let rest = '';
	socket.setEncoding('utf8').on('data', (chunk: string) => {
		const lines = (rest + chunk).split('\r\n');
		rest = lines.pop() ?? '';
		for (const message of lines.map(parseLine)) {
			if (message.command === 'PING') send(`PONG :${message.parameters[0] ?? ''}`);
			else messages.push(message);
		}
		for (const listener of listeners) listener();
	});
	socket.on('error', () => {
		// The server was stopped first.
	});
	owner.after(async () => {
		if (socket.destroyed) return;
		socket.end();
		socket.destroy();
	});

	/** Waits for a message that the server has sent or will send. */
	const waitFor = async (what: string, is: (message: IrcMessage) => boolean): Promise<IrcMessage> => {
		const found = Promise.withResolvers<IrcMessage>();
		const look = (): void => {
			const message = messages.find(is);
			if (message !== undefined) found.resolve(message);
		};
		const unsubscribe = subscribe(look);
		const timer = setTimeout(() => found.reject(new Error(`${nick} waited in vain for ${what}.`)), patience);
		try {
			look();
			return await found.promise;
		} finally {
			clearTimeout(timer);
			unsubscribe();
		}
	};

	send(`NICK ${nick}`);
	send(`USER ${nick} 0 * :${nick}`);
	await waitFor('the welcome', ({command}) => command === '001');
	return {
		nick,
		send,
		subscribe,
		/** What came so far, oldest first. */
		messages: (): readonly IrcMessage[] => messages,
		waitFor,
		async join(channel: string): Promise<void> {
			send(`JOIN ${channel}`);
			await waitFor(channel, ({command, from}) => command === 'JOIN' && from === nick);
		},
		/** @param target a channel or a nick */
		say: (target: string, text: string): void => send(`PRIVMSG ${target} :${text}`),
		waitForText: async (from: string, text: string): Promise<IrcMessage> =>
			waitFor(
				`"${text}" of ${from}`,
				message => message.command === 'PRIVMSG' && message.from === from && message.parameters[1] === text,
			),
	};
};
