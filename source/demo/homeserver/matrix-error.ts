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

export const forbidden = (error: string): MatrixError => new MatrixError(403, 'M_FORBIDDEN', error);
export const notFound = (error: string): MatrixError => new MatrixError(404, 'M_NOT_FOUND', error);
export const badParameter = (error: string): MatrixError => new MatrixError(400, 'M_INVALID_PARAM', error);
