/** `mx demo --plain` as somebody hears it: a whole conversation as one readable text, in transcripts/sunday.txt. */
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {spawnMxLines} from '../helpers/lines-program.ts';
import {runMx} from '../helpers/program.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const here = import.meta.dirname;
const scenario = path.join(here, 'scenarios', 'plain.json');
const expected = path.join(here, 'transcripts', 'sunday.txt');

/**
 * What depends on the moment: minutes since the start; and of other rooms is told when it is calm, which is not at the same
 * place each time.
 */
const settled = (transcript: string): string =>
	transcript
		.replaceAll(/^12:4\d /gm, '12:40 ')
		.replaceAll(/ at 12:4\d/g, ' at 12:40')
		.replaceAll(/ of 12:4\d/g, ' of 12:40')
		.replaceAll(/^Elsewhere: .*\n/gm, '')
		.replaceAll(/^\d+ other rooms? ha.*\n/gm, '')
		.replaceAll(/^Encryption: .*\n/gm, '');

const createHome = (): string => {
	const home = path.join(temporaryDirectory(), 'home');
	mkdirSync(home);
	return home;
};

test('a conversation reads well from top to bottom', async t => {
	const home = createHome();
	const mx = spawnMxLines(t, ['demo', '--plain', '--clock', '2026-11-26T12:40Z', '--script', scenario], {
		home,
		env: {HOME: home, MX_HOME: undefined},
	});
	await mx.waitFor('1. Enter sends');
	await mx.waitFor('you joined.');
	await mx.waitFor('Elsewhere: ');
	await mx.say('/rooms minka', 'A number opens one.');
	await mx.say('/go sunday', 'which bus was it again?');
	await mx.say('rain or shine?', 'the paper one');
	await mx.waitFor('perfect');
	await mx.say('which map?', 'changed their message');
	await mx.waitFor('I am in');
	await mx.say('the one with the coffee stain?', 'another room');
	await mx.waitFor('noted!');
	await mx.say('/react 😂', 'You reacted');
	await mx.say('', 'You are in Sunday trip');
	await mx.say('/select 2', 'Selected');
	await mx.say('/reply', 'You answer');
	await mx.say('I bring both, then', 'this one');
	await mx.waitFor('cake at the top');
	await mx.say('/edit', 'Type the new text');
	await mx.say('I bring all of them, then', 'You changed');
	await mx.say('/redact', 'anything else drops it');
	await mx.say('yes', 'You removed');
	await mx.say('/mebmers', 'Did you mean');
	await mx.say('/members', 'A number chooses');
	await mx.say('nad', 'A number chooses');
	await mx.say('/cancel', 'closed');
	await mx.say('/next', 'YOUR shed');
	await mx.say('/leave', 'anything else drops it');
	await mx.say('no', 'Not done');
	mx.end();
	assert.equal(await mx.ended, 0);
	assert.equal(settled(mx.transcript()), readFileSync(expected, 'utf8'));
});

test('without a terminal the screen says what works instead', async () => {
	const home = createHome();
	const {code, stderr} = await runMx(['demo'], {home, env: {HOME: home, MX_HOME: undefined}});
	assert.equal(code, 2);
	assert.match(stderr, /mx demo --plain/);
});
