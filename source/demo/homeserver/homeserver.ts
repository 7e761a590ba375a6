/** The homeserver as a whole: which endpoints there are (client-server API, and MSC4186). What is not here is answered 404 M_UNRECOGNIZED. */
import {accountDataRoutes} from './account-data.ts';
import {directoryRoutes} from './directory.ts';
import {historyRoutes} from './history.ts';
import {serveWorld} from './http.ts';
import {keyBackupRoutes} from './key-backup.ts';
import {keyRoutes} from './keys.ts';
import {mediaRoutes} from './media.ts';
import {pushRoutes} from './push.ts';
import {receiptRoutes} from './receipts.ts';
import {roomRoutes} from './rooms.ts';
import {sessionRoutes} from './sessions.ts';
import {syncRoutes} from './sync.ts';
import type {World} from './world.ts';

const accounts = {...sessionRoutes, ...accountDataRoutes, ...pushRoutes, ...keyRoutes, ...keyBackupRoutes};
const rooms = {...roomRoutes, ...historyRoutes, ...receiptRoutes, ...directoryRoutes, ...syncRoutes, ...mediaRoutes};

/** One that answers requests. */
export type Homeserver = Awaited<ReturnType<typeof startHomeserver>>;

/** Answers the requests of clients on 127.0.0.1. @param port 0 for a free one @throws Error when the port is taken */
export const startHomeserver = (world: World, port = 0) => serveWorld(world, {...accounts, ...rooms}, port);
