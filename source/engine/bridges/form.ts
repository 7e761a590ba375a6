/** A sign-in through the provisioning API of a bridge: its steps, one after the other (bridgev2/provisioning.go). */
import {setTimeout} from 'node:timers/promises';
import {flowField} from '../../bridges/bot-words.ts';
import {asArray, asObject, asString, type JsonObject} from '../../domain/json.ts';
import type {LoginField} from '../../domain/bridge-login.ts';
import {ExpectedError} from '../../domain/errors.ts';
import type {ProvisioningAnswer, ProvisioningApi, ProvisioningStep} from '../../matrix/provisioning-calls.ts';
import type {LoginSteps} from './login-steps.ts';

const secretTypes: ReadonlySet<string> = new Set(['password', 'token', 'cookie', 'cookies']);

const inputField = (value: unknown): LoginField => {
	const {id, name, description, type, options} = asObject(value);
	const key = asString(id) ?? '';
	return {
		id: key,
		name: asString(name) ?? key,
		description: asString(description),
		isSecret: secretTypes.has(asString(type) ?? ''),
		options: asArray(options).flatMap(option => (typeof option === 'string' ? [{id: option, name: option}] : [])),
	};
};

const cookieField = (value: unknown): LoginField => {
	const {id, name} = asObject(value);
	const key = asString(id) ?? asString(name) ?? '';
	return {id: key, name: key, description: undefined, isSecret: true, options: []};
};

/** @throws ExpectedError with what the bridge says */
export const requireAnswer = ({isOk, body, status}: ProvisioningAnswer): JsonObject => {
	if (isOk) return body;
	const said = asString(body['error']) ?? `status ${status}`;
	throw new ExpectedError({message: `The bridge refuses: ${said}`, reason: 'bridge'});
};

/** Milliseconds for which something is shown at least, whatever the bridge answers. */
const shortestShow = 1000;
/** Sentences of the bridge that are kept. */
const mostSaid = 200;

/** Begins to sign in. @param account id of a login that is renewed */
export const startBridgeForm = async (
	api: ProvisioningApi,
	{flow, account}: {readonly flow?: string | undefined; readonly account?: string | undefined},
	tell: LoginSteps['tell'],
): Promise<Omit<LoginSteps, 'tell'>> => {
	const said: string[] = [];
	let step: ProvisioningStep | undefined;
	const stopped = new AbortController();
	const {signal} = stopped;

	const say = (words: string): void => {
		if (words === '' || words === said.at(-1)) return;
		said.push(words);
		if (said.length > mostSaid) said.shift();
	};
	const show = (now: Omit<Parameters<LoginSteps['tell']>[0], 'said'>): void => {
		if (!signal.aborted) tell({...now, said: [...said]});
	};
	const fail = (error: unknown): void => {
		say(error instanceof Error ? error.message : String(error));
		show({display: undefined, fields: [], outcome: 'failed'});
	};

	const take = (body: JsonObject): void => {
		if (signal.aborted) return;
		const {type, login_id: process, step_id: id, instructions} = body;
		const kind = asString(type) ?? '';
		const words = asString(instructions)?.trim() ?? '';
		say(words);
		step = {process: asString(process) ?? step?.process ?? '', id: asString(id) ?? '', kind};
		switch (kind) {
			case 'complete':
				return show({display: undefined, fields: [], outcome: 'done'});
			case 'display_and_wait': {
				const {type: what, data} = asObject(body[kind]);
				const shown = asString(data);
				const display = shown === undefined ? undefined : ({kind: what === 'qr' ? 'qr' : 'code', data: shown} as const);
				show({display, fields: [], outcome: undefined});
				return wait();
			}
			case 'user_input':
				return show({
					display: undefined,
					fields: asArray(asObject(body[kind])['fields']).map(inputField),
					outcome: undefined,
				});
			case 'cookies': {
				const {url, fields} = asObject(body[kind]);
				if (typeof url === 'string') say(`Sign in at ${url} in a browser; its cookies are asked for.`);
				return show({display: undefined, fields: asArray(fields).map(cookieField), outcome: undefined});
			}
			default:
				return fail(new Error(`This way of signing in (${kind}) is not for a terminal.`));
		}
	};

	const send = async (body: JsonObject, pause = 0): Promise<void> => {
		if (step === undefined || signal.aborted) return;
		const [answer] = await Promise.all([api.step(step, body, signal), setTimeout(pause, undefined, {signal})]);
		// The bridge has forgotten what was begun.
		if (answer.status === 404) fail(new Error(asString(answer.body['error']) ?? 'The bridge has given it up.'));
		else take(requireAnswer(answer));
	};

	/** The answer comes when what is shown was scanned, or is another one. */
	const wait = (): void => void send({}, shortestShow).catch(fail);

	const begin = async (chosen: string): Promise<void> => take(requireAnswer(await api.start(chosen, account)));

	const flows = asArray(requireAnswer(await api.flows())['flows']).map(value => {
		const {id, name} = asObject(value);
		return {id: asString(id) ?? '', name: asString(name) ?? asString(id) ?? ''};
	});
	const [only, ...others] = flows;
	if (flow !== undefined) await begin(flow);
	else if (only !== undefined && others.length === 0) await begin(only.id);
	else {
		const field = {id: flowField, name: 'Sign in by', description: undefined, isSecret: false, options: flows};
		show({display: undefined, fields: [field], outcome: undefined});
	}

	return {
		async answer(answers) {
			const chosen = step === undefined ? answers[flowField] : undefined;
			if (chosen !== undefined) return begin(chosen);
			return send(answers);
		},
		async stop() {
			stopped.abort();
		},
	};
};
