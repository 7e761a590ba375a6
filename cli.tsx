/** The entry: reads the arguments, then opens the screen or runs one verb. Everything heavy is loaded only when needed. */
import process from 'node:process';
import packageJson from './package.json' with {type: 'json'};
import {
	parseInvocation,
	splitArguments,
	type Invocation,
	type TopLevelFlags,
} from './source/commands/parse-arguments.ts';
import {shellTable} from './source/commands/shell-table.ts';
import {exitCodes, ExpectedError} from './source/domain/errors.ts';
import {watchOutput} from './source/shell/process-end.ts';
import {createTalk} from './source/shell/talk.ts';

/** What mx makes is for its user alone. */
process.umask(0o077);
const endProcess = watchOutput();

const {version} = packageJson;

/** meow reads what stands before the verb; a call without such flags does not pay for loading it. The verbs' own flags come from their table. */
const readTopLevel = async (before: readonly string[]): Promise<TopLevelFlags> => {
	if (before.length === 0) return {};
	const {default: meow} = await import('meow');
	const {flags} = meow({
		importMeta: import.meta,
		pkg: packageJson,
		argv: before,
		help: false,
		description: false,
		autoHelp: false,
		autoVersion: false,
		booleanDefault: undefined,
		flags: {
			profile: {type: 'string'},
			json: {type: 'boolean'},
			jsonl: {type: 'boolean'},
			quiet: {type: 'boolean', shortFlag: 'q'},
			color: {type: 'boolean'},
			mouse: {type: 'boolean'},
			ascii: {type: 'boolean'},
			plain: {type: 'boolean'},
			help: {type: 'boolean', shortFlag: 'h'},
			version: {type: 'boolean'},
		},
	});
	return flags;
};

const readInvocation = async (): Promise<Invocation> => {
	const split = splitArguments(process.argv.slice(2));
	return parseInvocation(await readTopLevel(split.before), split, shellTable);
};

const writeLines = (lines: readonly string[]): number => {
	process.stdout.write(`${lines.join('\n')}\n`);
	return exitCodes.done;
};

const run = async (invocation: Invocation): Promise<number> => {
	const {options} = invocation;
	switch (invocation.kind) {
		case 'version':
			return writeLines([version]);
		case 'help': {
			const {helpLines} = await import('./source/commands/help-text.ts');
			return writeLines(helpLines(invocation.verb, shellTable));
		}
		case 'screen': {
			const {openScreen} = await import('./source/shell/open-screen.ts');
			return openScreen({options, version});
		}
		case 'verb': {
			const {runVerb} = await import('./source/shell/run-verb.ts');
			return runVerb({call: invocation, options, version});
		}
	}
};

/** Only what mx foresaw is told; a bug shows its stack. */
const main = async (): Promise<number> => {
	try {
		return await run(await readInvocation());
	} catch (error) {
		if (!(error instanceof ExpectedError)) throw error;
		createTalk({stream: process.stderr, isQuiet: false}).fail(error);
		return exitCodes[error.report.reason];
	}
};

await endProcess(await main());
