import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {roomLimits} from '../../source/bridges/capabilities.ts';
import {literal, safeText} from '../../source/text/safe-text.ts';
import {hintLine, type HintFacts} from '../../source/view-models/composer-hint.ts';
import {lineWidth, span} from '../../source/view-models/screen-line.ts';
import {samplePortal} from '../helpers/sample-portal.ts';
import {lunchRoom} from './sample-room.ts';
import {keyOf} from './default-keys.ts';

const show = (more: Partial<HintFacts>, width = 53): string => {
	const facts = {
		room: lunchRoom,
		pane: 'composer',
		text: '',
		command: undefined,
		isStoring: false,
		isOnline: true,
		isDiskRefusing: false,
		keyOf,
		...more,
	} as const;
	const line = hintLine(facts, width);
	assert.ok(lineWidth(line) <= width);
	return line.map(({text}) => text).join('');
};

suite('the hint below the composer', () => {
	test('it says for whom Enter is', () => {
		assert.equal(show({}), '^J new line · / commands  Enter sends to Sunday lunch');
		assert.equal(show({}, 40), '/ commands   Enter sends to Sunday lunch');
		assert.equal(show({}, 20), 'Enter sends to Sund…');
	});

	test('the reminder of a mode was cut beside the inbox: it is as long as there is room, and what the network takes stays', () => {
		const words = ['NORMAL · i writes · Enter sends · Esc selects a message', 'NORMAL · i writes', 'NORMAL'];
		const mode = words.map(each => span(literal`${safeText(each, 'line')}`));
		assert.equal(show({mode, text: 'x'}, 60), words[0]);
		assert.equal(show({mode, text: 'x'}, 51), words[1]);
		assert.equal(show({mode, text: 'x'}, 8), words[2]);
		const limits = roomLimits(samplePortal(), []);
		assert.match(show({mode, text: 'x', limits}, 82), /^NORMAL · i writes · Enter sends.* Signal · 2000 characters$/);
		assert.match(show({mode, text: 'x', limits}, 51), /^NORMAL +Signal · 2000 characters/);
	});

	test('without a connection Enter does not send', () => {
		assert.match(show({isOnline: false}), /Enter keeps it for Sunday lunch$/);
	});

	test('with a disk that takes nothing Enter promises nothing', () => {
		assert.equal(show({isOnline: false, isDiskRefusing: true}), 'what you write stays here for now');
	});

	test('it counts the lines of a text that is longer than the composer', () => {
		const text = 'line\n'.repeat(199);
		assert.match(show({text}), /Enter sends 200 lines to Sunday lunch$/);
		assert.match(show({text, isOnline: false}), /Enter keeps 200 lines for Sunday lunch$/);
	});

	test('where the network is logged out, that is said, at every width', () => {
		const outage = {
			bot: '@signalbot:one.test',
			protocol: 'signal',
			rid: 1,
			account: 'abc',
			name: '+49 151',
			condition: 'logged-out',
			state: 'bad_credentials',
			error: undefined,
			message: undefined,
			remedy: 'relogin',
			since: 0,
		} as const;
		const whole = 'Signal (+49 151) is logged out: nothing arrives there · /bridge relogin signal abc';
		assert.ok(show({outage}, 120).startsWith(whole));
		assert.match(show({outage}, 80), /^Signal is logged out: nothing arrives there +Enter sends to/);
		assert.match(show({outage, writing: 'edit'}, 80), /nothing arrives there +Enter saves the edit$/);
		assert.equal(show({outage}, 53), 'Signal (+49 151) is logged out: nothing arrives there');
		assert.equal(show({outage}, 40), 'Signal is logged out: nothing arrives t…');
		const failed = {...outage, condition: 'failed', remedy: 'restart'} as const;
		assert.equal(show({outage: failed, text: 'hello'}), 'Signal is out of order: nothing arrives there');
	});

	test('in the inbox Enter does not send either', () => {
		assert.match(show({pane: 'inbox'}), /^↑ ↓ other rooms +Enter goes to Sunday lunch$/);
		assert.equal(show({pane: 'inbox', room: undefined}), '');
		// What the inbox was narrowed to, not what is open.
		const target = {...lunchRoom, rid: 9, name: 'Chess night'};
		assert.match(show({pane: 'inbox', target}), / Enter goes to Chess night$/);
	});

	test('in the inbox Enter on a folded section unfolds it, and what is logged out is signed in at by a key', () => {
		const section = {name: literal`Signal`, isHeader: true, cure: literal`signs in again`};
		assert.match(show({pane: 'inbox', section}), /^r signs in again +Enter unfolds Signal$/);
		const row = {...section, isHeader: false};
		assert.match(show({pane: 'inbox', section: row}), /^r signs in again +Enter goes to Sunday lunch$/);
		assert.match(show({pane: 'inbox', section: {...row, cure: undefined}}), /^↑ ↓ other rooms/);
	});

	test('a command says what it does, in every room and without one', () => {
		const command = span(literal`/quit  Quit mx`, 'muted');
		assert.equal(show({text: '/quit', command}), '/quit  Quit mx');
		assert.equal(show({text: '/quit', command, room: undefined}), '/quit  Quit mx');
		assert.equal(show({text: '/quit', command, room: {...lunchRoom, membership: 'leave'}}), '/quit  Quit mx');
	});

	test('where nothing can be written nothing is promised', () => {
		assert.equal(show({room: {...lunchRoom, membership: 'invite'}}), '');
		assert.equal(show({room: {...lunchRoom, membership: 'leave'}}), '');
		assert.equal(
			show({room: {...lunchRoom, membership: 'leave'}, text: 'hi'}),
			'you are not in this room any more · / commands',
		);
	});
});
