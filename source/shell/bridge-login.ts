/** `mx bridge login`: the bridge asks, the person answers; a code is drawn in the terminal. */
import process from 'node:process';
import type {BridgeLoginRequest} from '../commands/define-command.ts';
import type {BridgeLogin, LoginField} from '../domain/bridge-login.ts';
import {ExpectedError} from '../domain/errors.ts';
import {untilInterrupted} from '../domain/interruption.ts';
import type {Session} from '../domain/session.ts';
import {qrRows} from '../text/qr-code.ts';
import {safeText} from '../text/safe-text.ts';
import {withLive} from './live-session.ts';
import type {ShellParts} from './ports.ts';

/** White on black, whatever the colours of the terminal. */
const [light, plain] = ['\u001B[97;40m', '\u001B[0m'];

const hasColours = (): boolean => process.stderr.isTTY && (process.env['NO_COLOR'] ?? '') === '';

const draw = (data: string, {talk}: ShellParts): void => {
	const rows = qrRows(data);
	const width = rows[0]?.length ?? 0;
	if (rows.length === 0 || (process.stderr.isTTY && process.stderr.columns < width)) {
		talk.say(`The code needs ${width} columns: make the terminal wider, or its letters smaller.`);
		return;
	}
	const [before, after] = hasColours() ? [light, plain] : ['', ''];
	process.stderr.write(rows.map(row => `${before}${row}${after}\n`).join(''));
	// What goes away above is still there to scroll back to.
	if (process.stderr.isTTY && process.stderr.rows <= rows.length)
		talk.say(`The code has ${rows.length} rows: make the terminal higher, or its letters smaller, to see all of it.`);
};

const usage = (message: string): ExpectedError => new ExpectedError({message, reason: 'usage'});

/** @returns why something is no answer; `undefined` where it is one */
const faultOf = ({name, options}: LoginField, typed: string): string | undefined => {
	if (typed === '') return `"${name}" wants an answer.`;
	if (options.length === 0 || options.some(({id}) => id === typed)) return undefined;
	return `"${typed}" is none of ${options.map(({id}) => id).join(', ')}.`;
};

/** Asks where somebody can be asked, until there is an answer, and reads lines elsewhere. */
const ask = async (field: LoginField, {prompts, stdin, options, talk}: ShellParts): Promise<string> => {
	const choices = field.options.map(({id, name}) => (id === name ? id : `${id} (${name})`)).join(', ');
	const question = `${safeText(choices === '' ? field.name : `${field.name}: ${choices}`, 'line')}: `;
	if (prompts === undefined || options.format !== 'text') {
		const line = (await stdin.line())?.trim();
		if (line === undefined) throw usage(`The bridge wants to know: ${field.name}.`);
		const fault = faultOf(field, line);
		if (fault !== undefined) throw usage(fault);
		return line;
	}
	for (;;) {
		const answer = (await (field.isSecret ? prompts.secret(question) : prompts.line(question))).trim();
		const fault = faultOf(field, answer);
		if (fault === undefined) return answer;
		talk.say(fault);
	}
};

const answersOf = async (
	fields: readonly LoginField[],
	parts: ShellParts,
): Promise<Readonly<Record<string, string>>> => {
	const answers: Record<string, string> = {};
	for (const field of fields) answers[field.id] = await ask(field, parts);
	return answers;
};

/** What the person has seen of it. */
type Seen = {said: number; display: string | undefined};

const show = (login: BridgeLogin, seen: Seen, parts: ShellParts): void => {
	for (const sentence of login.said.slice(seen.said)) parts.talk.say(sentence);
	seen.said = login.said.length;
	const {display} = login;
	if (display !== undefined && display.data !== seen.display && parts.options.format === 'text') {
		if (display.kind === 'qr') draw(display.data, parts);
		else parts.talk.say(`The code: ${display.data}`);
	}
	seen.display = display?.data;
};

const follow = async (session: Session, request: BridgeLoginRequest, parts: ShellParts): Promise<BridgeLogin> => {
	let login = await session.startBridgeLogin(request);
	const seen: Seen = {said: 0, display: undefined};
	try {
		for (;;) {
			parts.signal.throwIfAborted();
			request.tell(login);
			show(login, seen, parts);
			if (login.outcome !== undefined) return login;
			const {id} = login;
			login =
				login.fields.length > 0
					? await session.answerBridgeLogin({id, answers: await answersOf(login.fields, parts)})
					: await untilInterrupted(parts.signal, session.bridgeLogin({id, seen: login.version}));
		}
	} finally {
		if (login.outcome === undefined) await session.stopBridgeLogin({id: login.id}).catch(() => undefined);
	}
};

/** @returns how it ended */
export const logInToBridge = async (request: BridgeLoginRequest, parts: ShellParts): Promise<BridgeLogin> =>
	withLive(parts, async ({session}) => follow(session, request, parts));
