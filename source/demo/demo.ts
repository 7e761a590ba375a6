/** The demo as a whole: the homeserver in memory and everybody who lives there. */
import {startHomeserver, type Homeserver} from './homeserver/homeserver.ts';
import {signIn} from './homeserver/sessions.ts';
import {createWorld} from './homeserver/world.ts';
import {startAmbience} from './people/ambience.ts';
import {startAnswers} from './people/answers.ts';
import {startEncryptedPeople} from './people/encrypted-people.ts';
import {requireRoomsForPeople} from './people/heavy.ts';
import {populate} from './people/populate.ts';
import {playScenario} from './people/scenario.ts';
import {createScheduler} from './people/scheduler.ts';
import type {Stage} from './people/stage.ts';
import type {Step} from './people/steps.ts';

export type DemoOptions = {
	/** The part of user ids after the colon; without it `localhost:PORT`, so that a client finds the server by it. */
	readonly serverName?: string | undefined;
	/** Loopback port. @default a free one */
	readonly port?: number | undefined;
	/** Milliseconds since the Unix epoch. @default Date.now */
	readonly now?: (() => number) | undefined;
	/** How many rooms your account has; without, what the people have. */
	readonly rooms?: number | undefined;
	/** What is played when you have connected; nothing else goes on meanwhile unless you write. */
	readonly script?: readonly Step[] | undefined;
	/** How many times faster than in life people live. @default 1 */
	readonly speed?: number | undefined;
};

/** The account to try mx with. */
export type DemoAccount = {readonly userId: string; readonly password: string};

export type Demo = Pick<Homeserver, 'url' | 'faults' | 'close' | 'listen'> & {
	/** Closes for good: the people go too. */
	readonly stop: () => Promise<void>;
	readonly serverName: string;
	readonly account: DemoAccount;
	/** The people and rooms. */
	readonly stage: Stage;
	/** Signs in as the account, as a login would. */
	readonly signIn: (deviceName: string) => {readonly deviceId: string; readonly accessToken: string};
};

/** Starts server and people. @throws Error when the port is taken; ExpectedError `usage` for fewer rooms than the people have */
export const startDemo = async (options: DemoOptions = {}): Promise<Demo> => {
	if (options.rooms !== undefined) requireRoomsForPeople(options.rooms);
	const world = createWorld(options.serverName ?? '', options.now);
	const server = await startHomeserver(world, options.port);
	if (options.serverName === undefined) world.serverName = `localhost:${new URL(server.url).port}`;
	const stage = populate(world, options.rooms);
	const {you, password} = stage;
	const ending = new AbortController();
	const encrypted = startEncryptedPeople(world, you, ending.signal);
	const scheduler = createScheduler(options.speed);
	startAnswers(stage, scheduler);
	if (options.script === undefined) startAmbience(stage, scheduler);
	else playScenario(stage, options.script, scheduler);
	return {
		...server,
		async stop() {
			ending.abort();
			scheduler.stop();
			await encrypted;
			await server.close();
		},
		serverName: world.serverName,
		account: {userId: you.id, password},
		stage,
		signIn(name) {
			const {device, token} = signIn(world, you, {name});
			return {deviceId: device.id, accessToken: token};
		},
	};
};
