/** `npm run bench -- NAME [--json]`: runs one benchmark on the built program and prints its figures; JSON is one object on the last line. */
import process from 'node:process';
import {benchArchive} from './archive.ts';
import {benchDemo} from './demo.ts';
import {benchInbox} from './inbox.ts';
import {benchKeys} from './keys.ts';
import {benchLink} from './link.ts';
import {benchScale} from './scale.ts';
import {benchSend} from './send.ts';
import {benchStart} from './start.ts';

/** Figures of one benchmark: ratios within the run, bytes, milliseconds; medians unless the name says otherwise. */
export type Figures = Readonly<Record<string, number>>;

/** Sizes given as `--name N`, for trying a benchmark out. */
export type BenchOptions = Readonly<Record<string, number>>;

/** Four digits: what is below that is noise, also in a ratio of one to sixty. Counts stay as they are. */
const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));

const benchmarks: Readonly<Record<string, (options: BenchOptions) => Promise<Figures>>> = {
	start: benchStart,
	demo: benchDemo,
	inbox: benchInbox,
	keys: benchKeys,
	link: benchLink,
	scale: benchScale,
	archive: benchArchive,
	send: benchSend,
};

const [name = '', ...words] = process.argv.slice(2);
const benchmark = benchmarks[name];
if (benchmark === undefined) {
	console.error(`There is no benchmark "${name}". Try one of: ${Object.keys(benchmarks).join(', ')}`);
	process.exit(2);
}
const options = Object.fromEntries(
	words.flatMap((word, index) => {
		const value = Number(words[index + 1] ?? '');
		return word.startsWith('--') && value > 0 ? [[word.slice(2), value]] : [];
	}),
);
// Each child and each temporary directory is cleaned up when the process ends.
process.setMaxListeners(100);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const figures = await benchmark(options);
if (!words.includes('--json'))
	for (const [figure, value] of Object.entries(figures)) console.log(figure.padEnd(28), rounded(value));
const all = Object.entries(figures).map(([figure, value]) => [figure, rounded(value)] as const);
console.log(JSON.stringify({name, ...Object.fromEntries(all)}));
// The SDK of the other side leaves timers behind.
process.exit(0);
