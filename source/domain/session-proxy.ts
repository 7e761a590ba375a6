/** Both ends of a Session across a border: a proxy that turns method calls into requests, and the answer to a request. */
import {reportOf} from './errors.ts';
import type {ErrorReport} from './errors.ts';
import {asInteger, isObject} from './json.ts';
import type {JsonObject} from './json.ts';
import {sessionMethods} from './session.ts';
import type {Session, SessionMethod, SessionReply, SessionRequest} from './session.ts';

/** Carries one call to where the session lives. Rejects with an ExpectedError made of the report that came back. */
export type SessionCall = (method: SessionMethod, params: JsonObject) => Promise<unknown>;

/** @returns a Session whose every method goes through `call`. The answers are those of the other side, unchecked. */
export const sessionProxy = (call: SessionCall): Session => {
	const methods = sessionMethods.map(method => [method, async (params: JsonObject) => call(method, params)] as const);
	return Object.fromEntries(methods) as unknown as Session;
};

const isSessionMethod = (method: string): method is SessionMethod =>
	(sessionMethods as readonly string[]).includes(method);

/** What came over a border, told apart. */
export type ParsedRequest =
	| {readonly kind: 'request'; readonly request: SessionRequest}
	/** It has an id, so it can be answered. */
	| {readonly kind: 'refused'; readonly reply: SessionReply}
	| {readonly kind: 'malformed'};

const refusal = (id: number, error: ErrorReport): ParsedRequest => ({kind: 'refused', reply: {id, ok: false, error}});

/** Narrows a request that came as JSON. A method that this mx does not have is refused with a sentence. */
export const parseSessionRequest = (value: unknown): ParsedRequest => {
	if (!isObject(value)) return {kind: 'malformed'};
	const id = asInteger(value['id']);
	if (id === undefined) return {kind: 'malformed'};
	const {method, params} = value;
	if (typeof method !== 'string' || !isSessionMethod(method)) {
		return refusal(id, {
			message: 'The running mx does not know this request.',
			next: 'Quit the running mx and start it again: it is of another version.',
			reason: 'error',
		});
	}
	if (!isObject(params)) return refusal(id, {message: 'The request has no parameters.', reason: 'usage'});
	return {kind: 'request', request: {id, method, params}};
};

/** Runs a request. Never rejects: what the session throws becomes the report of the reply. */
export const answerRequest = async (session: Session, request: SessionRequest): Promise<SessionReply> => {
	const parsed = parseSessionRequest(request);
	if (parsed.kind === 'refused') return parsed.reply;
	if (parsed.kind === 'malformed') {
		return {id: request.id, ok: false, error: {message: 'The request has no number.', reason: 'error'}};
	}
	const {id, method, params} = parsed.request;
	try {
		const answer = session[method] as (params: JsonObject) => Promise<unknown>;
		return {id, ok: true, result: await answer.call(session, params)};
	} catch (error) {
		return {id, ok: false, error: reportOf(error)};
	}
};
