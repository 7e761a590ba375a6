/** State events as the store needs them. */
import {asObject, asString, unsafeKeys, type JsonObject} from '../domain/json.ts';
import {isNestedDeeper} from '../domain/nesting.ts';

/** A state event of a response, or a stripped one, as far as the store needs it. */
export type StateEvent = {
	readonly type: string;
	readonly stateKey: string;
	readonly content: JsonObject;
	readonly raw: JsonObject;
};

/** Longest type and state key that the specification allows. */
const maximumLength = 255;

/** @returns `undefined` for what is no state event, has an unsafe key, or is nested too deeply to be kept */
export const parseState = (event: JsonObject): StateEvent | undefined => {
	const type = asString(event['type']);
	const stateKey = asString(event['state_key']);
	if (type === undefined || stateKey === undefined || unsafeKeys.has(stateKey) || unsafeKeys.has(type))
		return undefined;
	if (type.length > maximumLength || stateKey.length > maximumLength || isNestedDeeper(event)) return undefined;
	return {type, stateKey, content: asObject(event['content']), raw: event};
};
