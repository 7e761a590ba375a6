/** `mx bridge`: which bridges there are, why a room counts as bridged or not, and whom to believe. */
import {evidenceSentence, kindWords, trustWords} from '../../bridges/explain.ts';
import {normalizeProtocolId, protocolOf} from '../../bridges/protocols.ts';
import {ExpectedError} from '../../domain/errors.ts';
import {parseUserId} from '../../domain/identifiers.ts';
import type {JsonObject} from '../../domain/json.ts';
import type {KnownBridge, Portal} from '../../domain/portal.ts';
import type {Session} from '../../domain/session.ts';
import {joinSafe, literal, safeText, type SafeText} from '../../text/safe-text.ts';
import {defineShellCommand, type ShellContext} from '../define-command.ts';
import {examineBridges} from './bridge-doctor.ts';

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
	const line = ({bot, protocol, trust, rooms}: KnownBridge): readonly SafeText[] => [
		networkName(protocol),
		safeText(bot, 'name'),
		literal`${rooms}`,
		safeText(trustWords[trust], 'name'),
	];
	print({
		text: ({isTerminal}) => bridges.map(bridge => joinSafe(line(bridge), isTerminal ? literal`  ` : literal`\t`)),
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
	const signs = evidence.length === 0 ? [literal`Nothing speaks for a bridge.`] : [];
	print({
		text: () => [verdict, ...signs, ...evidence.map(each => literal`  ${safeText(evidenceSentence(each), 'line')}`)],
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

const actions = ['list', 'why', 'doctor', 'trust', 'distrust', 'forget', 'network', 'me', 'not-me'] as const;

/** What `mx bridge` runs. */
export const bridgeCommand = defineShellCommand({
	name: 'bridge',
	summary: 'List bridges, why a room is of a network, whom to believe',
	group: 'room',
	parameters: {
		action: {kind: 'word', summary: `${actions.join(', ')} (list)`, isOptional: true},
		what: {
			kind: 'text',
			summary: 'A room; a network for doctor; a user id: of a bot to trust, or your own there for me',
			isOptional: true,
		},
	},
	flags: {
		as: {
			kind: 'text',
			placeholder: 'NETWORK',
			summary: 'For trust and network: its id, such as signal; matrix for none, auto',
		},
		heal: {kind: 'switch', summary: 'For doctor: tells bridges once more what they may have lost of the last day'},
		pick: {kind: 'count', placeholder: 'N', summary: 'Of several rooms with this name, the Nth'},
	},
	exits: ['notSignedIn', 'notFound', 'ambiguous', 'refused'],
	examples: [
		'mx bridge',
		'mx bridge why Mum',
		'mx bridge doctor signal',
		'mx bridge trust @postmoogle:example.org --as email',
		'mx bridge network "#lab" --as irc',
	],
	async run({action = 'list', what}, {as: network, pick, heal: heals}, context) {
		const known = actions.find(each => each === action);
		if (known === undefined) throw usage(`mx bridge does not know "${action}".`, `It knows ${actions.join(', ')}.`);
		if (known === 'list') return list(await context.session(), context.print);
		if (known === 'doctor')
			return examineBridges(context, {network: what === undefined ? undefined : networkId(what), heals});
		if (what === undefined) throw usage(`Of what? Say mx bridge ${known} and then it.`, 'See mx help bridge.');
		if (known === 'why') return why(await context.session(), {room: what, pick}, context.print);
		if (known === 'network') {
			if (network === undefined)
				throw usage('Of which network is it?', 'Say mx bridge network ROOM --as signal, for example.');
			const protocol = network === 'auto' ? undefined : networkId(network);
			const {room} = await (await context.session()).setNetwork({room: what, pick, protocol});
			context.print({text: () => [literal`Noted.`], document: {room_id: room.roomId, network: protocol ?? null}});
			return;
		}
		if (parseUserId(what) === undefined)
			throw usage(`"${what}" is no user id.`, 'The bot of a bridge is named like @signalbot:example.org.');
		if (known === 'me' || known === 'not-me') {
			const isMe = known === 'me';
			await (await context.session()).setOwnGhost({userId: what, isMe});
			context.print({text: () => [literal`Noted.`], document: {user_id: what, me: isMe}});
			return;
		}
		const isTrusted = known === 'forget' ? undefined : known === 'trust';
		const protocol = network === undefined ? undefined : networkId(network);
		await (await context.session()).trustBot({userId: what, isTrusted, protocol});
		context.print({
			text: () => [literal`Noted.`],
			document: {bot: what, trusted: isTrusted ?? null, network: protocol ?? null},
		});
	},
});
