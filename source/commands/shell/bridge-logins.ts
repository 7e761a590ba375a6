/** The part of `mx bridge` in which a bridge is asked for something: how its logins are, signing in and out, people. */
import {healthWords, quietWords, loginDoneWords, remedyWords} from '../../bridges/explain.ts';
import {protocolOf} from '../../bridges/protocols.ts';
import type {BridgeHealth, QuietLogin} from '../../domain/bridge-health.ts';
import type {BridgeContact, BridgeLogin} from '../../domain/bridge-login.ts';
import {ExpectedError} from '../../domain/errors.ts';
import type {JsonObject} from '../../domain/json.ts';
import {joinSafe, literal, safeText, type SafeText} from '../../text/safe-text.ts';
import type {ShellContext} from '../define-command.ts';
import {isoTime} from './printed-time.ts';

const healthJson = (health: BridgeHealth): JsonObject => ({
	network: health.protocol,
	bot: health.bot,
	login: health.account,
	name: health.name ?? null,
	condition: health.condition,
	state: health.state,
	error: health.error ?? null,
	message: health.message ?? null,
	remedy: health.remedy ?? null,
	since: isoTime(health.since),
	since_ms: health.since,
});

const healthLine = (health: BridgeHealth): readonly SafeText[] => [
	safeText(protocolOf(health.protocol).name, 'name'),
	safeText(health.name, 'name', health.account === '' ? health.bot : health.account),
	safeText(healthWords[health.condition], 'name'),
	safeText(health.message, 'name'),
	safeText(remedyWords(health), 'name'),
];

const quietJson = ({protocol, bot, account, name}: QuietLogin): JsonObject => ({
	network: protocol,
	bot,
	login: account,
	name: name ?? null,
	condition: null,
	state: null,
	error: null,
	message: null,
	remedy: null,
	since: null,
	since_ms: null,
});

const quietLine = ({protocol, account, name}: QuietLogin): readonly SafeText[] => [
	safeText(protocolOf(protocol).name, 'name'),
	safeText(name, 'name', account),
	safeText(quietWords, 'name'),
	literal``,
	literal``,
];

/** `mx bridge status`: how the logins are. */
export const printStatus = async ({session, print, say}: ShellContext): Promise<void> => {
	const {health, quiet} = await (await session()).bridgeHealth({});
	const all = [...health.map(healthJson), ...quiet.map(quietJson)];
	if (all.length === 0) say('No bridge has said how its logins are: most speak of trouble only.');
	print({
		text: ({isTerminal}) =>
			[...health.map(healthLine), ...quiet.map(quietLine)].map(line =>
				joinSafe(
					line.filter(word => !isTerminal || word !== ''),
					isTerminal ? literal`  ` : literal`\t`,
				),
			),
		document: {logins: all},
		items: all,
	});
};

const loginJson = (login: BridgeLogin): JsonObject => ({
	network: login.protocol,
	bot: login.bot,
	way: login.way,
	said: login.said,
	show: login.display === undefined ? null : {...login.display},
	asks: login.fields.map(({id, name, isSecret, options}) => ({
		id,
		name,
		secret: isSecret,
		options: options.map(option => ({...option})),
	})),
	outcome: login.outcome ?? null,
});

/** `mx bridge login`. @param request.bridge id of a network, or user id of a bot */
export const logIn = async (
	request: {readonly bridge: string; readonly flow: string | undefined; readonly account: string | undefined},
	{print, say, shell}: ShellContext,
): Promise<void> => {
	const login = await shell.bridgeLogin({
		...request,
		tell: each => print({text: () => [], document: loginJson(each)}),
	});
	if (login.warning !== undefined) say(login.warning);
	if (login.outcome === 'done') return say(loginDoneWords(login));
	throw new ExpectedError({message: login.said.at(-1) ?? 'Nothing came of it.', reason: 'bridge'});
};

/** `mx bridge logout`. */
export const logOut = async (
	request: {readonly bridge: string; readonly account: string | undefined},
	{print, shell}: ShellContext,
): Promise<void> => {
	const {said} = await shell.live(async session => session.bridgeLogout(request));
	print({text: () => said.map(sentence => safeText(sentence, 'line')), document: {said}});
};

const contactJson = (contact: BridgeContact): JsonObject => ({
	id: contact.id,
	name: contact.name ?? null,
	identifiers: contact.identifiers,
	ghost: contact.ghost ?? null,
	room_id: contact.roomId ?? null,
});

/** `mx bridge contacts`. */
export const printContacts = async (
	request: {readonly bridge: string; readonly query: string | undefined},
	{print, say, shell}: ShellContext,
): Promise<void> => {
	const {contacts} = await shell.live(async session => session.bridgeContacts(request));
	print({
		text: ({isTerminal}) =>
			contacts.map(({id, name, identifiers}) =>
				joinSafe(
					[safeText(name, 'name', id), ...identifiers.map(each => safeText(each, 'name')), safeText(id, 'name')],
					isTerminal ? literal`  ` : literal`\t`,
				),
			),
		document: {contacts: contacts.map(contactJson)},
		items: contacts.map(contactJson),
	});
	if (contacts.length === 0)
		say(
			request.query === undefined
				? 'The bridge names no contacts.'
				: `The bridge names no contact called "${request.query}".`,
		);
};
