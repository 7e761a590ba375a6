/** Every verb of the command line. The order inside a group is that of the help. */
import type {ShellCommand} from './define-command.ts';
import {bridgeCommand} from './shell/bridge.ts';
import {demoCommand} from './shell/demo.ts';
import {doctorCommand} from './shell/doctor.ts';
import {helpCommand} from './shell/help.ts';
import {keysCommand} from './shell/keys.ts';
import {peopleCommand} from './shell/people.ts';
import {loginCommand} from './shell/login.ts';
import {logoutCommand} from './shell/logout.ts';
import {readCommand} from './shell/read.ts';
import {roomsCommand} from './shell/rooms.ts';
import {searchCommand} from './shell/search.ts';
import {sendCommand} from './shell/send.ts';
import {verifyCommand} from './shell/verify.ts';
import {whoamiCommand} from './shell/whoami.ts';

/** What `mx VERB` can be. */
export const shellTable: readonly ShellCommand[] = [
	sendCommand,
	readCommand,
	searchCommand,
	roomsCommand,
	peopleCommand,
	bridgeCommand,
	loginCommand,
	logoutCommand,
	whoamiCommand,
	doctorCommand,
	verifyCommand,
	keysCommand,
	demoCommand,
	helpCommand,
];
