/** Matrix itself: friends, a community, invitations, and people who are not who they seem. */
import type {NetworkData} from '../cast.ts';

/** Tries to draw over the screen, to turn text around, to look like mx itself. */
const escape = '\u001b[2J\u001b[31m\u001b]0;pwned\u0007';
const turned = '\u202Egnp.exe\u202C';
const zalgo = 'H̵̢̛̱̯̳̺̎̾͒̈́e̷̛̟̤̊̄͌̌ ̷̧̝̖͇̓͂c̸̺̠̏̋͊o̶̪͓̐̄m̵͔̠̑̾e̴̢̟͊̃s̸̟̜͑̈́';

export const matrix: NetworkData = {
	name: 'Matrix',
	people: {
		emil: {
			name: 'Emil (compost)',
			id: 'emil',
			answers: [
				{to: ['compost', 'worm', 'worms'], say: 'the worms say hello 🪱'},
				'more leaves, less lemons',
				'see you at the shed',
			],
		},
		fatou: {
			name: 'Fatou Diallo',
			id: 'fatou',
			answers: ['beans in bed four, please', '🌱', 'I have too many courgettes. PLEASE'],
		},
		hana: {name: '花 (Hana)', id: 'hana', answers: ['いいですね!', '写真を送りますね 📷', 'お茶の時間です 🍵']},
		ravi: {
			name: 'Ravi',
			id: 'ravi',
			answers: [
				{to: ['chess', 'knight', 'e4'], say: 'Nf3. your move'},
				'interesting. very interesting',
				'I will think about it for a week',
			],
		},
		fakeMum: {name: 'Mum', id: '@mum1957:freechat.example'},
		fakeSignal: {name: 'Signal Support', id: 'signalbot2'},
		crawler: {name: `mx ▏system\u202E${escape}`, id: '@xX_h4x_Xx:freechat.example'},
	},
	rooms: {
		plot: {
			kind: 'channel',
			name: 'Plot 14: growing things',
			topic: 'Watering rota in the shed. Compost questions: Emil',
			address: 'plot14',
			people: ['emil', 'fatou', 'hana'],
			history: [
				{ago: '6d 5h', from: 'fatou', say: 'the courgettes have become sentient', as: 'courgettes'},
				{ago: '6d 4h', from: 'emil', react: '🥒', to: 'courgettes'},
				{ago: '6d 4h', from: 'hana', react: '🥒', to: 'courgettes'},
				{ago: '2d 4h', from: 'hana', say: 'トマトが赤くなりました 🍅✨', as: 'tomato'},
				{ago: '2d 3h', from: 'hana', image: 'tomatoes.png', width: 200, height: 150},
				{ago: '1d 8h', from: 'emil', say: 'who put lemons into the compost', as: 'lemons'},
				{ago: '1d 7h', from: 'fatou', say: 'define lemons', thread: 'lemons'},
				{ago: '1d 7h', from: 'emil', say: 'yellow. sour. in the compost', thread: 'lemons'},
				{ago: '1d 6h', from: 'you', say: 'it was the tea', thread: 'lemons', as: 'tea'},
				{ago: '1d 6h', from: 'you', read: 'tea'},
				{ago: '1h 5m', from: 'fatou', say: '<del>two</del> twenty courgettes on the bench, take them. TAKE THEM'},
				{ago: '16m', from: 'emil', say: 'You: the rota says you water on thursday', mentions: ['you']},
				{ago: '15m', from: 'emil', say: 'friday, sorry. the rota got wet', replyTo: 'newest'},
			],
		},
		tea: {
			kind: 'group',
			name: '日本語クラブ 🍵',
			topic: '毎週水曜日、少しずつ',
			people: ['hana', 'ravi'],
			history: [
				{ago: '5d 4h', from: 'hana', say: '今週の言葉:「木漏れ日」🌳☀️'},
				{ago: '5d 3h', from: 'ravi', say: 'komorebi! light through leaves'},
				{ago: '5d 2h', from: 'you', say: 'きれいな言葉ですね'},
				{ago: '8h', from: 'hana', say: 'ですよね 👩🏻‍🏫', as: 'yes'},
				{ago: '7h 50m', from: 'you', read: 'yes'},
			],
		},
		oldDev: {
			kind: 'channel',
			name: 'mx development (old)',
			people: ['ravi', 'emil'],
			ago: '200d',
			history: [{ago: '50d', from: 'ravi', say: 'we move, this room is getting creaky'}],
		},
		dev: {
			kind: 'channel',
			name: 'mx development',
			topic: 'Patches, questions, terminal screenshots',
			address: 'mx-dev',
			people: ['ravi', 'emil'],
			ago: '40d',
			replaces: 'oldDev',
			history: [
				{ago: '4d', from: 'ravi', say: 'does anybody use a terminal narrower than 60 columns?'},
				{ago: '3d 23h', from: 'emil', say: 'on my watch'},
				{ago: '3d 22h', from: 'ravi', say: 'I cannot tell whether that is a joke, and I am afraid to ask'},
			],
		},
		hostile: {
			kind: 'group',
			name: `Free ${turned} \u001b[5mprizes\u001b[0m ${zalgo}`,
			people: ['crawler'],
			tag: 'm.lowpriority',
			history: [
				{ago: '5d 1h', from: 'crawler', say: `${escape}You have been hacked, press enter`},
				{
					ago: '5d',
					from: 'crawler',
					say: '\u001b]52;c;cm0gLXJmIH4=\u0007mx: your session has expired. Type your password to continue:',
				},
				{ago: '5d', from: 'crawler', notice: ' mx · signed out · enter the recovery key ▏'},
				{ago: '4d 23h', from: 'crawler', say: `invoice_${turned} ${zalgo.repeat(3)}`},
			],
		},
		forged: {
			kind: 'group',
			name: 'Signal: account check',
			people: ['fakeSignal'],
			ago: '26h',
			state: [
				{
					type: 'm.bridge',
					key: 'signal.example/signal',
					content: {
						bridgebot: '@signalbot2:signal.example',
						creator: '@signalbot2:signal.example',
						protocol: {id: 'signal', displayname: 'Signal', external_url: 'https://signal.example/'},
						channel: {id: 'account-check', displayname: 'Signal: account check'},
						'com.beeper.room_type.v2': 'dm',
					},
				},
			],
			history: [
				{ago: '25h', from: 'fakeSignal', say: 'This is Signal. Please reply with the code that we sent to your phone.'},
			],
		},
		chess: {
			kind: 'group',
			name: 'Chess night ♟️',
			topic: 'Thursdays. Losing is allowed',
			people: ['ravi', 'fatou'],
			ago: '5h',
			you: 'invited',
			greeting: 'you came! white or black? (there is no white left)',
			history: [
				{ago: '4h 50m', from: 'ravi', say: 'board is set'},
				{ago: '4h 40m', from: 'fatou', say: 'I bring the clock and a grudge'},
			],
		},
		stranger: {kind: 'dm', people: ['fakeMum'], ago: '50m', you: 'invited', history: []},
		seeds: {
			kind: 'channel',
			name: 'Seed swap',
			topic: 'Beans for peas, peas for gossip',
			address: 'seed-swap',
			people: ['fatou', 'hana'],
			you: 'outside',
			history: [{ago: '9d', from: 'fatou', say: 'looking for a bean that wants to live'}],
		},
		shed: {
			kind: 'channel',
			name: 'The shed',
			topic: 'Who has the key?',
			address: 'shed',
			people: ['emil'],
			you: 'outside',
			history: [{ago: '12d', from: 'emil', say: 'I have the key. I do not have the shed'}],
		},
	},
	spaces: {
		allotments: {
			kind: 'channel',
			name: 'Allotments on the hill',
			topic: 'Everybody who digs',
			address: 'allotments',
			people: ['emil', 'fatou', 'hana'],
			rooms: ['plot', 'seeds', 'shed'],
			history: [],
		},
	},
};
