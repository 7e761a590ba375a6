/** The log: JSON lines in a private file, redacted, rotated; and the console, which the SDK writes to whatever one does. */
import {closeSync, constants, fchmodSync, fstatSync, openSync, renameSync, statSync, writeSync} from 'node:fs';
import process from 'node:process';
import {ExpectedError} from '../domain/errors.ts';
import {escapedJson, redact, redactValue} from '../domain/redaction.ts';
import {fileError} from './private-files.ts';

/** How much a line matters, from least to most. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Facts beside the message: ids, types, counts, durations, errors. Bodies, keys and tokens are removed. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line, or nothing below the level of the log. Never throws. `area` is a word: `sync`, `outbox`, `console`. */
type Log = (area: string, message: string, fields?: LogFields) => void;

/** What every part of mx writes its log through. */
export type Logger = {
	readonly debug: Log;
	readonly info: Log;
	readonly warn: Log;
	readonly error: Log;
};

/** A logger that owns its file. */
export type LogFile = Logger & {close(): void};

/** How a log is written. */
export type LogOptions = {
	readonly path: string;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** The least level that is written. @default 'info' */
	readonly level?: LogLevel;
	/** Bytes at which the file becomes `<path>.1`, whose former content is lost. @default 5 MiB */
	readonly maximumSize?: number;
};

const weights: Readonly<Record<LogLevel, number>> = {debug: 0, info: 1, warn: 2, error: 3};

/** UTF-16 units; a line is one write, and one event must not fill the log. */
const longestLine = 65_536;

const openForAppend = (path: string): number => {
	const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
	// A link would lead elsewhere; a named pipe would block.
	const safety = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
	const descriptor = openSync(path, flags | safety, 0o600);
	const stats = fstatSync(descriptor);
	const user = process.geteuid?.();
	if (!stats.isFile() || (user !== undefined && stats.uid !== user)) {
		closeSync(descriptor);
		throw Object.assign(new Error('The log file is not ours'), {code: 'EACCES'});
	}
	fchmodSync(descriptor, 0o600);
	return descriptor;
};

/** Another thread or process may have rotated the same file: then it is only opened again. */
const rotate = (path: string, descriptor: number, maximumSize: number): number => {
	const current = statSync(path, {throwIfNoEntry: false});
	if (current !== undefined && current.size >= maximumSize) renameSync(path, `${path}.1`);
	const next = openForAppend(path);
	closeSync(descriptor);
	return next;
};

/** Appends lines with one system call each, so that the threads and processes that share the file do not mix them. */
const openAppender = (path: string, maximumSize: number) => {
	let descriptor = openForAppend(path);
	let isOpen = true;
	let lostCount = 0;
	return {
		/** @returns how many lines before this one were lost to a full disk, or `undefined` if this one was lost too. */
		append(line: string): number | undefined {
			if (!isOpen) return undefined;
			try {
				if (fstatSync(descriptor).size >= maximumSize) descriptor = rotate(path, descriptor, maximumSize);
				writeSync(descriptor, line);
				const lost = lostCount;
				lostCount = 0;
				return lost;
			} catch {
				// The log must not stop what it reports on; the next line that can be written tells of the loss.
				lostCount += 1;
				return undefined;
			}
		},
		close() {
			if (isOpen) closeSync(descriptor);
			isOpen = false;
		},
	};
};

/**
 * Opens the log (0600), appending. The directory must exist.
 * @throws ExpectedError when the file is a link, not a file, of another user, or cannot be made
 */
export const openLogFile = (options: LogOptions): LogFile => {
	const {path, now, level: least = 'info', maximumSize = 5 * 1_048_576} = options;
	let appender: ReturnType<typeof openAppender>;
	try {
		appender = openAppender(path, maximumSize);
	} catch (error) {
		throw fileError(path, error);
	}
	const logAt = (level: LogLevel): Log => {
		if (weights[level] < weights[least]) return () => undefined;
		const log: Log = (area, message, fields) => {
			const time = new Date(now()).toISOString();
			const entry = {time, level, area: redact(area), message: redact(message)};
			const line = escapedJson(fields === undefined ? entry : {...entry, fields: redactValue(fields)});
			const isTooLong = line.length > longestLine;
			const lost = appender.append(`${isTooLong ? escapedJson({...entry, fields: '[too long]'}) : line}\n`);
			if (lost) log('log', `${lost} lines before this one could not be written`);
		};
		return log;
	};
	return {
		debug: logAt('debug'),
		info: logAt('info'),
		warn: logAt('warn'),
		error: logAt('error'),
		close: () => appender.close(),
	};
};

const silentLog: LogFile = {
	debug: () => undefined,
	info: () => undefined,
	warn: () => undefined,
	error: () => undefined,
	close: () => undefined,
};

/** `openLogFile`, and silence where the disk allows no log: what is stored can be read without one. */
export const openLogIfPossible = (options: LogOptions): LogFile => {
	try {
		return openLogFile(options);
	} catch (error) {
		if (error instanceof ExpectedError) return silentLog;
		throw error;
	}
};

/** Methods of console that say something, and how much it matters; all others fall silent. */
const consoleLevels: Readonly<Record<string, LogLevel>> = {
	debug: 'debug',
	trace: 'debug',
	log: 'debug',
	dir: 'debug',
	table: 'debug',
	group: 'debug',
	groupCollapsed: 'debug',
	info: 'info',
	warn: 'warn',
	error: 'error',
	assert: 'error',
};

const writeConsoleCall = (log: Log, values: readonly unknown[]): void => {
	const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
	const objects = values.filter(isObject);
	const words = values.filter(value => value instanceof Error || !isObject(value));
	const message = words.map(String).join(' ');
	log('console', message, objects.length === 0 ? undefined : {values: objects});
};

/**
 * Sends every console method of this thread to the log: a terminal that shows a screen must not be written to, and
 * the SDK logs to console even with a silent logger. Call it before the SDK is imported, in each thread.
 * @returns a function that gives the console back
 */
export const captureConsole = (logger: Logger): (() => void) => {
	const target = console as unknown as Record<string, unknown>;
	const originals = Object.entries(target).filter(([, method]) => typeof method === 'function');
	for (const [name] of originals) {
		const level = consoleLevels[name];
		target[name] = (...values: readonly unknown[]) => {
			if (level === undefined || (name === 'assert' && values[0])) return;
			writeConsoleCall(logger[level], name === 'assert' ? values.slice(1) : values);
		};
	}
	return () => Object.assign(target, Object.fromEntries(originals));
};
