/** The part of the SQLite driver that mx uses; its own typings are left out of its export map. */
declare module 'better-sqlite3-multiple-ciphers' {
	type Statement = {
		run(...parameters: readonly unknown[]): unknown;
		get(...parameters: readonly unknown[]): unknown;
		all(...parameters: readonly unknown[]): unknown[];
		iterate(...parameters: readonly unknown[]): IterableIterator<unknown>;
	};

	class Database {
		readonly open: boolean;
		readonly name: string;
		readonly inTransaction: boolean;
		constructor(
			file: string,
			options: {readonly readonly: boolean; readonly fileMustExist: boolean; readonly timeout: number},
		);
		exec(sql: string): this;
		prepare(sql: string): Statement;
		pragma(source: string, options?: {readonly simple?: boolean}): unknown;
		close(): this;
	}

	export = Database;
}
