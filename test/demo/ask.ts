/** Makes requests at a homeserver, one after the other, and makes the answers comparable to those of another one. */
import {setTimeout as sleep} from 'node:timers/promises';
import {asArray, asObject, asString, isObject, parseJson, type JsonValue} from '../../source/domain/json.ts';
import {uniqueName, type Homeserver} from '../helpers/synapse.ts';
import {normalise} from './normalise.ts';
import {password, type Ask, type Conversation} from './requests.ts';

/** A request, and what came of it. */
export type Answered = Pick<Ask, 'differs'> & {
	readonly title: string;
	readonly status: number;
	readonly body: JsonValue;
};

const patience = 20_000;

const fill = (template: string, names: ReadonlyMap<string, string>, encode = (text: string): string => text): string =>
	template.replaceAll(/\{([a-z][\w.]*)\}/gi, (_, name: string) => {
		const value = names.get(name);
		if (value === undefined) throw new Error(`{${name}} is not known: ${template}`);
		return encode(value);
	});

const fillAll = (value: JsonValue | undefined, names: ReadonlyMap<string, string>): JsonValue | undefined => {
	if (typeof value === 'string') return fill(value, names);
	if (Array.isArray(value)) return value.map(each => fillAll(each as JsonValue, names) ?? null);
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [fill(key, names), fillAll(each, names)]));
};

/** @returns what stands at the end of the way. @throws Error where nothing does */
const find = (answer: JsonValue, way: string, names: ReadonlyMap<string, string>): string => {
	let value: unknown = answer;
	for (const part of way.split('/')) {
		const key = fill(part, names);
		value = Array.isArray(value) ? asArray(value).at(Number(key)) : asObject(value)[key];
	}
	if (typeof value !== 'string') throw new Error(`The answer has no ${way}: ${JSON.stringify(answer)}`);
	return value;
};

const bodyOf = ({body}: Ask, names: ReadonlyMap<string, string>): string | undefined => {
	if (typeof body === 'string' || body === undefined) return body;
	return JSON.stringify(fillAll(typeof body === 'function' ? body(names) : body, names));
};

const request = async (
	ask: Ask,
	{url, names}: {readonly url: string; readonly names: ReadonlyMap<string, string>},
): Promise<{readonly status: number; readonly body: JsonValue}> => {
	const [method = '', template = ''] = ask.ask.split(/ (.*)/s);
	const path = fill(template, names, encodeURIComponent);
	const token = ask.as === undefined ? undefined : fill(`{${ask.as}.token}`, names);
	const body = bodyOf(ask, names);
	const response = await fetch(url + (path.startsWith('/') ? path : `/_matrix/client/v3/${path}`), {
		method,
		headers: {
			...(token === undefined ? {} : {authorization: `Bearer ${token}`}),
			...(body === undefined ? {} : {'content-type': 'application/json'}),
		},
		...(body === undefined ? {} : {body}),
		signal: AbortSignal.timeout(60_000),
	});
	const {status, headers} = response;
	const bytes = await response.text();
	if (headers.get('content-type')?.startsWith('application/json') === true)
		return {status, body: (parseJson(bytes) ?? null) as JsonValue};
	return {status, body: {type: headers.get('content-type'), disposition: headers.get('content-disposition'), bytes}};
};

const askUntil = async (ask: Ask, target: Parameters<typeof request>[1]): ReturnType<typeof request> => {
	const deadline = performance.now() + patience;
	for (;;) {
		const answer = await request(ask, target);
		if (ask.until === undefined || ask.until(asObject(answer.body)) || performance.now() > deadline) return answer;
		await sleep(100);
	}
};

const register = async (server: Homeserver, person: string): Promise<readonly (readonly [string, string])[]> => {
	const name = uniqueName(person);
	const {userId, deviceId, accessToken} = await server.registerUser(name, password);
	return [
		[person, userId],
		[`${person}.name`, name],
		[`${person}.device`, deviceId],
		[`${person}.token`, accessToken],
	];
};

/** Has the conversation with a server. */
export const converse = async (server: Homeserver, {people, asks}: Conversation): Promise<readonly Answered[]> => {
	const names = new Map<string, string>([
		['server', server.serverName],
		['url', server.url],
		['unique', uniqueName('unique')],
	]);
	for (const person of people) for (const [name, value] of await register(server, person)) names.set(name, value);
	const answers: Answered[] = [];
	for (const [index, ask] of asks.entries()) {
		const {status, body} = await askUntil(ask, {url: server.url, names});
		const title = `${index + 1}. ${ask.as ?? 'nobody'}: ${ask.ask}`;
		for (const [name, way] of Object.entries(ask.keep ?? {})) {
			try {
				const value = find(body, way, names);
				names.set(name, value);
				if (value.startsWith('mxc://')) names.set(`${name}.id`, value.split('/').at(-1) ?? '');
			} catch (error) {
				throw new Error(`${server.url}: ${title} was answered ${status}`, {cause: error});
			}
		}
		answers.push({
			title,
			...(ask.differs === undefined ? {} : {differs: ask.differs}),
			status,
			body: normalise(body, names, asString(ask.ask) ?? ''),
		});
	}
	return answers;
};
