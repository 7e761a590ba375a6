/** The help of the command line is complete, because it is made from the table. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {helpLines} from '../../source/commands/help-text.ts';
import {globalFlags} from '../../source/commands/parse-arguments.ts';
import {shellTable} from '../../source/commands/shell-table.ts';
import {exitCodes, ExpectedError} from '../../source/domain/errors.ts';

const overview = helpLines(undefined, shellTable);

test('names and aliases of verbs and flags are unique', () => {
	const names = shellTable.flatMap(({name, aliases = []}) => [name, ...aliases]);
	assert.equal(new Set(names).size, names.length);
	for (const {name, flags} of shellTable) {
		const all = [...Object.entries(globalFlags), ...Object.entries(flags)];
		const spelled = all.flatMap(([flag, each]) => [
			flag,
			...('alias' in each && each.alias !== undefined ? [each.alias] : []),
		]);
		assert.equal(new Set(spelled).size, spelled.length, name);
	}
});

test('the overview has every verb with its summary, every global flag and every exit code', () => {
	for (const {name, summary} of shellTable) {
		assert.ok(
			overview.some(line => line.startsWith(`  ${name}`) && line.endsWith(summary)),
			name,
		);
	}
	for (const flag of Object.keys(globalFlags))
		assert.ok(
			overview.some(line => line.includes(`--${flag}`)),
			flag,
		);
	for (const code of Object.values(exitCodes))
		assert.ok(
			overview.some(line => line.startsWith(`  ${code} `)),
			String(code),
		);
});

test('the help of a verb has its arguments, flags, examples and exit codes', () => {
	for (const {name, parameters, flags, examples, exits} of shellTable) {
		const help = helpLines(name, shellTable);
		const text = help.join('\n');
		for (const [parameter, {summary}] of Object.entries(parameters)) {
			assert.ok(text.includes(parameter.toUpperCase()) && text.includes(summary), `${name} ${parameter}`);
		}
		for (const [flag, {summary}] of Object.entries(flags)) {
			assert.ok(text.includes(`--${flag}`) && text.includes(summary), `${name} --${flag}`);
		}
		assert.ok(examples.length > 0 && examples.every(example => text.includes(example)), `${name} examples`);
		for (const reason of exits)
			assert.ok(
				help.some(line => line.startsWith(`  ${exitCodes[reason]} `)),
				`${name} ${reason}`,
			);
	}
});

test('summaries are one line and begin like a sentence', () => {
	for (const {name, summary} of shellTable) assert.match(summary, /^[A-Z][^\n]{5,70}[^.\n]$/, name);
});

test('help of an unknown verb names the nearest one', () => {
	assert.throws(
		() => helpLines('raed', shellTable),
		(error: unknown) =>
			error instanceof ExpectedError && error.report.reason === 'usage' && /mx read/.test(error.report.next ?? ''),
	);
});
