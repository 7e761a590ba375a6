/**
 * The networks that mx knows by name: what their bridges call them, and how their bots and ghosts are called by default. Names,
 * labels and colours on the screen come from here, never from an event.
 */

export type Protocol = {
	readonly id: string;
	readonly name: string;
	/** Two cells, in any font. */
	readonly label: string;
	/** `#rrggbb`, the colour of its brand. */
	readonly colour: string;
	/** What `protocol.id` of `m.bridge` may be, as `normalizeProtocolId` leaves it; the id itself always counts. */
	readonly aliases: readonly string[];
	/** Localparts of bots, whole. */
	readonly bots: RegExp | undefined;
	/** Localparts of ghosts; the group `network` names the network, where they do. */
	readonly ghosts: RegExp | undefined;
	/** What commands begin with outside of the room with the bot. */
	readonly commandPrefix: string | undefined;
	/** That something was read passes the bridge, in both directions. */
	readonly hasReceipts: boolean;
	/** The ghost of the person themselves, from the id of a login; where a bridge derives it so. */
	readonly ownGhost?: (account: string) => string;
	/** How a bridge that writes no events names its rooms: the groups `chat` and `network`. */
	readonly roomNames?: RegExp;
	/** What such a bridge says of the room in which it is told what to do about one network: the group `network`. */
	readonly consoleTopics?: RegExp;
	/** Chats that are no direct ones, by their names. */
	readonly channels?: RegExp;
};

type Facts = Omit<Protocol, 'id' | 'name' | 'label' | 'colour' | 'aliases' | 'commandPrefix' | 'hasReceipts'> &
	Partial<Pick<Protocol, 'aliases' | 'commandPrefix' | 'hasReceipts'>>;

const protocol = (
	id: string,
	name: string,
	look: readonly [label: string, colour: string],
	facts: Facts,
): Protocol => ({
	id,
	name,
	label: look[0],
	colour: look[1],
	aliases: [],
	commandPrefix: undefined,
	hasReceipts: true,
	...facts,
});

/** Bridges of mautrix and what is built on it: one bot, ghosts by prefix. */
const mautrix = (bots: string, ghosts: string): Pick<Protocol, 'bots' | 'ghosts'> => ({
	bots: new RegExp(`^(?:${bots})$`),
	ghosts: new RegExp(`^${ghosts}`),
});

const puppet = (id: string): Pick<Protocol, 'bots' | 'ghosts' | 'commandPrefix' | 'hasReceipts'> => ({
	...mautrix(`_${id}puppet_bot`, `_${id}puppet_.+`),
	commandPrefix: `!${id}`,
	hasReceipts: false,
});

/**
 * Sources: the connectors of mautrix, example-config.yaml and registrations of the others; matrix-docker-ansible-deploy for
 * bots and prefixes that an administrator chooses.
 */
export const protocols: readonly Protocol[] = [
	protocol('signal', 'Signal', ['SG', '#3A76F0'], {
		...mautrix('signalbot', 'signal_[0-9a-f-]{36}$'),
		commandPrefix: '!signal',
		ownGhost: account => `signal_${account}`,
	}),
	protocol('whatsapp', 'WhatsApp', ['WA', '#25D366'], {
		...mautrix('whatsappbot', String.raw`whatsapp_(?:lid-|bot-)?\d+$`),
		commandPrefix: '!wa',
		ownGhost: account => `whatsapp_${account}`,
	}),
	protocol('telegram', 'Telegram', ['TG', '#229ED9'], {
		...mautrix('telegrambot', 'telegram_.+'),
		commandPrefix: '!tg',
	}),
	protocol('messenger', 'Messenger', ['FB', '#0084FF'], {
		...mautrix('facebookbot|messengerbot|metabot', String.raw`(?:facebook|messenger|meta)_\d+$`),
		aliases: ['facebook', 'meta'],
		commandPrefix: '!fb',
	}),
	protocol('instagram', 'Instagram', ['IG', '#E4405F'], {
		...mautrix('instagrambot', 'instagram_.+'),
		commandPrefix: '!ig',
	}),
	protocol('sms', 'SMS', ['SM', '#34B7F1'], {
		...mautrix('gmessagesbot|androidsmsbot|smsbot', '(?:gmessages|androidsms|sms)_.+'),
		aliases: ['gmessages', 'androidsms'],
		commandPrefix: '!gm',
	}),
	protocol('gvoice', 'Google Voice', ['GV', '#00A884'], {
		...mautrix('gvoicebot', 'gvoice_.+'),
		commandPrefix: '!gv',
	}),
	protocol('imessage', 'iMessage', ['iM', '#34C759'], {
		...mautrix('imessagebot|rustpushbot', '(?:imessage|rustpush)_.+'),
		aliases: ['imessagecloud', 'rustpush'],
		commandPrefix: '!im',
	}),
	protocol('discord', 'Discord', ['DC', '#5865F2'], {
		...mautrix('discordbot|_ooye_bot|_discord_bot', String.raw`(?:discord_\d+$|_ooye_.+|_discord_.+)`),
		commandPrefix: '!discord',
	}),
	protocol('slack', 'Slack', ['SL', '#E01E5A'], {
		...mautrix('slackbot', '(?:slack_[a-z0-9]+-[a-z0-9]+$|slack_(?<network>[a-z0-9.-]+)_[A-Z0-9]+$)'),
		commandPrefix: '!slack',
		ownGhost: account => `slack_${account.toLowerCase()}`,
	}),
	protocol('irc', 'IRC', ['IR', '#C9A227'], {
		...mautrix('heisenbridge|ircbot|appservice-irc|[a-z0-9]+-irc', '(?:hb?irc_(?<network>[^_]+)_.+|irc_.+)'),
		hasReceipts: false,
		// As heisenbridge names them.
		roomNames: /^(?<chat>.+) \((?<network>[^()]+)\)$/,
		consoleTopics: /^Network room for (?<network>.+)$/,
		channels: /^[#&+!]/,
	}),
	protocol('googlechat', 'Google Chat', ['GC', '#00AC47'], {
		...mautrix('googlechatbot', String.raw`googlechat_\d+$`),
		commandPrefix: '!gc',
	}),
	protocol('linkedin', 'LinkedIn', ['LI', '#4A9EE0'], {
		...mautrix('linkedinbot', 'linkedin_.+'),
		commandPrefix: '!li',
	}),
	protocol('x', 'X', ['X·', '#E7E9EA'], {
		...mautrix('twitterbot', String.raw`twitter_\d+$`),
		aliases: ['twitter'],
		commandPrefix: '!tw',
	}),
	protocol('bluesky', 'Bluesky', ['BS', '#1185FE'], {
		...mautrix('blueskybot', 'bluesky_.+'),
		commandPrefix: '!bsky',
	}),
	protocol('zulip', 'Zulip', ['ZU', '#6492FE'], {...mautrix('zulipbot', 'zulip_.+'), commandPrefix: '!zulip'}),
	protocol('line', 'LINE', ['LN', '#06C755'], {...mautrix('linebot', 'line_.+'), commandPrefix: '!line'}),
	// All mail comes from the bot: one room is one mailbox.
	protocol('email', 'E-mail', ['EM', '#F2C94C'], {
		bots: /^(?:postmoogle|emailbot)$/,
		ghosts: undefined,
		commandPrefix: '!pm',
		hasReceipts: false,
	}),
	protocol('xmpp', 'XMPP', ['XM', '#E07B39'], {
		...mautrix('_?(?:bifrost|xmpp)_?bot|bifrost', '_(?:bifrost|xmpp)_.+'),
		commandPrefix: '!purple',
		hasReceipts: false,
	}),
	protocol('steam', 'Steam', ['ST', '#66C0F4'], puppet('steam')),
	protocol('groupme', 'GroupMe', ['GM', '#00AFF0'], puppet('groupme')),
	protocol('skype', 'Skype', ['SK', '#00AFF0'], puppet('skype')),
	protocol('wechat', 'WeChat', ['WC', '#07C160'], {
		...mautrix('wechatbot', '_wechat_.+'),
		commandPrefix: '!wechat',
	}),
	protocol('hookshot', 'Hookshot', ['HK', '#8A8F98'], {
		...mautrix('hookshot|feeds', '_(?:github|gitlab|jira|webhooks)_.+'),
		hasReceipts: false,
	}),
	protocol('mattermost', 'Mattermost', ['MM', '#3DB887'], mautrix('mattermostbot', 'mattermost_.+')),
	protocol('rocketchat', 'Rocket.Chat', ['RC', '#F5455C'], mautrix('rocketchatbot', 'rocketchat_.+')),
	protocol('teams', 'Teams', ['MT', '#7B83EB'], mautrix('teamsbot', 'teams_.+')),
];

/** What rooms without a bridge belong to. */
export const matrixProtocol: Protocol = protocol('matrix', 'Matrix', ['MX', '#0DBD8B'], {
	bots: undefined,
	ghosts: undefined,
});

const byId: ReadonlyMap<string, Protocol> = new Map(
	[matrixProtocol, ...protocols].flatMap(each => [each.id, ...each.aliases].map(id => [id, each] as const)),
);

/** @returns whether bots or ghosts of some network are called so by default. */
export const isBotOrGhostName = (localpart: string): boolean =>
	protocols.some(({bots, ghosts}) => bots?.test(localpart) === true || ghosts?.test(localpart) === true);

/** @returns the localparts that bots of a network have by default. */
export const defaultBots = (id: string): readonly string[] => {
	const names = /^\^\(\?:(?<names>.+)\)\$$/.exec(byId.get(id)?.bots?.source ?? '')?.groups?.['names'] ?? '';
	return names.split('|').filter(name => /^[a-z0-9._-]+$/.test(name) && name !== '');
};

/** Longer ids are cut. */
const longestId = 24;

/**
 * Bridges name their protocol as they like: by import paths, with the name of the product around it, with the language it is
 * written in.
 *
 * @param id `protocol.id` of a bridge event (MSC2346); untrusted
 * @returns id of the registry, else `other:` and what is left of it; `undefined` where nothing is
 */
export const normalizeProtocolId = (id: string): string | undefined => {
	const last =
		id
			.toLowerCase()
			.split('/')
			.findLast(part => part !== '') ?? '';
	const bare = last
		.replaceAll(/[^a-z0-9._+-]/g, '')
		.replace(/^(?:matrix|mautrix|beeper)-/, '')
		.replace(/-(?:bridge|messenger)$/, '')
		.replace(/^(slack|discord|facebook|instagram)go$/, '$1')
		.replace(/^(gmessages)-(?:sms|rcs)$/, '$1')
		.slice(0, longestId);
	if (!/[a-z0-9]/.test(bare)) return undefined;
	const known = byId.get(bare);
	// A bridge to Matrix itself is none.
	if (known === matrixProtocol) return 'other:matrix';
	return known?.id ?? `other:${bare}`;
};

/** @returns the network of an id as `Portal` has it; without one, Matrix. An unknown one is called by its id. */
export const protocolOf = (id: string | undefined): Protocol => {
	if (id === undefined) return matrixProtocol;
	const known = byId.get(id);
	if (known !== undefined) return known;
	const name = id.replace(/^other:/, '');
	return protocol(id, name, [name.slice(0, 2).toUpperCase().padEnd(2, '·'), '#8A8F98'], {
		bots: undefined,
		ghosts: undefined,
	});
};

/**
 * @param room as `RoomRow` has it. `place`: the team or the like, where there are several of the network; untrusted
 * @returns where a room is: `Signal`, `Slack · Acme`
 */
export const placeWords = ({
	protocol,
	place,
}: {
	readonly protocol: string | undefined;
	readonly place?: string | undefined;
}): string => [protocolOf(protocol).name, ...(place === undefined ? [] : [place])].join(' · ');

/** @returns the id of the network that a person names, whatever the case and the blanks; none that nobody knows */
export const networkNamed = (words: string): string | undefined => {
	const id = normalizeProtocolId(words.replaceAll(/\s+/g, ''));
	return protocols.some(each => each.id === id) ? id : undefined;
};
