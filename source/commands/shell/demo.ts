/** `mx demo`: tries mx on a homeserver in memory, with people on many networks. */
import {ExpectedError} from '../../domain/errors.ts';
import {defineShellCommand} from '../define-command.ts';

/** @returns milliseconds since the Unix epoch. @throws ExpectedError `usage` */
const parseClock = (text: string | undefined): number | undefined => {
	if (text === undefined) return undefined;
	const time = Date.parse(text);
	if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) && Number.isFinite(time)) return time;
	throw new ExpectedError({
		message: `"${text}" is no time.`,
		next: 'Give --clock a time such as 2026-11-26T12:45.',
		reason: 'usage',
	});
};

const highestPort = 65_535;

/** @throws ExpectedError `usage` */
const checkPort = (port: number | undefined): number | undefined => {
	if (port === undefined || port <= highestPort) return port;
	throw new ExpectedError({
		message: `${port} is no port.`,
		next: `Give --port a number from 1 to ${highestPort}.`,
		reason: 'usage',
	});
};

/** What `mx demo` runs. */
export const demoCommand = defineShellCommand({
	name: 'demo',
	summary: 'Try mx without an account: nothing leaves this machine, nothing stays',
	group: 'help',
	parameters: {},
	flags: {
		serve: {kind: 'switch', summary: 'Only serve: a homeserver on loopback for any client, until Ctrl-C'},
		rooms: {kind: 'count', placeholder: 'N', summary: 'A heavy account: so many rooms, on all networks'},
		script: {kind: 'text', placeholder: 'FILE', summary: 'Play the steps of a JSON file once mx has connected'},
		clock: {kind: 'text', placeholder: 'TIME', summary: 'Begin at this time, such as 2026-11-26T12:45: for pictures'},
		port: {kind: 'count', placeholder: 'PORT', summary: 'Port of the server (a free one)'},
	},
	exits: [],
	examples: ['mx demo', 'mx demo --rooms 5000', 'mx demo --script sunday.json', 'mx demo --serve --port 8008'],
	async run(_values, flags, context) {
		const {serve, port, clock, rooms, script} = flags;
		return context.shell.demo({isServerOnly: serve, port: checkPort(port), clock: parseClock(clock), rooms, script});
	},
});
