/** The demo in the process of a test, in the shape that peers and engines take a homeserver in: with its people, or empty. */
import {asObject} from '../../source/domain/json.ts';
import {startDemo, type Demo} from '../../source/demo/demo.ts';
import {startHomeserver} from '../../source/demo/homeserver/homeserver.ts';
import {createWorld} from '../../source/demo/homeserver/world.ts';
import {matrixRequest} from '../helpers/matrix-request.ts';
import {homeserverAt, type Account, type Homeserver, type Owner} from '../helpers/synapse.ts';

/** Starts the homeserver alone on a free port; it ends when its owner does. */
export const startDemoServer = async (owner: Owner): Promise<Homeserver> => {
	const world = createWorld('');
	const server = await startHomeserver(world);
	owner.after(() => server.close());
	world.serverName = `localhost:${new URL(server.url).port}`;
	return homeserverAt(server.url, world.serverName);
};

export type PopulatedServer = {
	readonly demo: Demo;
	readonly server: Homeserver;
	/** Signs in as the account to try. */
	readonly signIn: () => Account;
};

/** Starts the whole demo; it is stopped when its owner ends. */
export const startPopulatedServer = async (owner: Owner): Promise<PopulatedServer> => {
	const demo = await startDemo();
	owner.after(() => demo.stop());
	return {
		demo,
		server: homeserverAt(demo.url, demo.serverName),
		signIn: () => ({...demo.account, ...demo.signIn('test')}),
	};
};

/** @returns the id of a conversation of two, as the account's clients know it. */
export const directRoomWith = async ({demo}: PopulatedServer, {accessToken, userId}: Account, other: string) => {
	const path = `/_matrix/client/v3/user/${encodeURIComponent(userId)}/account_data/m.direct`;
	const direct = await matrixRequest({url: demo.url, accessToken}, 'GET', path);
	const [roomId] = asObject(direct)[other] as readonly string[];
	return roomId ?? '';
};
