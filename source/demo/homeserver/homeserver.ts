/** The homeserver as a whole: which endpoints there are (client-server API, and MSC4186). What is not here is answered 404 M_UNRECOGNIZED. */
import {accountDataRoutes, openProfileRoutes} from './account-data.ts';
import {directoryRoutes, openDirectoryRoutes} from './directory.ts';
import {createFaultSwitch, type FaultSwitch} from './faults.ts';
import {filterRoutes} from './filter.ts';
import {historyRoutes} from './history.ts';
import {serveWorld, type ListeningServer, type RouteTables} from './http.ts';
import {keyBackupRoutes} from './key-backup.ts';
import {keyRoutes} from './keys.ts';
import {mediaRoutes} from './media.ts';
import {pushRoutes} from './push.ts';
import {receiptRoutes} from './receipts.ts';
import {roomRoutes} from './room-routes.ts';
import {openSessionRoutes, sessionRoutes} from './sessions.ts';
import {slidingSyncRoutes} from './sliding-sync.ts';
import {syncRoutes} from './sync.ts';
import {upgradeRoutes} from './upgrade.ts';
import type {World} from './world.ts';

const tables: RouteTables = {
	open: {...openSessionRoutes, ...openProfileRoutes, ...openDirectoryRoutes},
	closed: {
		...sessionRoutes,
		...syncRoutes,
		...slidingSyncRoutes,
		...roomRoutes,
		...upgradeRoutes,
		...historyRoutes,
		...receiptRoutes,
		...accountDataRoutes,
		...filterRoutes,
		...pushRoutes,
		...keyRoutes,
		...keyBackupRoutes,
		...mediaRoutes,
		...directoryRoutes,
	},
};

/** One that answers requests. */
export type Homeserver = ListeningServer & {readonly faults: FaultSwitch};

/** Answers the requests of clients on 127.0.0.1. @param port 0 for a free one @throws Error when the port is taken */
export const startHomeserver = async (world: World, port = 0): Promise<Homeserver> => {
	const faults = createFaultSwitch();
	const server = await serveWorld(world, {tables, port, faults});
	world.url = server.url;
	return {...server, faults};
};
