/** The inbox in sections: folding, walking over headers, the order of the person, and that a message moves one row. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, suite, test} from 'node:test';
import {fixedSections, type InboxSection} from '../../source/domain/inbox-section.ts';
import {createInbox, sectionOfRow} from '../../source/view-models/inbox.ts';
import {inSectionOrder, movedSection, sectionLine} from '../../source/view-models/inbox-sections.ts';
import {lineWidth, type ScreenLine} from '../../source/view-models/screen-line.ts';
import {now, openSampleAccount, state, text, type SampleAccount} from '../ui/sample-account.ts';

const section = (id: number, more: Partial<InboxSection> = {}): InboxSection => ({
	id,
	protocol: undefined,
	network: undefined,
	networkName: undefined,
	account: undefined,
	accountName: undefined,
	rooms: 1,
	unread: 0,
	invitations: 0,
	mentions: 0,
	trouble: undefined,
	...more,
});

const {requests, favourites, matrix, bridges} = fixedSections;
const signal = section(5, {protocol: 'signal'});
const acme = section(6, {protocol: 'slack', network: 'T1', networkName: 'acme'});
const umbrella = section(7, {protocol: 'slack', network: 'T2', networkName: 'Umbrella'});
const unknown = section(8, {protocol: 'other:carrier-pigeon'});
const ids = (sections: readonly InboxSection[]): readonly number[] => sections.map(({id}) => id);
const lineText = (line: ScreenLine): string => line.map(part => part.text).join('');

suite('the order of sections', () => {
	test('requests and favourites are on top, then the networks as mx knows them, then Matrix and the bots', () => {
		const all = [
			section(bridges),
			section(matrix),
			unknown,
			umbrella,
			acme,
			signal,
			section(favourites),
			section(requests),
		];
		assert.deepEqual(ids(inSectionOrder(all, [])), [requests, favourites, 5, 6, 7, 8, matrix, bridges]);
	});

	test('a section moves by places, and one that the person has not placed stands behind its neighbour', () => {
		const all = inSectionOrder([section(requests), signal, acme, section(matrix)], []);
		const order = movedSection(all, section(matrix), -1);
		assert.deepEqual(ids(inSectionOrder(all, order)), [requests, 5, matrix, 6]);
		assert.deepEqual(ids(inSectionOrder([...all, umbrella], order)), [requests, 5, matrix, 6, 7]);
		assert.deepEqual(movedSection(all, signal, -1), movedSection(all, signal, 0));
		assert.deepEqual(ids(inSectionOrder(all, ['nonsense', ...order])), [requests, 5, matrix, 6]);
	});

	test('a header is as wide as the inbox, whatever the network is called', () => {
		const hostile = section(9, {
			protocol: 'slack',
			network: 'T',
			networkName: '\u202E\u001B[31mمرحبا 🧗🏽 '.repeat(9),
			unread: 1200,
			mentions: 3,
		});
		for (const width of [12, 26, 36]) {
			const drawn = sectionLine(hostile, {width, isFolded: false, isSelected: true});
			const line = lineText(drawn);
			assert.equal(lineWidth(drawn), width);
			assert.match(line, /1200@ $/);
			assert.doesNotMatch(line, /[\u001B\u202E]/);
		}
	});
});

test('a header says how the login is, by a sign where words have no room', () => {
	const of = (trouble: InboxSection['trouble'], width: number): string =>
		lineText(sectionLine({...signal, unread: 3, trouble}, {width, isFolded: false, isSelected: false})).trim();
	assert.equal(of('logged-out', 36), '▾ SG Signal        ✗ logged out   3');
	assert.equal(of('connecting', 36), '▾ SG Signal      ⚠ reconnecting   3');
	assert.equal(of('logged-out', 24), '▾ SG Signal       ✗   3');
	const chosen = sectionLine({...signal, trouble: 'logged-out'}, {width: 50, isFolded: false, isSelected: true});
	assert.match(lineText(chosen), /✗ logged out — r: relogin/);
});

let account: SampleAccount;

beforeEach(() => {
	account = openSampleAccount();
});

afterEach(() => account.close());

const addRoom = (name: string, protocol?: string, unread = 0): number => {
	const [rid = 0] = account.sync({
		id: `!${name}:one.test`,
		state: [state('m.room.name', '', {name})],
		timeline: [text('@anna:one.test', 'hello')],
		unread,
	});
	if (protocol !== undefined) account.bridge(rid, {protocol, bot: `@${protocol}bot:one.test`});
	return rid;
};

const openInbox = () => {
	let time = now;
	const inbox = createInbox(account.reader, () => time);
	inbox.refresh();
	const rows = (height = 30) => inbox.view({width: 36, height, isFocused: true}).rows;
	const names = (height?: number): readonly string[] =>
		rows(height).map(({line}) =>
			lineText(line)
				.trim()
				.replace(/ {2,}.*/, ''),
		);
	const walk = (steps: number): void => {
		const room = inbox.walk(steps);
		if (room !== undefined) inbox.select(room.rid);
	};
	const fold = (...folded: readonly string[]): void => {
		inbox.setLayout({...inbox.layout(), folded});
		inbox.layoutStored();
	};
	return {inbox, rows, names, walk, fold, pass: (milliseconds: number) => void (time += milliseconds)};
};

suite('the inbox in sections', () => {
	test('without a bridge it is one list without headers', () => {
		addRoom('one');
		addRoom('two');
		assert.deepEqual(openInbox().names(), ['two', 'one']);
	});

	test('rooms stand under the headers of their networks', () => {
		addRoom('plain');
		addRoom('anna', 'signal', 2);
		addRoom('mum', 'signal');
		addRoom('jane', 'irc');
		assert.deepEqual(openInbox().names(), ['▾ SG Signal', '• anna', 'mum', '▾ IR IRC', 'jane', '▾ MX Matrix', 'plain']);
	});

	test('a folded section is one step, and Alt with an arrow goes over it', () => {
		const first = addRoom('anna', 'signal');
		addRoom('jane', 'irc');
		const last = addRoom('plain');
		const {inbox, names, walk, fold} = openInbox();
		inbox.select(first);
		fold('irc');
		walk(1);
		assert.equal(inbox.isOnHeader(), true);
		assert.equal(inbox.currentSection()?.protocol, 'irc');
		assert.deepEqual(names(), ['▾ SG Signal', 'anna', '▸ IR IRC', '▾ MX Matrix', 'plain']);
		assert.equal(inbox.selectedRid(), first);
		walk(1);
		assert.equal(inbox.selectedRid(), last);
		assert.equal(inbox.isOnHeader(), false);
		assert.equal(inbox.neighbour(-1)?.rid, first);
		walk(-1);
		assert.equal(inbox.neighbour(1)?.rid, last);
		assert.equal(inbox.neighbour(-1)?.rid, first);
	});

	test('the section of the open room can be folded: its header stands for it', () => {
		const first = addRoom('anna', 'signal');
		const last = addRoom('plain');
		const {inbox, names, walk, fold} = openInbox();
		inbox.select(first);
		fold('signal');
		assert.deepEqual(names(), ['▸ SG Signal', '▾ MX Matrix', 'plain']);
		assert.equal(inbox.currentSection()?.protocol, 'signal');
		walk(1);
		assert.equal(inbox.selectedRid(), last);
		walk(-1);
		fold();
		assert.deepEqual(names(), ['▾ SG Signal', 'anna', '▾ MX Matrix', '▸ plain']);
	});

	test('in one list by time each room says its network', () => {
		addRoom('plain');
		addRoom('anna', 'signal', 2);
		const {inbox, names} = openInbox();
		inbox.setLayout({...inbox.layout(), isByTime: true});
		assert.deepEqual(names(), ['• SG anna', 'MX plain']);
	});

	test('what another device has laid out holds, but not while a change of this one is on its way', () => {
		addRoom('plain');
		addRoom('anna', 'signal');
		const {inbox, names} = openInbox();
		account.tell('chat.mx.inbox', {folded: ['signal', 7, 'matrix'], is_by_time: 'yes'});
		inbox.refresh();
		assert.deepEqual(names(), ['▸ SG Signal', '▸ MX Matrix']);
		inbox.setLayout({...inbox.layout(), folded: []});
		inbox.refresh();
		assert.deepEqual(names(), ['▾ SG Signal', 'anna', '▾ MX Matrix', 'plain']);
	});

	test('a new message moves one row, and its header and row are all that is drawn anew', () => {
		for (let index = 0; index < 12; index += 1) addRoom(`room${index}`, ['signal', 'irc', 'slack'][index % 3]);
		const {inbox, rows, names} = openInbox();
		const [before, namesBefore] = [rows(), names()];
		account.sync({id: '!room6:one.test', timeline: [text('@anna:one.test', 'news')], unread: 1});
		inbox.refresh();
		const fresh = rows().filter(row => !before.includes(row));
		assert.deepEqual(
			fresh.map(({rid, line}) => (sectionOfRow(rid) === undefined ? lineText(line).trim().slice(0, 7) : 'header')),
			['header', '• room6'],
		);
		const others = (list: readonly string[]): readonly string[] => list.filter(name => !/room6$|Signal/.test(name));
		assert.deepEqual(others(names()), others(namesBefore));
	});

	test('hundreds of rooms in sections can be walked through, and the cursor stays in sight', () => {
		account.account.write(() => {
			for (let index = 0; index < 240; index += 1) addRoom(`room${index}`, index % 2 === 0 ? 'signal' : undefined);
		});
		const {inbox, walk, rows} = openInbox();
		const visited = new Set<number | undefined>();
		for (let step = 0; step < 240; step += 1) {
			walk(1);
			visited.add(inbox.selectedRid());
			assert.ok(rows(12).some(({rid}) => rid === inbox.selectedRid()));
		}
		assert.equal(visited.size, 240);
	});

	test('a section is entered by its number: at its first room, or at its header where it is folded', () => {
		addRoom('anna', 'signal');
		addRoom('plain');
		const {inbox, fold} = openInbox();
		const [first, second] = inbox.sections();
		assert.equal(inbox.enterSection(second?.id ?? 0)?.name, 'plain');
		fold('signal');
		assert.equal(inbox.enterSection(first?.id ?? 0), undefined);
		assert.equal(inbox.isOnHeader(), true);
	});
});
