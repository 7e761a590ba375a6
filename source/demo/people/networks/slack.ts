/** Slack twice: a team by mautrix-slack, and a room of the older matrix-appservice-slack, which tells nothing about itself. */
import type {NetworkData} from '../cast.ts';

const buildLog = Array.from({length: 40}, (_, line) =>
	line === 37 ? 'FAILED tide-tables: expected high water, got a very low one' : `[${line}/40] compiling pier-${line}`,
).join('\n');

export const slack: NetworkData = {
	name: 'Slack',
	bridge: {
		framework: 'bridgev2',
		appservice: 'slack',
		bot: {
			localpart: 'slackbot',
			name: 'Slack bridge bot',
			answers: ['Unknown command, use the `help` command for help.'],
		},
		ghostPrefix: 'slack_t02harbour-',
		protocol: {id: 'slackgo', displayname: 'Slack', external_url: 'https://slack.com/'},
		network: {id: 'T02HARBOUR', displayname: 'Harbour Works'},
		logins: [{id: 'T02HARBOUR-U01YOU', name: 'you - Harbour Works', ownGhost: 'youOnSlack'}],
		hasDoublePuppet: true,
		hasReceipts: true,
		features: {
			formatting: {
				bold: 2,
				italic: 2,
				strikethrough: 2,
				inline_code: 2,
				code_block: 2,
				blockquote: 2,
				unordered_list: 2,
				user_link: 2,
			},
			file: {
				'm.image': {mime_types: {'*/*': 2}, caption: 2, max_size: 1_073_741_824},
				'm.file': {mime_types: {'*/*': 2}, caption: 2, max_size: 1_073_741_824},
			},
			max_text_length: 40_000,
			location_message: -2,
			poll: -2,
			thread: 2,
			reply: 0,
			edit: 2,
			delete: 2,
			reaction: 2,
			custom_emoji_reactions: true,
			read_receipts: true,
			typing_notifications: true,
		},
		console: [
			{ago: '59d', from: 'slackbot', notice: 'This room has been marked as your Slack bridge management room.'},
		],
	},
	people: {
		youOnSlack: {name: 'you', id: 'u01you'},
		priya: {
			name: 'Priya',
			id: 'u02priya',
			answers: [
				'on it',
				{to: ['build', 'red', 'green'], say: 'green in 5. or in 50', react: '🤞'},
				'let us take that to a thread',
				'coffee first',
			],
		},
		jonas: {
			name: 'Jonas Weber',
			id: 'u03jonas',
			answers: [
				'works on my machine',
				{to: ['why', 'broke', 'broken'], say: 'in my defence, it was friday'},
				'ship it 🚢',
			],
		},
		yuki: {name: '雪 (Yuki)', id: 'u04yuki', answers: ['了解です', 'ありがとうございます 🙏', 'looking']},
		buildbot: {name: 'Buildbot (bot)', id: 'b0build'},
	},
	rooms: {
		general: {
			kind: 'channel',
			name: 'general',
			topic: 'Everything that is not a crane',
			id: 'T02HARBOUR-C0GENERAL',
			people: ['priya', 'jonas', 'yuki', 'buildbot', 'youOnSlack'],
			history: [
				{ago: '3d 7h', from: 'yuki', say: 'おはようございます! 今日は霧がすごいですね 🌫️'},
				{ago: '3d 7h', from: 'jonas', say: 'I cannot see the crane. I AM in the crane'},
				{ago: '1d 5h', from: 'priya', say: 'who broke the build?', as: 'build'},
				{ago: '1d 5h', from: 'jonas', say: 'define broke', thread: 'build'},
				{ago: '1d 5h', from: 'priya', say: 'red. smoking. the tide tables are upside down', thread: 'build'},
				{ago: '1d 4h', from: 'jonas', file: 'build-1207.log', mimetype: 'text/plain', text: buildLog, thread: 'build'},
				{ago: '1d 4h', from: 'you', say: 'line 37: that is low water, not high', thread: 'build', as: 'found'},
				{ago: '1d 4h', from: 'priya', react: '🦅', to: 'found'},
				{ago: '1d 4h', from: 'yuki', react: '🦅', to: 'found'},
				{ago: '1d 4h', from: 'you', read: 'found'},
				{ago: '26m', from: 'jonas', say: 'fixed. the moon was in the wrong time zone', thread: 'build'},
				{ago: '24m', from: 'yuki', say: 'すごい! 🎉', as: 'great'},
				{ago: '23m', from: 'priya', react: '🎉', to: 'great'},
				{ago: '5m', from: 'priya', say: 'You, could you look at the pier numbers before lunch?', mentions: ['you']},
				{ago: '4m', from: 'yuki', emote: 'hides the biscuits'},
			],
		},
		deploys: {
			kind: 'channel',
			name: 'deploys',
			id: 'T02HARBOUR-C0DEPLOYS',
			people: ['buildbot', 'jonas', 'youOnSlack'],
			isMuted: true,
			history: [
				{ago: '2d', from: 'buildbot', say: 'pier-service 41 is live', profile: 'Deploys'},
				{ago: '1d 8h', from: 'jonas', say: 'rolling back, seagulls', as: 'seagulls'},
				{ago: '1d 8h', from: 'you', read: 'seagulls'},
				{ago: '1d 7h', from: 'buildbot', say: 'pier-service 40 is live again', profile: 'Deploys'},
				{ago: '3h 40m', from: 'buildbot', say: 'pier-service 42 is live', profile: 'Deploys'},
			],
		},
		priya: {
			kind: 'dm',
			name: 'Priya',
			id: 'T02HARBOUR-D0PRIYA',
			isHesitant: true,
			people: ['priya', 'youOnSlack'],
			history: [
				{ago: '4d 3h', from: 'you', say: 'do we have a rule against naming servers after soup?', phone: true},
				{ago: '4d 3h', from: 'priya', say: 'no. I was hoping nobody would ask'},
				{ago: '4h 10m', from: 'priya', say: 'minestrone is down', as: 'soup'},
				{ago: '4h', from: 'you', say: 'have you tried stirring it?', replyTo: 'soup'},
				{ago: '3h 55m', from: 'priya', react: '🥄', to: 'newest'},
			],
		},
	},
};

export const oldSlack: NetworkData = {
	name: 'Slack',
	bridge: {
		framework: 'appservice-slack',
		appservice: 'slack-old',
		bot: {localpart: 'slackbridge', name: 'Slack Bridge'},
		ghostPrefix: 'slack_T0BOOKS_',
		protocol: {id: 'slack', displayname: 'Slack'},
		logins: [],
		console: [
			{ago: '59d', from: 'you', say: 'list'},
			{ago: '59d', from: 'slackbridge', notice: 'C0NOVELS #novels -> linked, is it'},
		],
	},
	people: {
		kai: {name: 'kai', id: 'U0KAI', answers: ['chapter twelve!!', 'no spoilers please', 'I liked the whale']},
		marta: {name: 'marta', id: 'U0MARTA', answers: ['I am still on the first page', 'audiobook counts']},
	},
	rooms: {
		novels: {
			kind: 'channel',
			name: '#novels',
			topic: 'This month: the one with the whale',
			address: 'novels',
			people: ['kai', 'marta'],
			history: [
				{ago: '7d 2h', from: 'kai', say: 'who finished it?'},
				{ago: '7d 1h', from: 'marta', say: 'does the introduction count'},
				{ago: '2d 7h', from: 'kai', say: 'the introduction is 80 pages, so yes', as: 'intro'},
				{ago: '2d 6h', from: 'you', read: 'intro'},
				{ago: '6h 30m', from: 'marta', say: 'update: I have met the whale'},
			],
		},
	},
};
