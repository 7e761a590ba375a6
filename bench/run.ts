/** `npm run bench -- NAME [--json]`: runs one benchmark on the built program and prints its figures; JSON is one object on the last line. */
import process from 'node:process';
import {benchKeys} from './keys.ts';
import {benchStart} from './start.ts';

/** Figures of one benchmark: ratios within the run, bytes, milliseconds; medians unless the name says otherwise. */
export type Figures = Readonly<Record<string, number>>;

const benchmarks: Readonly<Record<string, () => Promise<Figures>>> = {start: benchStart, keys: benchKeys};

const [name = '', ...options] = process.argv.slice(2);
const benchmark = benchmarks[name];
if (benchmark === undefined) {
	console.error(`There is no benchmark "${name}". Try one of: ${Object.keys(benchmarks).join(', ')}`);
	process.exit(2);
}
const figures = await benchmark();
if (!options.includes('--json'))
	for (const [figure, value] of Object.entries(figures)) console.log(figure.padEnd(28), value);
console.log(JSON.stringify({name, ...figures}));
// The SDK of the other side leaves timers behind.
process.exit(0);
