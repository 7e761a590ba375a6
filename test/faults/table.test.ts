/** The table of faults in docs/faults.md names tests by their titles: a row whose test is gone or has another name is found. */
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import ts from 'typescript';

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

const parse = (file: string): ts.SourceFile =>
	ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);

/** The text of a string or a template; what a template leaves open is left out. */
const textOf = (node: ts.Node): string | undefined => {
	if (ts.isStringLiteralLike(node)) return node.text;
	if (ts.isTemplateExpression(node))
		return [node.head, ...node.templateSpans.map(span => span.literal)].map(part => part.text).join('…');
	return undefined;
};

const isTest = (node: ts.Node): node is ts.CallExpression =>
	ts.isCallExpression(node) && ts.isIdentifier(node.expression) && ['test', 'suite'].includes(node.expression.text);

/** Titles of the tests and suites of a file. */
const titlesOf = (source: ts.SourceFile): readonly string[] => {
	const titles: string[] = [];
	const visit = (node: ts.Node): void => {
		const [title] = isTest(node) ? node.arguments : [];
		const text = title === undefined ? undefined : textOf(title);
		if (text !== undefined) titles.push(text);
		ts.forEachChild(node, visit);
	};
	visit(source);
	return titles;
};

/** The strings of tables of cases, that is of lists and objects outside functions and calls: they may give the names. */
const casesOf = (source: ts.SourceFile): readonly string[] => {
	const cases: string[] = [];
	const collect = (node: ts.Node): void => {
		if (ts.isCallExpression(node) || ts.isFunctionLike(node)) return;
		const text = textOf(node);
		if (text !== undefined) cases.push(text);
		ts.forEachChild(node, collect);
	};
	const visit = (node: ts.Node): void => {
		if (ts.isForOfStatement(node)) collect(node.expression);
		if (ts.isVariableStatement(node) && node.parent === source) collect(node);
		ts.forEachChild(node, visit);
	};
	visit(source);
	return cases;
};

/** What a test of the file, or a case of one, may be called; tables of neighbours that it imports are its own. */
const namesIn = (file: string): readonly string[] => {
	const source = parse(file);
	const neighbours = source.statements
		.filter(ts.isImportDeclaration)
		.flatMap(({moduleSpecifier}) => textOf(moduleSpecifier) ?? [])
		.filter(name => name.startsWith('./'));
	const tables = neighbours.map(name => parse(path.join(path.dirname(file), name)));
	return [...titlesOf(source), ...[source, ...tables].flatMap(casesOf)];
};

test('every row of docs/faults.md names a test that exists', () => {
	const rows = readTable();
	assert.ok(rows.length >= 120, `${rows.length} rows`);
	for (const {fault, file, name} of rows) {
		assert.ok(name !== '', `"${fault}" names no test`);
		assert.ok(existsSync(path.join(root, file)), `"${fault}": ${file} does not exist`);
		const names = namesIn(path.join(root, file));
		assert.ok(
			names.some(each => each.includes(name)),
			`"${fault}": nothing in ${file} is called "${name}"`,
		);
	}
});
