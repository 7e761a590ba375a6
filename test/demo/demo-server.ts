/** The homeserver of the demo, without people, in the process of a test. */
import {startHomeserver} from '../../source/demo/homeserver/homeserver.ts';
import {createWorld} from '../../source/demo/homeserver/world.ts';
import {homeserverAt, type Homeserver, type Owner} from '../helpers/synapse.ts';

/** Starts it on a free port; it ends when its owner does. */
export const startDemoServer = async (owner: Owner): Promise<Homeserver> => {
	const world = createWorld('');
	const server = await startHomeserver(world);
	owner.after(() => server.close());
	world.serverName = `localhost:${new URL(server.url).port}`;
	return homeserverAt(server.url, world.serverName);
};
