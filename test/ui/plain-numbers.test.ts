/** The linear view: polls and forms, which are chosen from by numbers. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {literal} from '../../source/text/safe-text.ts';
import {lineText} from '../../source/view-models/plain-text.ts';
import {span, writtenSpan} from '../../source/view-models/screen-line.ts';
import {waiting} from './message-session.ts';
import {setUpPlain} from './plain-session.ts';
import {at, event} from './sample-account.ts';
import {addLunch, anna, lunch} from './sample-screen.ts';

const sample = setUpPlain();
const {open, openLunch} = sample;

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
		addLunch(sample.account, {timeline: [asked]});
		const {plain} = await open();
		await plain.say('/go lunch', '/vote and a number votes.');
		assert.match(
			plain.said(),
			/12:44 Anna Kowalska: a poll: red or white\?\n {4}1\. red, 0 votes\n {4}2\. white, 0 votes/,
		);
		await plain.say('/vote 2', 'Done.');
		assert.equal(waiting(sample.account, lunch).length, 1);
	});

	test('a hit of a search is one message: who said it, where, when and what', async () => {
		addLunch(sample.account);
		const {plain} = await openLunch();
		await plain.say('/search salad', '1. Anna Kowalska in Sunday lunch, 12:39: the salad, please\n');
		await plain.say('/cancel', 'The list is closed.');
	});

	test('marks are said as words', () => {
		const own = span(literal`  ✓✓`, 'muted');
		assert.equal(lineText([span(literal`12:40  you`), own]), '12:40, you, delivered');
		assert.equal(lineText([span(literal`⤷ `, 'muted'), writtenSpan(literal`see you ✓`)]), 'thread: see you ✓');
	});

	test('a form is filled in by numbers', async () => {
		addLunch(sample.account);
		const {plain, fake} = await openLunch({answers: {createRoom: async () => ({roomId: lunch})}});
		await plain.say('/create', '1. Name, empty');
		assert.match(plain.said(), /7\. Address, empty, such as kitchen/);
		assert.doesNotMatch(plain.said(), /[‹›]|more goes on|^, ?$/m);
		await plain.say('1', 'Type what it shall be');
		await plain.say('Kitchen', 'Name, Kitchen');
		await plain.say('3', 'Kind, space, for rooms.');
		await plain.say('3', 'Kind, room.');
		await plain.say('9', 'The room is made.');
		assert.equal(fake.of('createRoom')[0]?.['name'], 'Kitchen');
	});
});
