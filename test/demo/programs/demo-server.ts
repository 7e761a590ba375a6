/** The homeserver of the demo, without people, in a process of its own. It closes and listens as its parent says, and ends with it. */
import type {DemoOrder, DemoReport} from '../../../scripts/lib/demo-process.ts';
import {startHomeserver} from '../../../source/demo/homeserver/homeserver.ts';
import {createWorld} from '../../../source/demo/homeserver/world.ts';

// Also when the parent is killed: then its end of the channel is closed.
process.once('disconnect', () => process.exit());
// A Ctrl-C in the terminal is the parent's to answer.
process.on('SIGINT', () => undefined);

const report = (message: DemoReport): void => void process.send?.(message);

const world = createWorld('');
const server = await startHomeserver(world, Number(process.argv[2]));
const port = Number(new URL(server.url).port);
world.serverName = `localhost:${port}`;

let isListening = true;

const orders: Readonly<Record<DemoOrder, () => Promise<void>>> = {
	async close() {
		if (isListening) await server.close();
		isListening = false;
	},
	async reset() {
		if (isListening) await server.close({isReset: true});
		isListening = false;
	},
	async listen() {
		if (!isListening) await server.listen();
		isListening = true;
	},
};

process.on('message', (order: DemoOrder) => {
	orders[order]().then(
		() => report({port}),
		(error: unknown) => report({error: String(error)}),
	);
});
report({port});
