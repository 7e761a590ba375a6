/**
 * Arms a crash point in a program that is to be killed: it watches the database driver, the global fetch and the renaming
 * of files from outside, so that mx itself has no hooks for tests.
 */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import Driver from 'better-sqlite3-multiple-ciphers';
import {crashPointOf, type CrashPoint, type Write} from './crash-points.ts';

/** Which point, and at which time that it comes, from 1. */
export type Crash = {readonly name: string; readonly occurrence: number};

type Connection = Driver & {readonly name: string};
type CommitPoint = Extract<CrashPoint['moment'], {readonly kind: 'commit'}>;

const die = (): void => void process.kill(process.pid, 'SIGKILL');

/** Runs what is watched, and dies before or after it if it is the moment. */
type Watch = <Result>(isMoment: boolean, action: () => Result) => Result;

const createWatch = ({side}: CrashPoint, occurrence: number): Watch => {
	let count = 0;
	return (isMoment, action) => {
		if (!isMoment || ++count !== occurrence) return action();
		if (side === 'before') die();
		const result = action();
		die();
		return result;
	};
};

const watchCommits = (point: CrashPoint, {database, matches}: CommitPoint, watch: Watch): void => {
	const originals: Pick<Driver, 'prepare' | 'exec'> = Object.create(
		null,
		Object.getOwnPropertyDescriptors(Driver.prototype),
	) as Driver;
	const prepare = (connection: Driver, sql: string) => originals.prepare.call(connection, sql);
	const exec = (connection: Driver, sql: string) => originals.exec.call(connection, sql);
	/** What SQLite's transaction holds, and within it that of the crypto, where several are kept together. */
	type Open = {readonly whole: Write[]; part: Write[]};
	const transactions = new WeakMap<object, Open>();
	const isWatched = (connection: Driver): boolean => path.basename((connection as Connection).name) === database;
	const storeOf = (connection: Driver, sql: string, id: unknown): string => {
		if (database !== 'crypto.db' || !sql.includes('idb_record')) return '';
		const row = prepare(connection, 'SELECT name FROM idb_store WHERE id = ?').get(id) as {name?: string} | undefined;
		return row?.name ?? '';
	};
	const step = <Result>(
		connection: Driver,
		sql: string,
		parameters: readonly unknown[],
		action: () => Result,
	): Result => {
		if (sql.startsWith('BEGIN')) transactions.set(connection, {whole: [], part: []});
		const open = transactions.get(connection);
		if (open === undefined) return action();
		if (sql === 'COMMIT') return watch(matches(open.whole), action);
		if (sql.startsWith('RELEASE') && database === 'crypto.db') return watch(matches(open.part), action);
		if (sql.startsWith('SAVEPOINT')) open.part = [];
		const write = {sql, parameters, store: storeOf(connection, sql, parameters[0])};
		open.whole.push(write);
		open.part.push(write);
		return action();
	};

	Driver.prototype.prepare = function (sql) {
		const statement = prepare(this, sql);
		if (!isWatched(this) || sql.startsWith('SELECT')) return statement;
		return {
			run: (...parameters) => step(this, sql, parameters, () => statement.run(...parameters)),
			get: (...parameters) => step(this, sql, parameters, () => statement.get(...parameters)),
			all: (...parameters) => statement.all(...parameters),
			iterate: (...parameters) => statement.iterate(...parameters),
		};
	};
	Driver.prototype.exec = function (sql) {
		if (!isWatched(this)) return exec(this, sql);
		const isWhole = sql.startsWith('BEGIN') && sql.endsWith('COMMIT');
		if (!isWhole) return step(this, sql, [], () => exec(this, sql));
		// A whole transaction in one text: `within` leaves its end out.
		const text = point.side === 'within' ? sql.replace(/COMMIT$/, '') : sql;
		return watch(matches([{sql, parameters: [], store: ''}]), () => exec(this, text));
	};
};

const watchRequests = (method: string, pattern: RegExp, {side}: CrashPoint, watch: Watch): void => {
	const original = globalThis.fetch;
	globalThis.fetch = async (input, init) => {
		const url = new URL(input instanceof Request ? input.url : input);
		const isMoment = (init?.method ?? 'GET') === method && pattern.test(url.pathname);
		if (side === 'before') return watch(isMoment, async () => original(input, init));
		const response = await original(input, init);
		if (!isMoment) return response;
		const body = await response.arrayBuffer();
		return watch(true, () => new Response(body, response));
	};
};

const watchRenames = (file: string, watch: Watch): void => {
	const original = fs.renameSync;
	// Before the library that renames takes its own reference.
	fs.renameSync = (from, to) => watch(path.basename(String(to)) === file, () => original(from, to));
};

/** Arms the point for the rest of the process. */
export const armCrash = ({name, occurrence}: Crash): void => {
	const point = crashPointOf(name);
	const watch = createWatch(point, occurrence);
	const {moment} = point;
	switch (moment.kind) {
		case 'commit':
			watchCommits(point, moment, watch);
			break;
		case 'request':
			watchRequests(moment.method, moment.path, point, watch);
			break;
		case 'rename':
			watchRenames(moment.file, watch);
	}
};
