/** What is said end-to-end encrypted in the demo, and by whom. Change the texts as you like; `encrypted-people.ts` makes them happen. */

/** Who has an encrypted device of their own: name by localpart. */
export const encryptedPeople = {zoe: 'Zoé', theo: 'Théo'} as const;

type Who = keyof typeof encryptedPeople;

export type Line = {readonly who: Who; readonly text: string};

export type EncryptedRoom = {
	/** `undefined`: a conversation of two, which clients call after the other one. */
	readonly name: string | undefined;
	/** Besides you. The first one made the room. */
	readonly members: readonly [Who, ...Who[]];
	/** When the room was made. */
	readonly daysAgo: number;
	/** Said before you had a device: nobody but its sender can ever read it. */
	readonly lost: readonly (Line & {readonly minutesAgo: number})[];
	/** Said as soon as a device of yours can read it. */
	readonly greeting: readonly Line[];
	/** Said in turn when you write; after the last one the first again. */
	readonly answers: readonly [Line, ...Line[]];
};

export const encryptedRooms: readonly EncryptedRoom[] = [
	{
		name: undefined,
		members: ['zoe'],
		daysAgo: 4,
		lost: [{who: 'zoe', text: 'This was for your old phone.', minutesAgo: 3 * 24 * 60}],
		greeting: [
			{who: 'zoe', text: 'There you are! Only your devices and mine can read this.'},
			{who: 'zoe', text: 'I wrote a few days ago too, before this device of yours was there. That one stays locked.'},
			{who: 'zoe', text: 'Say something, and I will answer.'},
		],
		answers: [
			{who: 'zoe', text: 'It came out here just as you wrote it. The server saw noise.'},
			{who: 'zoe', text: 'Sign in on a second device if you like: it will read me as well.'},
			{who: 'zoe', text: 'Have you seen the book club? Théo has opinions.'},
			{who: 'zoe', text: 'I could do this all day. I am a very small program.'},
			{who: 'zoe', text: '👍'},
		],
	},
	{
		name: 'Book club',
		members: ['zoe', 'theo'],
		daysAgo: 20,
		lost: [],
		greeting: [
			{who: 'theo', text: 'Next is “The Left Hand of Darkness”. Who has a copy?'},
			{who: 'zoe', text: 'Me, and I will lend it to whoever promises no coffee stains.'},
		],
		answers: [
			{who: 'theo', text: 'Noted. Chapter three by Thursday?'},
			{who: 'zoe', text: 'Thursday is good for me.'},
			{who: 'theo', text: 'No spoilers, please, I am a slow reader.'},
			{who: 'zoe', text: 'Then we talk about the cover first.'},
		],
	},
];
