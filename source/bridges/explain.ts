/** Signs of a bridge as sentences, for a person who asks why. */
import type {BridgeCondition, BridgeHealth} from '../domain/bridge-health.ts';
import type {BridgeLogin} from '../domain/bridge-login.ts';
import {protocolOf} from './protocols.ts';
import type {BridgeEvidence, BridgeSign, BridgeTrust, PortalKind} from '../domain/portal.ts';

/** @param detail untrusted text */
const sentences: Readonly<Record<BridgeSign, (detail: string) => string>> = {
	override: name => `You said that it is ${name}.`,
	'bridge-state': said => `A bridge event is in the room: ${said}.`,
	'no-bot': bot => `Its bot ${bot} is not in the room.`,
	'foreign-sender': user => `The event is from ${user}, who is not of the bridge.`,
	'foreign-creator': user =>
		user === '' ? 'Nobody knows who made the room.' : `${user} made the room, who is not of the bridge.`,
	'remote-bot': bot => `${bot} is of another server, which yours cannot vouch for.`,
	'bot-confirmed': bot => `${bot} belongs to a bridge: your server says so, or you did.`,
	'bot-is-person': bot => `${bot} belongs to no bridge: your server says so, or you did.`,
	'bot-name': bot => `${bot} is called as such a bot is by default; your server does not say what it is.`,
	'bot-unconfirmed': bot => `Your server does not say what ${bot} is.`,
	'protocol-changed': change => `The room was of another network before: ${change}.`,
	features: key => `The bridge says what the network allows (${key}).`,
	ghosts: users => `There are people of the bridge: ${users}.`,
	inviter: user => `${user} sent the invitation.`,
	hookshot: what => `Messages of a service come into it: ${what}.`,
	'room-name': name => `It is named as the bridge names its rooms: ${name}.`,
	'management-room': bot => `It is the room with the bot ${bot}.`,
};

export const evidenceSentence = ({sign, detail}: BridgeEvidence): string => sentences[sign](detail);

/** What a level of trust means for the room. */
export const trustWords: Readonly<Record<BridgeTrust, string>> = {
	attested: 'certain',
	inferred: 'by its names only',
	announced: 'not believed: it stays with the rooms of Matrix',
	claimed: 'a claim that counts for nothing',
};

export const kindWords: Readonly<Record<PortalKind, string>> = {
	direct: 'a direct chat',
	group: 'a group',
	channel: 'a channel',
	space: 'a space',
	account: 'the space with the rooms of a login',
	console: 'the room with the bot of the bridge',
};

/** How a login is. */
export const healthWords: Readonly<Record<BridgeCondition, string>> = {
	connected: 'connected',
	connecting: 'reconnecting',
	disconnected: 'not connected',
	'logged-out': 'logged out',
	failed: 'out of order',
};

/** How a login is of which its bot has said nothing. */
export const quietWords = 'no trouble known';

type NamedHealth = Pick<BridgeHealth, 'protocol' | 'name' | 'condition'>;

/** @returns how a login is, as a sentence without its full stop: `Signal (+49 151) is logged out` */
export const stateWords = ({protocol, name, condition}: NamedHealth): string =>
	`${protocolOf(protocol).name}${name === undefined ? '' : ` (${name})`} is ${healthWords[condition]}`;

/** @param health of a login that is out. @returns what that means: `Signal (+49 151) is logged out: nothing arrives there` */
export const outageWords = (health: NamedHealth): string => `${stateWords(health)}: nothing arrives there`;

/** @returns what helps; empty where nothing has to. */
export const remedyWords = ({
	remedy,
	protocol,
	account,
}: Pick<BridgeHealth, 'remedy' | 'protocol' | 'account'>): string => {
	// Without it, it would be another login. What is copied into a shell holds nothing but a plain word.
	const command = `mx bridge login ${protocol}${/^[\w.+:@-]+$/.test(account) ? ` --account ${account}` : ''}`;
	switch (remedy) {
		case 'connect':
			return `connect again: ${command}`;
		case 'relogin':
			return `sign in again: ${command}`;
		case 'restart':
			return 'whoever runs the bridge has to restart it';
		case 'open-native':
			return 'open the app on the phone';
		case undefined:
			return '';
		default:
			return remedy satisfies never;
	}
};

/** @returns that a sign-in has come to its end. */
export const loginDoneWords = ({protocol, way}: Pick<BridgeLogin, 'protocol' | 'way'>): string => {
	const {name} = protocolOf(protocol);
	return way === 'connection' ? `Connected to ${name}.` : `Signed in at ${name}; its chats come now.`;
};

/** @returns the command of the screen that signs in again. */
export const reloginCommand = ({protocol, account}: Pick<BridgeHealth, 'protocol' | 'account'>): string =>
	`/bridge relogin ${protocol} ${account}`.trim();
