/**
 * `npm run test:soak`: the crash, fault, memory and bridge tests in their full settings, which take about an hour.
 * `npm run test:soak -- --minutes 60`: an hour of traffic instead.
 */
import {spawn} from 'node:child_process';
import {parseArgs} from 'node:util';

/** What replaces the short settings of `npm test`. */
const fullSettings = {
	MX_CRASH_ROUNDS: '10',
	MX_CRASH_POINTS: 'all',
	MX_CRASH_KILLS: '100',
	MX_BURST_MESSAGES: '1000',
	MX_FAULTY_SENDS: '10000',
	MX_MEMORY_MESSAGES: '10000',
	MX_MEMORY_WARM_UP: '10000',
	MX_BRIDGE_DOWNTIME: '60000',
};
const fullFiles = [
	...['crash-points', 'crash', 'bursts', 'faulty-sends', 'memory', 'bridge-receipts'].map(
		name => `test/engine/${name}.test.ts`,
	),
	'test/end-to-end/crash.test.ts',
];
/** Milliseconds that one test may take in its full setting. */
const limit = 3 * 3_600_000;

const {values} = parseArgs({options: {minutes: {type: 'string'}}});
const {minutes} = values;
const child = spawn(
	process.execPath,
	['scripts/test.ts', `--test-timeout=${limit}`, ...(minutes === undefined ? fullFiles : ['test/soak/traffic.ts'])],
	{
		stdio: 'inherit',
		env: {...process.env, ...(minutes === undefined ? fullSettings : {MX_SOAK_MINUTES: minutes})},
	},
);
child.once('exit', code => {
	process.exitCode = code ?? 1;
});
