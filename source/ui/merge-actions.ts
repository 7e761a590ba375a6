/** What commands do to say who is one person: whom the open chat may be with too, and taking chats out again. */
import {reasonWords} from '../bridges/person-suggestions.ts';
import {protocolOf} from '../bridges/protocols.ts';
import type {MergeActions} from '../commands/merge-actions.ts';
import {serverNameOf} from '../domain/identifiers.ts';
import type {JsonObject} from '../domain/json.ts';
import type {Contact, PersonSuggestion} from '../domain/people-requests.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {textWidth} from '../text/width.ts';
import {createFuzzy, emphasised} from '../view-models/fuzzy.ts';
import {networkLabel} from '../view-models/network-label.ts';
import type {PanelRow} from '../view-models/panel.ts';
import {yesQuestion} from '../view-models/question.ts';
import {boldSpan, cutLine, lineWidth, span, spreadLine, type ScreenLine} from '../view-models/screen-line.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type MergeOptions = ScreenPort & {
	readonly reader: Pick<AccountReader, 'contacts' | 'room'>;
};

/** Chats that are shown of what was found. */
const mostFound = 100;

/** Key of the row that takes all chats out. */
const allKey = 'all';

const networkOf = ({protocol}: Contact): SafeText => safeText(protocolOf(protocol).name, 'name');

const nameOf = ({name, personName, userId}: Contact): SafeText => safeText(personName ?? name, 'name', userId);

/** Cells of the words around names, networks and ids in the question. */
const questionCells = 52;

/** Fewer cells for both ids are none for a server and the name of a network. */
const wholeCells = 40;

/** The beginning of a user id, and its server where there is room for it. */
const shortId = (userId: string, cells: number, hasServer: boolean): SafeText => {
	const id = safeText(userId, 'name');
	if (id.length <= cells) return id;
	const server = hasServer ? literal`:${safeText(serverNameOf(userId), 'name')}` : literal``;
	return literal`${safeText(userId.slice(0, Math.max(6, cells - server.length - 1)), 'name')}…${server}`;
};

/** `Anna (Signal, @signal_4f:example.org)`: whom a sentence is about must be seen. */
const whole = (contact: Contact, cells: number): SafeText =>
	literal`${nameOf(contact)} (${networkOf(contact)}, ${shortId(contact.userId, cells, true)})`;

/** What is asked before two are one, as far as a line goes. @param columns of the terminal */
const mergeQuestion = (from: Contact, into: Contact, columns: number): SafeText => {
	const both = [from, into];
	const names = both.reduce((sum, each) => sum + textWidth(nameOf(each)), questionCells);
	const cells = columns - both.reduce((sum, each) => sum + networkOf(each).length, names);
	// What the shorter id leaves is the longer one's.
	const cellsOf = (other: Contact): number => Math.max(Math.floor(cells / 2), cells - other.userId.length);
	if (cells >= wholeCells) return literal`Merge ${whole(from, cellsOf(into))} into ${whole(into, cellsOf(from))}?`;
	// The list has just shown whose id that is.
	const narrow = Math.floor((columns - names) / 2);
	const brief = (contact: Contact): SafeText =>
		literal`${nameOf(contact)} ${networkLabel(contact.protocol).text} ${shortId(contact.userId, narrow, false)}`;
	return literal`Merge ${brief(from)} into ${brief(into)}?`;
};

const headingRow = (key: string, title: SafeText): PanelRow => ({
	key,
	isHeading: true,
	lines: () => [[boldSpan(literal` ${title}`, 'heading')]],
});

/** Name and network, and what else there is at the right; where there is no room for it, below. */
const chatRow = (
	contact: Contact,
	key: string,
	{name, more}: {readonly name: ScreenLine; readonly more: SafeText},
): PanelRow => ({
	key,
	lines(width) {
		const left = [span(literal`  `), networkLabel(contact.protocol), span(literal` `), ...name];
		const right = [span(literal`${more} `, 'muted')];
		if (lineWidth(left) + lineWidth(right) + 1 <= width) return [spreadLine(left, right, width)];
		return [cutLine(left, width), cutLine([span(literal`     `), ...right], width)];
	},
});

/** Name and reason, and below who that is: a reason alone proves nothing. */
const likelyRow = (contact: Contact, why: SafeText): PanelRow => {
	const row = chatRow(contact, `suggested ${contact.userId}`, {name: [boldSpan(nameOf(contact))], more: why});
	const id = span(literal`     ${safeText(contact.userId, 'name')}`, 'muted');
	return {...row, lines: (width, rows) => [...row.lines(width, rows), cutLine([id], width)]};
};

export const createMergeActions = (options: MergeOptions): MergeActions => {
	const {model, session, reader} = options;

	/** The contact of the open chat; says why there is none. */
	const openContact = (): Contact | undefined => {
		const room = model.openedRoom();
		const contact = room === undefined ? undefined : reader.contacts().find(({rid}) => rid === room.rid);
		if (room === undefined) model.say('Not now: no room is open.', 'warning');
		else if (contact === undefined && !room.isDirect)
			model.say('Only chats with one person can be merged: this is a room of several.', 'warning');
		else if (contact === undefined) model.say('This chat cannot be merged: it is not certain whose it is.', 'warning');
		return contact;
	};

	const change = (what: JsonObject, sentence: string): void =>
		void sayFailure(options, async () => {
			const {isTold} = await session.changePeople({change: what});
			model.refresh('all');
			model.say(sentence, 'ok');
			if (!isTold) options.log.info('screen', 'who is one person is told to the server later');
		});

	/** @param into the open chat, whose name they have from then on */
	const ask = (from: Contact, into: Contact, isSuggested: boolean): void => {
		const merge = (): void =>
			change(
				{
					kind: 'link',
					users: [into.userId, from.userId],
					id: crypto.randomUUID(),
					name: (into.personName ?? from.personName) === undefined ? into.name : undefined,
				},
				`${nameOf(into)} is one person now, on ${networkOf(into)} and ${networkOf(from)}: /unmerge takes that back.`,
			);
		const part = (): void =>
			change({kind: 'apart', users: [from.userId, into.userId]}, `They are two people, and are not suggested again.`);
		const words = mergeQuestion(from, into, model.store.get().frame.columns);
		const question = yesQuestion(words, 'merges', merge);
		const never = {key: 'd', label: 'two people', run: part};
		model.question.ask({...question, answers: isSuggested ? [...question.answers, never] : question.answers});
	};

	const openMerging = (into: Contact, query: string): void => {
		let suggestions: readonly PersonSuggestion[] | undefined;
		const isInto = (contact: Contact): boolean =>
			contact.userId === into.userId || (into.person !== undefined && contact.person === into.person);
		/** One of each person. */
		const others = reader
			.contacts()
			.filter(contact => !isInto(contact))
			.filter(
				({userId, person}, index, all) =>
					all.findIndex(each => each.userId === userId || (person !== undefined && each.person === person)) === index,
			);
		const fuzzy = createFuzzy(others, contact => ({
			name: nameOf(contact),
			others: `${contact.name} ${contact.userId} ${networkOf(contact)}`,
		}));
		const suggested = (): readonly {readonly other: Contact; readonly why: SafeText}[] =>
			(suggestions ?? []).flatMap(({first, second, reason}) => {
				const other = isInto(first) ? second : isInto(second) ? first : undefined;
				return other === undefined ? [] : [{other, why: safeText(reasonWords(reason), 'line')}];
			});
		const rows = (wanted: string): readonly PanelRow[] => {
			// Who is suggested is to be the first that can be chosen, and not to slip in above it.
			if (suggestions === undefined && wanted.trim() === '')
				return [headingRow('asking', literal`Looking at who they may be…`)];
			const likely = wanted.trim() === '' ? suggested() : [];
			const found = fuzzy
				.find(wanted, mostFound)
				.filter(({item}) => !likely.some(({other}) => other.userId === item.userId));
			const likelyRows = likely.map(({other, why}) => likelyRow(other, why));
			const foundRows = found.map(({item, spots}) =>
				chatRow(item, `chat ${item.userId}`, {
					name: emphasised(nameOf(item), spots),
					more: safeText(item.userId, 'name'),
				}),
			);
			return [
				...(likely.length === 0 ? [] : [headingRow('likely', literal`Suggested`), ...likelyRows]),
				...(likely.length === 0 || found.length === 0 ? [] : [headingRow('others', literal`Other chats`)]),
				...foundRows,
			];
		};
		model.openPanel(
			{
				scope: 'merge',
				place: 'over',
				title: literal`Who is ${nameOf(into)} too`,
				prompt: literal`a few letters of a name, a number or a network`,
				hint: literal`Enter merges · a name alone proves nothing: look at the ids`,
				rows,
				empty: () => literal`Nobody is called like that.`,
				choose(key) {
					const [, kind, userId] = /^(suggested|chat) (.+)$/s.exec(key) ?? [];
					const from = others.find(each => each.userId === userId);
					model.closePanel();
					if (from !== undefined) ask(from, into, kind === 'suggested');
				},
			},
			query,
		);
		void sayFailure(options, async () => {
			try {
				suggestions = (await session.suggestPersons({})).suggestions;
			} finally {
				suggestions ??= [];
				model.inPanel(panels => panels.refresh());
			}
		});
	};

	const openUnmerging = (contact: Contact, chats: readonly Contact[]): void => {
		const dissolve = (): void =>
			void sayFailure(options, async () => {
				for (const {userId} of chats.slice(1)) await session.changePeople({change: {kind: 'unlink', user: userId}});
				await session.changePeople({change: {kind: 'unlink', user: contact.userId}});
				model.refresh('all');
				model.say(`${nameOf(contact)} is ${chats.length} chats again.`, 'ok');
			});
		model.openPanel({
			scope: 'merge',
			place: 'over',
			title: literal`The chats of ${nameOf(contact)}`,
			hint: literal`Enter takes the chat out`,
			rows: () => [
				...chats.map(chat =>
					chatRow(chat, `chat ${chat.userId}`, {
						name: [span(safeText(chat.name, 'name', chat.userId))],
						more: safeText(chat.userId, 'name'),
					}),
				),
				{
					key: allKey,
					lines: width => [cutLine([span(literal`  All of them: each is a chat of its own again`)], width)],
				},
			],
			empty: () => literal``,
			choose(key) {
				model.closePanel();
				const chat = chats.find(({userId}) => key === `chat ${userId}`);
				if (key === allKey)
					model.question.ask(
						yesQuestion(`Take all ${chats.length} chats of ${nameOf(contact)} apart?`, 'takes them apart', dissolve),
					);
				else if (chat !== undefined)
					change(
						{kind: 'unlink', user: chat.userId},
						`${whole({...chat, personName: undefined}, 40)} is a chat of its own again.`,
					);
			},
		});
	};

	return {
		merge(person) {
			const contact = openContact();
			if (contact !== undefined) openMerging(contact, person ?? '');
		},
		unmerge() {
			const contact = openContact();
			if (contact === undefined) return;
			const chats = reader
				.contacts()
				.filter(each => each.person !== undefined && each.person === contact.person)
				.filter(({userId}, index, all) => all.findIndex(each => each.userId === userId) === index);
			if (chats.length > 1) openUnmerging(contact, chats);
			else model.say(`${nameOf(contact)} is this one chat only.`, 'warning');
		},
	};
};
