/** What a request is refused with (client-server API §Standard error response). */
import type {JsonObject} from '../../domain/json.ts';

/** An answer other than 200; `more` stands in the body beside `errcode` and `error`. */
export class MatrixError extends Error {
	readonly status: number;
	readonly body: JsonObject;

	/** @param errcode without one `error` is not told either: what is missing is in `more` */
	constructor(status: number, errcode: string | undefined, error: string, more: JsonObject = {}) {
		super(error);
		this.status = status;
		this.body = errcode === undefined ? more : {errcode, error, ...more};
	}
}

export const notFound = (error: string): MatrixError => new MatrixError(404, 'M_NOT_FOUND', error);

type Demand = (condition: unknown, status: number, errcode: string, error: string) => asserts condition;

/** @throws MatrixError unless the condition holds */
export const demand: Demand = (condition, ...refusal) => {
	if (!condition) throw new MatrixError(...refusal);
};

/** @returns what was looked for. @throws MatrixError 404 where that is nothing */
export const found = <Value>(value: Value | undefined, error: string): Value => {
	if (value === undefined) throw notFound(error);
	return value;
};
