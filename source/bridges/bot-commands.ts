/** What can be said to bots of bridges in the rooms with them, for completion: each kind of bridge has words of its own. */
import {isHeisenbridge} from '../domain/heisenbridge.ts';
import type {Portal} from '../domain/portal.ts';

export type BotCommand = {
	readonly name: string;
	/** What follows it; empty where nothing does. */
	readonly parameters: string;
	readonly summary: string;
};

const commandsOf = (lines: string): readonly BotCommand[] =>
	lines
		.trim()
		.split('\n')
		.map(line => {
			const [usage = '', summary = ''] = line.trim().split(' — ');
			const [name = '', ...parameters] = usage.split(' ');
			return {name, parameters: parameters.join(' '), summary};
		});

/** mautrix and what is built on it (bridgev2/commands, bridgev2/matrix). */
const mautrix = commandsOf(`
	help — Show what the bot knows
	login [FLOW] — Sign in at the network
	relogin LOGIN — Sign in again
	list-logins — Show where you are signed in
	logout LOGIN — Sign out
	set-preferred-login LOGIN — Use this login in the room
	resolve-identifier IDENTIFIER — Look whether somebody is there
	start-chat IDENTIFIER — Begin a chat with somebody
	create-group — Make a group of the room
	search QUERY — Search people on the network
	sync-chat — Bring the chat up to date
	mute — Mute the chat on the network
	id — Show the id of the chat on the network
	bridge — Connect a chat with a room
	unbridge — Disconnect the room from its chat
	set-relay [LOGIN] — Let a login speak for those who have none
	unset-relay — Let nobody speak for others
	delete-portal — Remove the room from the bridge
	login-matrix TOKEN — Let the bridge act as you on Matrix
	ping-matrix — See whether the bridge can act as you
	logout-matrix — End that
	version — Show the version of the bridge
	cancel — Give up what is under way
`);

/** heisenbridge/control_room.py. */
const heisenbridgeControl = commandsOf(`
	HELP — Show what the bot knows
	NETWORKS — List the networks
	SERVERS NETWORK — List the servers of a network
	OPEN NETWORK — Open the room of a network
	STATUS — Show how the bridge is
	QUIT — Disconnect from all networks
	ADDNETWORK NAME — Add a network
	DELNETWORK NAME — Remove a network
	ADDSERVER NETWORK ADDRESS [PORT] [--tls] — Add a server to a network
	DELSERVER NETWORK ADDRESS [PORT] — Remove a server from a network
	MASKS — List who may use the bridge
	ADDMASK MASK — Let somebody use the bridge
	DELMASK MASK — Let somebody use it no more
	VERSION — Show the version of the bridge
`);

/** heisenbridge/network_room.py. */
const heisenbridgeNetwork = commandsOf(`
	HELP — Show what the bot knows
	NICK [NICK] — Show or change your nick
	USERNAME [NAME] — Set the user name
	PASSWORD [PASSWORD] — Set the password of the server
	SASL [--username NAME] [--password PASSWORD] — Set how you are known to services
	AUTOCMD [COMMAND] — What is run after connecting
	CONNECT — Connect to the network
	DISCONNECT — Disconnect from it
	RECONNECT — Disconnect, and connect anew
	JOIN CHANNEL [KEY] — Join a channel
	PART CHANNEL — Leave a channel
	QUERY NICK [MESSAGE] — Begin a private chat
	MSG NICK MESSAGE — Send a message without a chat
	NICKSERV MESSAGE — Write to NickServ
	CHANSERV MESSAGE — Write to ChanServ
	WHOIS NICK — Show who somebody is
	ROOM TARGET COMMAND — Run a command of a channel
	STATUS — Show how the connection is
	RAW TEXT — Send a line as it is
`);

/** matrix-appservice-irc, src/bridge/AdminRoomHandler.ts. */
const appserviceIrc = commandsOf(`
	!help — Show what the bot knows
	!join CHANNEL [KEY] — Join a channel
	!nick NICK — Change your nick
	!whois NICK — Show who somebody is
	!storepass PASSWORD — Keep the password of the network
	!removepass — Forget it
	!username NAME — Set the user name
	!reconnect — Connect anew
	!listrooms — List your channels
	!quit — Disconnect and leave all channels
	!cmd LINE — Send a line as it is
`);

/** postmoogle, internal/bot/command.go. */
const postmoogle = commandsOf(`
	!pm help — Show what the bot knows
	!pm mailbox NAME — Give the room a mailbox
	!pm domain DOMAIN — Choose the domain of the mailbox
	!pm send ADDRESS — Send a mail
	!pm stop — Take the mailbox away
`);

/** @returns what the bot of a room with it can be told; nothing for a room that is none. */
export const botCommands = (portal: Portal | undefined): readonly BotCommand[] => {
	if (portal?.kind !== 'console' || portal.bot === undefined) return [];
	if (portal.protocol === 'email') return postmoogle;
	if (portal.protocol !== 'irc') return mautrix;
	if (!isHeisenbridge(portal.bot)) return appserviceIrc;
	return portal.network === undefined ? heisenbridgeControl : heisenbridgeNetwork;
};
