/** The table of faults in docs/faults.md names tests that exist: it cannot claim what nothing proves. */
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');

type Row = {readonly fault: string; readonly file: string; readonly name: string};

const readTable = (): readonly Row[] =>
	readFileSync(path.join(root, 'docs/faults.md'), 'utf8')
		.split('\n')
		.filter(line => line.startsWith('| ') && !line.startsWith('| fault '))
		.map(line => {
			const [, fault = '', , proof = ''] = line.split(/(?<!\\)\|/).map(cell => cell.trim());
			const [, file = '', name = ''] = /^`([^`]+)`: (.+)$/.exec(proof) ?? [];
			return {fault, file, name};
		});

/** The text of a test file, with that of its neighbours that it imports: a table of cases may give the names. */
const sourceOf = (file: string): string => {
	const source = readFileSync(file, 'utf8');
	const neighbours = Array.from(source.matchAll(/from '(\.\/[^']+)'/g), ([, name = '']) => name);
	const texts = neighbours.map(name => readFileSync(path.join(path.dirname(file), name), 'utf8'));
	return [source, ...texts].join('\n');
};

test('every row of docs/faults.md names a test that exists', () => {
	const rows = readTable();
	assert.ok(rows.length >= 120, `${rows.length} rows`);
	for (const {fault, file, name} of rows) {
		assert.ok(name !== '', `"${fault}" names no test`);
		assert.ok(existsSync(path.join(root, file)), `"${fault}": ${file} does not exist`);
		assert.ok(sourceOf(path.join(root, file)).includes(name), `"${fault}": nothing in ${file} is called "${name}"`);
	}
});
