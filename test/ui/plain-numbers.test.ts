/** The linear view: polls and forms, which are chosen from by numbers. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {createFakeSession} from '../helpers/screen.tsx';
import {storingAnswers, waiting} from './message-session.ts';
import {openPlain, type OpenedPlain} from './plain-session.ts';
import {at, event, openSampleAccount, type SampleAccount} from './sample-account.ts';
import {addLunch, anna, lunch} from './sample-screen.ts';

let account: SampleAccount;
let opened: OpenedPlain | undefined;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(async () => {
	await opened?.close();
	assert.deepEqual(opened?.problems ?? [], []);
	opened = undefined;
	account.close();
});

const open = async (
	options: {readonly isEchoed?: boolean; readonly answers?: Parameters<typeof createFakeSession>[0]} = {},
) => {
	const {answers, ...rest} = options;
	const loadOlder = async () => ({hasMore: false});
	const fake = createFakeSession({loadOlder, ...storingAnswers(account), ...answers});
	const plain = await openPlain({reader: account.reader, session: fake.session, ...rest});
	opened = plain;
	return {plain, fake};
};

/** Opens the lunch. */
const openLunch = async (options: Parameters<typeof open>[0] = {}) => {
	const both = await open(options);
	await both.plain.say('/go Sunday lunch', 'the salad, please');
	return both;
};

suite('numbers in the linear view', () => {
	test('a poll is said with its answers and how they stand, and a number votes', async () => {
		const asked = event(
			anna,
			{
				'org.matrix.msc3381.poll.start': {
					question: {'org.matrix.msc1767.text': 'red or white?'},
					kind: 'org.matrix.msc3381.poll.disclosed',
					answers: ['red', 'white'].map(each => ({id: each, 'org.matrix.msc1767.text': each})),
				},
			},
			{type: 'org.matrix.msc3381.poll.start', origin_server_ts: at('12:44')},
		);
		addLunch(account, {timeline: [asked]});
		const {plain} = await open();
		await plain.say('/go lunch', '/vote and a number votes.');
		assert.match(
			plain.said(),
			/12:44 Anna Kowalska: a poll: red or white\?\n {4}1\. red, 0 votes\n {4}2\. white, 0 votes/,
		);
		await plain.say('/vote 2', 'Done.');
		assert.equal(waiting(account, lunch).length, 1);
	});

	test('a form is filled in by numbers', async () => {
		addLunch(account);
		const {plain, fake} = await openLunch({answers: {createRoom: async () => ({roomId: lunch})}});
		await plain.say('/create', '1. Name, empty');
		assert.match(plain.said(), /7\. Address, empty, such as kitchen/);
		assert.doesNotMatch(plain.said(), /[‹›]|more goes on/);
		await plain.say('1', 'Type what it shall be');
		await plain.say('Kitchen', 'Name, Kitchen');
		await plain.say('3', 'Kind, space, for rooms.');
		await plain.say('3', 'Kind, room.');
		await plain.say('9', 'The room is made.');
		assert.equal(fake.of('createRoom')[0]?.['name'], 'Kitchen');
	});
});
