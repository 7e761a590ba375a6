/** SMS and RCS, by mautrix-gmessages: the phone that sends them is offline, so nothing leaves. */
import type {NetworkData} from '../cast.ts';

const phoneIsOffline = 'Your phone is not responding. Check that it is on and has a connection';

export const sms: NetworkData = {
	name: 'SMS',
	bridge: {
		framework: 'bridgev2',
		appservice: 'gmessages',
		bot: {
			localpart: 'gmessagesbot',
			name: 'Google Messages bridge bot',
			answers: [
				{to: ['list-logins'], say: '* `SIM 1, +44 7700 900142` - `TRANSIENT_DISCONNECT`'},
				'Unknown command, use the `help` command for help.',
			],
		},
		ghostPrefix: 'gmessages_',
		protocol: {id: 'gmessages', displayname: 'Google Messages', external_url: 'https://messages.google.com/'},
		logins: [{id: 'demo/447700900142', name: '+44 7700 900142'}],
		features: {
			file: {
				'm.image': {mime_types: {'image/png': 2, 'image/jpeg': 2}, max_size: 104_857_600},
				'm.file': {mime_types: {'*/*': 1}, max_size: 104_857_600},
			},
			thread: 0,
			reply: 0,
			edit: 0,
			delete: 0,
			delete_for_me: true,
			reaction: 1,
			reaction_count: 1,
			read_receipts: false,
			typing_notifications: false,
		},
		console: [
			{
				ago: '59d',
				from: 'gmessagesbot',
				notice: 'This room has been marked as your Google Messages bridge management room.',
			},
			{
				ago: '1h 25m',
				from: 'gmessagesbot',
				say: `TRANSIENT_DISCONNECT: ${phoneIsOffline}`,
				more: {
					'fi.mau.bridge_state': {
						state_event: 'TRANSIENT_DISCONNECT',
						error: 'gm-phone-not-responding',
						message: phoneIsOffline,
						user_action: 'OPEN_NATIVE',
						remote_id: 'demo/447700900142',
						remote_name: '+44 7700 900142',
						source: 'bridge',
						ttl: 3600,
					},
				},
			},
		],
	},
	people: {
		lars: {name: 'Lars (plumber)', id: '1.17'},
		parcels: {name: 'PARCELBOX', id: '1.23'},
		annaBySms: {name: 'Anna K.', id: '1.5', identifiers: ['tel:+447700900118']},
	},
	rooms: {
		lars: {
			kind: 'dm',
			id: '1.17',
			transport: 'rcs',
			people: ['lars'],
			failure: {by: 'notice', message: 'phone is not responding'},
			history: [
				{ago: '2d 9h', from: 'you', say: 'good morning, the tap has developed a personality'},
				{ago: '2d 8h', from: 'lars', say: 'dripping or singing'},
				{ago: '2d 8h', from: 'you', say: 'humming, mostly in G', as: 'humming'},
				{ago: '2d 8h', from: 'lars', say: 'washer. I come thursday, 8 to 18 oclock'},
				{ago: '2d 7h', from: 'you', say: 'then I hum along until thursday', as: 'along'},
				{
					ago: '2d 7h',
					from: 'gmessagesbot',
					notice: '⚠️ Your message may not have been bridged: timed out waiting for the phone',
					replyTo: 'along',
				},
				{ago: '1h 20m', from: 'you', say: 'could you say that a little more precisely?', as: 'precise'},
				{
					ago: '1h 19m',
					from: 'gmessagesbot',
					notice: '⚠️ Your message was not bridged: phone is not responding',
					replyTo: 'precise',
				},
			],
		},
		parcels: {
			kind: 'dm',
			id: '1.23',
			transport: 'sms',
			people: ['parcels'],
			failure: {by: 'notice', message: 'phone is not responding'},
			history: [
				{ago: '8d', from: 'parcels', say: 'Your parcel is on its way.'},
				{ago: '5d', from: 'parcels', say: 'Your parcel is still on its way.', as: 'still'},
				{ago: '4d', from: 'you', read: 'still'},
				{ago: '1d 1h', from: 'parcels', say: 'Your parcel has seen the sea. Code for locker 7: 4711'},
				{ago: '9m', from: 'parcels', say: 'Your parcel was left with: A CAT (grey).'},
			],
		},
		annaBySms: {
			kind: 'dm',
			id: '1.5',
			transport: 'sms',
			people: ['annaBySms'],
			tag: 'm.favourite',
			ago: '300d',
			failure: {by: 'notice', message: 'phone is not responding'},
			history: [{ago: '90d', from: 'annaBySms', say: 'new phone, who is this. (it is me. I am on Signal now)'}],
		},
	},
};
