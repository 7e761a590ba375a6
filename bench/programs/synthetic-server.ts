/** The synthetic homeserver as a process of its own, so that its work is not counted. Told by messages of the parent; ends with it. */
import process from 'node:process';
import type {News, SyntheticAccount} from '../synthetic-account.ts';
import {startSyntheticServer, type SeenRequest} from '../synthetic-server.ts';

/** What the parent says. */
export type ToServer =
	| {readonly kind: 'tell'; readonly news: News}
	| {readonly kind: 'forget' | 'reset' | 'stop' | 'requests'};

/** What it says to its parent. */
export type FromServer =
	| {readonly kind: 'ready'; readonly url: string}
	| {readonly kind: 'seen'; readonly request: SeenRequest}
	| {readonly kind: 'requests'; readonly requests: Readonly<Record<string, number>>};

const tellParent = (message: FromServer): void => void process.send?.(message);

const server = await startSyntheticServer(JSON.parse(process.argv[2] ?? '') as SyntheticAccount);
server.onRequest(request => tellParent({kind: 'seen', request}));
process.on('message', (message: ToServer) => {
	switch (message.kind) {
		case 'tell':
			server.tell(message.news);
			break;
		case 'forget':
			server.forget();
			break;
		case 'reset':
			server.reset();
			break;
		case 'requests':
			tellParent({kind: 'requests', requests: server.requests()});
			break;
		case 'stop':
			void server.stop().then(() => process.exit(0));
	}
});
process.once('disconnect', () => void server.stop().then(() => process.exit(0)));
tellParent({kind: 'ready', url: server.url});
