/** What the rooms of a heavy account are made from: networks, names, halves of sentences. */

/** A network as its bridge shows it. */
export type HeavyNetwork = {
	readonly bot: string;
	readonly ghost: (number: number) => string;
	/** Protocol and what it calls itself; a bridge without tells nothing about itself. */
	readonly protocol?: readonly [id: string, name: string];
	/** Names of rooms are as the network has them. */
	readonly channel: (name: string) => string;
};

const plainName = (name: string): string => name;
const hexOf = (number: number): string => number.toString(16).padStart(12, '0');

/** All that have bridges of their own; plain Matrix is the thirteenth. */
export const heavyNetworks: readonly HeavyNetwork[] = [
	{
		bot: 'signalbot',
		ghost: n => `signal_00000000-0000-4000-8000-${hexOf(n)}`,
		protocol: ['signal', 'Signal'],
		channel: plainName,
	},
	{bot: 'whatsappbot', ghost: n => `whatsapp_4477009${n}`, protocol: ['whatsapp', 'WhatsApp'], channel: plainName},
	{bot: 'telegrambot', ghost: n => `telegram_9${n}`, protocol: ['telegram', 'Telegram'], channel: plainName},
	{
		bot: 'messengerbot',
		ghost: n => `messenger_1000${n}`,
		protocol: ['facebookgo', 'Facebook Messenger'],
		channel: plainName,
	},
	{bot: 'instagrambot', ghost: n => `instagram_2000${n}`, protocol: ['instagramgo', 'Instagram'], channel: plainName},
	{
		bot: 'gmessagesbot',
		ghost: n => `gmessages_2.${n}`,
		protocol: ['gmessages-sms', 'Google Messages (SMS)'],
		channel: plainName,
	},
	{bot: 'discordbot', ghost: n => `discord_3000${n}`, protocol: ['discordgo', 'Discord'], channel: name => `#${name}`},
	{bot: 'slackbot', ghost: n => `slack_t03yard-u${n}`, protocol: ['slackgo', 'Slack'], channel: plainName},
	{bot: 'heisenbridge', ghost: n => `hirc_reefnet_nick${n}`, channel: name => `#${name} (reefnet)`},
	{
		bot: 'googlechatbot',
		ghost: n => `googlechat_4000${n}`,
		protocol: ['googlechat', 'Google Chat'],
		channel: plainName,
	},
	{bot: 'linkedinbot', ghost: n => `linkedin_5000${n}`, protocol: ['linkedin', 'LinkedIn'], channel: plainName},
	{bot: 'gvoicebot', ghost: n => `gvoice_6000${n}`, protocol: ['gvoice', 'Google Voice'], channel: plainName},
	{bot: '', ghost: n => `person${n}`, channel: plainName},
];

/** What names and messages are put together from. */
export const words = {
	givenNames:
		'Ada Ben Chidi Dora Emre Farah Gil Hedda Ivo Jun Kofi Lena Milo Noor Oda Pia Quim Rosa Sven Tala Uma Vito Wren Xenia Yara Zed'.split(
			' ',
		),
	familyNames:
		'Abara Berg Castillo Dahl Eriksen Fischer Garcia Haddad Ito Jansen Kim Larsen Mbeki Novak Okafor Petit Rossi Sato Tanaka Weiss'.split(
			' ',
		),
	things:
		'ferry lantern harbour bicycle kitchen garden radio library roof cinema bakery archive bridge orchard workshop island choir market'.split(
			' ',
		),
	doings: 'repairs plans photos crew club talk rota news ideas swap jokes maps songs'.split(' '),
	openings: [
		'did you see',
		'I think',
		'somebody should look at',
		'good news about',
		'who has the key to',
		'nobody told me about',
		'we should celebrate',
		'remember',
	],
	endings: [
		'before friday?',
		'again :)',
		'tomorrow morning',
		'— thoughts?',
		'and the neighbours',
		'in spring',
		'👍',
		'at last!',
		'if the weather holds',
	],
} as const;
