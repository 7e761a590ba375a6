/** `mx bridge`: which bridges there are, why a room counts as bridged or not, and whom to believe. */
import {evidenceSentence, kindWords, trustWords} from '../../bridges/explain.ts';
import {networkNamed, normalizeProtocolId, protocolOf, protocols} from '../../bridges/protocols.ts';
import {ExpectedError} from '../../domain/errors.ts';
import {isLoopbackHost, parseUserId} from '../../domain/identifiers.ts';
import type {JsonObject} from '../../domain/json.ts';
import type {KnownBridge, Portal} from '../../domain/portal.ts';
import {isRequest} from '../../domain/room.ts';
import type {Session} from '../../domain/session.ts';
import {joinSafe, literal, safeText, type SafeText} from '../../text/safe-text.ts';
import {closestName} from '../closest-name.ts';
import {defineShellCommand, type ShellContext} from '../define-command.ts';
import {examineBridges} from './bridge-doctor.ts';
import {logIn, logOut, printContacts, printStatus} from './bridge-logins.ts';

/** What was written behind the action. */
type Given = {readonly what: string | undefined} & Readonly<Record<Flag, string | number | boolean | undefined>>;

type Print = ShellContext['print'];

const usage = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

/** @returns a bridge as JSON (docs/json.md §Bridge). */
const bridgeJson = ({bot, protocol, trust, rooms}: KnownBridge): JsonObject => ({bot, network: protocol, trust, rooms});

/** @returns what a room was found to be, as JSON (docs/json.md §Bridge). */
const portalJson = (portal: Portal | undefined): JsonObject | null =>
	portal === undefined
		? null
		: {
				network: portal.protocol,
				trust: portal.trust,
				kind: portal.kind,
				bot: portal.bot ?? null,
				login: portal.account ?? null,
				team: portal.network === undefined ? null : {...portal.network},
				chat_id: portal.channel ?? null,
				own_ghost: portal.ownGhost ?? null,
				request: portal.isRequest,
			};

const networkName = (protocol: string): SafeText => safeText(protocolOf(protocol).name, 'name');

const list = async (session: Session, print: Print): Promise<void> => {
	const {bridges} = await session.bridges({});
	const {pad, textWidth} = await import('../../text/width.ts');
	const cells = ({bot, protocol, trust, rooms}: KnownBridge): readonly SafeText[] => [
		networkName(protocol),
		safeText(bot, 'name'),
		literal`${rooms}`,
		safeText(trustWords[trust], 'name'),
	];
	const aligned = (): readonly SafeText[] => {
		const rows = bridges.map(bridge =>
			cells(bridge).with(2, bridge.rooms === 1 ? literal`1 room` : literal`${bridge.rooms} rooms`),
		);
		const widthOf = (column: number): number => Math.max(...rows.map(row => textWidth(row[column] ?? literal``)));
		return rows.map(row =>
			joinSafe(
				row.map((cell, column) =>
					column === row.length - 1 ? cell : pad(cell, widthOf(column), column === 2 ? 'start' : 'end'),
				),
				literal`  `,
			),
		);
	};
	print({
		text: ({isTerminal}) => (isTerminal ? aligned() : bridges.map(bridge => joinSafe(cells(bridge), literal`\t`))),
		document: {bridges: bridges.map(bridgeJson)},
	});
};

const why = async (
	session: Session,
	request: {readonly room: string; readonly pick: number | undefined},
	print: Print,
): Promise<void> => {
	const {room, portal, evidence} = await session.whyBridged(request);
	const name = safeText(room.name, 'name', room.roomId);
	const verdict =
		portal === undefined
			? literal`${name} is a room of Matrix.`
			: literal`${name} is ${safeText(kindWords[portal.kind], 'name')} of ${networkName(portal.protocol)}: ${safeText(trustWords[portal.trust], 'name')}.`;
	const asked = isRequest(room)
		? [literal`It is a request: you did not answer yet, and until then nobody there is told what you read.`]
		: [];
	const signs = evidence.length === 0 ? [literal`Nothing speaks for a bridge.`] : [];
	print({
		text: () => [
			verdict,
			...asked,
			...signs,
			...evidence.map(each => literal`  ${safeText(evidenceSentence(each), 'line')}`),
		],
		document: {
			room_id: room.roomId,
			room_name: room.name,
			bridge: portalJson(portal),
			evidence: evidence.map(each => ({sign: each.sign, detail: each.detail, text: evidenceSentence(each)})),
		},
	});
};

/** @returns the id of a network by its id or its name. @throws ExpectedError `usage` */
const networkId = (words: string): string => {
	const id = normalizeProtocolId(words.trim().replaceAll(/\s+/g, ''));
	if (id === 'other:matrix') return 'matrix';
	if (id === undefined) throw usage(`"${words}" is no network.`, 'Name one, for example signal, irc or slack.');
	return id;
};

/**
 * @returns the id of a network that is said of a room or a bot; `undefined` for `auto`
 * @throws ExpectedError `usage`: a slip would make a network of its own
 */
const saidNetwork = (words: string): string | undefined => {
	const wanted = words.trim().toLowerCase();
	if (wanted === 'auto') return undefined;
	if (wanted === 'matrix') return wanted;
	const other = /^other:(?<name>.+)$/.exec(wanted)?.groups?.['name'];
	const id = other === undefined ? networkNamed(wanted) : normalizeProtocolId(other);
	if (id !== undefined) return id;
	const ids = protocols.map(each => each.id);
	const closest = closestName(wanted, ids);
	throw usage(
		`"${words}" is no network that mx knows.${closest === undefined ? '' : ` Is it ${closest}?`}`,
		`It knows ${ids.join(', ')}; other:NAME is any other, matrix none, auto takes back what you said.`,
	);
};

/** What an action is asked with. */
type Asked = {
	readonly what: string;
	readonly network: string | undefined;
	readonly pick: number | undefined;
	readonly flow: string | undefined;
	readonly account: string | undefined;
	readonly name: string | undefined;
	readonly heals: boolean;
};

type Flag = 'as' | 'flow' | 'account' | 'name' | 'heal' | 'pick';

type Action = {
	/** What `what` is; without it, there is none. */
	readonly wants?: string;
	/** `what` may be left out. @default false */
	readonly isOptional?: boolean;
	/** Flags that mean something for it. @default none */
	readonly takes?: readonly Flag[];
	readonly run: (asked: Asked, context: ShellContext) => Promise<void>;
};

const note = (context: ShellContext, document: JsonObject): void =>
	context.print({text: () => [literal`Noted.`], document});

const setNetwork = async ({what, network, pick}: Asked, context: ShellContext): Promise<void> => {
	if (network === undefined)
		throw usage('Of which network is it?', 'Say mx bridge network ROOM --as signal, for example.');
	const protocol = saidNetwork(network);
	const {room} = await (await context.session()).setNetwork({room: what, pick, protocol});
	note(context, {room_id: room.roomId, network: protocol ?? null});
};

/** @param isTrusted `undefined` takes back what was said */
const trust =
	(isTrusted: boolean | undefined): Action['run'] =>
	async ({what, network}, context) => {
		if (parseUserId(what) === undefined)
			throw usage(`"${what}" is no user id.`, 'The bot of a bridge is named like @signalbot:example.org.');
		const protocol = network === undefined ? undefined : saidNetwork(network);
		await (await context.session()).trustBot({userId: what, isTrusted, protocol});
		note(context, {bot: what, trusted: isTrusted ?? null, network: protocol ?? null});
	};

const setOwnGhost =
	(isMe: boolean): Action['run'] =>
	async ({what}, context) => {
		if (parseUserId(what) === undefined)
			throw usage(
				`"${what}" is no user id.`,
				'What you are there as the bridge has it is named like @signal_…:example.org.',
			);
		await (await context.session()).setOwnGhost({userId: what, isMe});
		note(context, {user_id: what, me: isMe});
	};

const setInvitations = async ({what}: Asked, context: ShellContext): Promise<void> => {
	if (what !== 'accept' && what !== 'ask')
		throw usage(`"${what}" is no answer.`, 'Say mx bridge invitations accept, or ask.');
	await (await context.session()).setPortalInvitations({isAskedFirst: what === 'ask'});
	note(context, {invitations: what});
};

const setApi =
	(isUsed: boolean): Action['run'] =>
	async ({what}, context) => {
		const url = URL.canParse(what) ? new URL(what) : undefined;
		if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopbackHost(url.hostname)))
			throw usage(`"${what}" is no address of an API.`, 'It begins with https://, as https://bridge.example.org.');
		const {bot} = await (await context.session()).setBridgeApi({url: what.replace(/\/+$/, ''), isUsed});
		const words = bot === undefined ? literal`Noted.` : literal`Noted: ${safeText(bot, 'name')} answers there.`;
		context.print({text: () => [words], document: {api: what, used: isUsed, bot: bot ?? null}});
	};

/** @returns the id of a network, or the user id of a bot as it is. */
const bridgeOf = (what: string): string => (what.startsWith('@') ? what : networkId(what));

const bot = 'the user id of a bot';
const network = 'a network, as signal';

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
	['list', {run: async (_, context) => list(await context.session(), context.print)}],
	['status', {run: async (_, context) => printStatus(context)}],
	[
		'login',
		{
			wants: network,
			takes: ['flow', 'account'],
			run: async ({what, flow, account}, context) => logIn({bridge: bridgeOf(what), flow, account}, context),
		},
	],
	[
		'logout',
		{
			wants: network,
			takes: ['account'],
			run: async ({what, account}, context) => logOut({bridge: bridgeOf(what), account}, context),
		},
	],
	[
		'contacts',
		{
			wants: network,
			takes: ['name'],
			run: async ({what, name}, context) => printContacts({bridge: bridgeOf(what), query: name}, context),
		},
	],
	[
		'why',
		{
			wants: 'a room',
			takes: ['pick'],
			run: async ({what, pick}, context) => why(await context.session(), {room: what, pick}, context.print),
		},
	],
	[
		'doctor',
		{
			wants: network,
			isOptional: true,
			takes: ['heal'],
			run: async ({what, heals}, context) =>
				examineBridges(context, {network: what === '' ? undefined : networkId(what), heals}),
		},
	],
	['network', {wants: 'a room', takes: ['as', 'pick'], run: setNetwork}],
	['trust', {wants: bot, takes: ['as'], run: trust(true)}],
	['distrust', {wants: bot, run: trust(false)}],
	['forget', {wants: bot, run: trust(undefined)}],
	['me', {wants: 'your own user id there', run: setOwnGhost(true)}],
	['not-me', {wants: 'a user id', run: setOwnGhost(false)}],
	['invitations', {wants: 'accept or ask', run: setInvitations}],
	['api', {wants: 'the address of a provisioning API', run: setApi(true)}],
	['no-api', {wants: 'the address of a provisioning API', run: setApi(false)}],
]);

const names = [...actions.keys()];

/** @throws ExpectedError `usage` for what the action would leave aside */
const requireMeant = (action: string, {wants, isOptional = false, takes = []}: Action, given: Given): void => {
	const help = `See mx help bridge.`;
	if (given.what === undefined && wants !== undefined && !isOptional)
		throw usage(`Of what? Say mx bridge ${action} and then ${wants}.`, help);
	if (given.what !== undefined && wants === undefined)
		throw usage(`mx bridge ${action} is about all: "${given.what}" means nothing to it.`, help);
	const {what: _, ...flags} = given;
	const aside = (Object.keys(flags) as Flag[]).find(
		flag => flags[flag] !== undefined && flags[flag] !== false && !takes.includes(flag),
	);
	if (aside !== undefined) throw usage(`--${aside} means nothing to mx bridge ${action}.`, help);
};

/** What `mx bridge` runs. */
export const bridgeCommand = defineShellCommand({
	name: 'bridge',
	summary: 'Sign in at other networks, see how bridges are, whom to believe',
	group: 'room',
	parameters: {
		action: {kind: 'word', summary: `${names.join(', ')} (list)`, isOptional: true},
		what: {
			kind: 'text',
			summary:
				'A network for login, logout, contacts and doctor; a room; a user id: of a bot to trust, your own there for me',
			isOptional: true,
		},
	},
	flags: {
		as: {
			kind: 'text',
			placeholder: 'NETWORK',
			summary:
				'For trust and network: its id, such as signal; other:NAME for one that mx does not know, matrix for none, auto',
		},
		flow: {kind: 'text', placeholder: 'FLOW', summary: 'For login: how, as qr or phone; without it you choose'},
		account: {kind: 'text', placeholder: 'LOGIN', summary: 'For login: the one that is renewed; for logout: which'},
		name: {kind: 'text', placeholder: 'NAME', summary: 'For contacts: a part of what they are called'},
		heal: {kind: 'switch', summary: 'For doctor: tells bridges once more what they may have lost of the last day'},
		pick: {kind: 'count', placeholder: 'N', summary: 'Of several rooms with this name, the Nth'},
	},
	exits: ['notSignedIn', 'notReady', 'notFound', 'ambiguous', 'refused', 'bridge'],
	examples: [
		'mx bridge',
		'mx bridge login signal',
		'mx bridge status --json',
		'mx bridge contacts signal --name anna',
		'mx bridge why Mum',
		'mx bridge doctor signal',
		'mx bridge trust @postmoogle:example.org --as email',
		'mx bridge network "#lab" --as irc',
	],
	async run({action = 'list', what}, {as, flow, account, name, pick, heal: heals}, context) {
		const known = actions.get(action);
		if (known === undefined) throw usage(`mx bridge does not know "${action}".`, `It knows ${names.join(', ')}.`);
		requireMeant(action, known, {what, as, flow, account, name, pick, heal: heals});
		await known.run({what: what ?? '', network: as, pick, flow, account, name, heals}, context);
	},
});
