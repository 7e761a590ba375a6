/** Messenger, by mautrix-meta: a band, and a bicycle whose buyer cannot be answered any more. */
import type {NetworkData} from '../cast.ts';

export const messenger: NetworkData = {
	name: 'Messenger',
	bridge: {
		framework: 'bridgev2',
		appservice: 'messenger',
		bot: {
			localpart: 'messengerbot',
			name: 'Messenger bridge bot',
			answers: ['Unknown command, use the `help` command for help.'],
		},
		ghostPrefix: 'messenger_',
		protocol: {id: 'facebookgo', displayname: 'Facebook Messenger', external_url: 'https://www.facebook.com/messenger'},
		logins: [{id: '100000900142', name: 'You'}],
		hasStatus: true,
		hasReceipts: true,
		features: {
			formatting: {bold: 1, italic: 1, strikethrough: 1, inline_code: 1, code_block: 1, blockquote: 1},
			file: {
				'm.image': {mime_types: {'image/png': 2, 'image/jpeg': 2, 'image/gif': 2}, max_size: 26_214_400},
				'm.file': {mime_types: {'*/*': 2}, max_size: 26_214_400},
			},
			max_text_length: 20_000,
			reply: 2,
			edit: 2,
			edit_max_count: 5,
			edit_max_age: 900,
			delete: 2,
			reaction: 2,
			reaction_count: 1,
			read_receipts: true,
			typing_notifications: true,
		},
		console: [
			{ago: '59d', from: 'messengerbot', notice: 'This room has been marked as your Messenger bridge management room.'},
		],
	},
	people: {
		ines: {
			name: 'Inês Marques',
			id: '100000900310',
			answers: [
				'boa!',
				'the neighbours know that song now. all of it',
				{to: ['drums', 'drum'], say: 'the drums stay in the van', react: '🥁'},
			],
		},
		olek: {name: 'Olek Drums', id: '100000900311', answers: ['BOOM', 'sorry I was practising', 'can we do it faster']},
		wei: {
			name: '魏小雨',
			id: '100000900312',
			answers: ['好的 👍', '哈哈哈', {to: ['bass', 'G#'], say: '我來彈貝斯 🎸'}],
		},
		buyer: {name: 'Pat from the bicycle', id: '100000900313'},
	},
	rooms: {
		band: {
			kind: 'group',
			name: 'The Soggy Biscuits 🎸🥁',
			id: '7000000000000001',
			people: ['ines', 'olek', 'wei'],
			history: [
				{ago: '6d 4h', from: 'ines', say: 'we have a gig. a REAL one. with a stage', as: 'gig'},
				{ago: '6d 4h', from: 'olek', react: '🔥', to: 'gig'},
				{ago: '6d 3h', from: 'wei', say: '真的嗎?!在哪裡?'},
				{ago: '6d 3h', from: 'ines', say: 'the fish market. between the herring and the eels'},
				{ago: '2d 6h', from: 'you', say: 'I can bring the small amplifier', as: 'amplifier'},
				{ago: '2d 6h', from: 'you', read: 'amplifier'},
				{ago: '1d 4h', from: 'wei', say: '請問誰有 G♯ 的譜? 🎼', as: 'score'},
				{ago: '1d 3h', from: 'ines', image: 'setlist.png', width: 160, height: 220, replyTo: 'score'},
				{ago: '14m', from: 'olek', say: 'can we play the fast one slower so that I can play it faster'},
				{ago: '12m', from: 'wei', say: '👩🏽‍🎤❤️‍🔥👨‍👩‍👧‍👦 不行'},
			],
		},
		bike: {
			kind: 'dm',
			id: '100000900313',
			people: ['buyer'],
			failure: {by: 'status', message: 'This person is not available on Messenger'},
			history: [
				{ago: '3d 2h', from: 'buyer', say: 'is the bicycle still available'},
				{ago: '3d 1h', from: 'you', say: 'yes, it even has a bell'},
				{ago: '3d 1h', from: 'buyer', say: 'would you take 5 and a jar of honey'},
				{ago: '3d', from: 'you', say: 'what kind of honey?', as: 'honey'},
				{
					ago: '3d',
					status: 'FAIL_PERMANENT',
					of: 'honey',
					reason: 'm.no_permission',
					message: 'This person is not available on Messenger',
				},
			],
		},
	},
};
