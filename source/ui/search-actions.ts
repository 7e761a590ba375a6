/** The search for messages: a list beside the conversation, and the way from hit to hit. */
import type {SearchActions} from '../commands/search-actions.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {FoundMessage} from '../domain/history-requests.ts';
import type {Message} from '../domain/message.ts';
import {parseSearch, type SearchQuery} from '../domain/search-query.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {roomName} from '../view-models/inbox-row.ts';
import type {PanelRow} from '../view-models/panel.ts';
import {networkLabel} from '../view-models/network-label.ts';
import {hitRows, missingRows, missingSentences, wordsOf, type Hit} from '../view-models/search-rows.ts';
import type {Jumps} from './jumps.ts';
import {failureText, type ScreenPort} from './screen-port.ts';

export type SearchOptions = ScreenPort & {
	readonly reader: AccountReader;
	readonly jumps: Jumps;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

/** Hits that are listed. */
const mostHits = 200;

/** While messages come, what is found is looked for no more often, in milliseconds. */
const searchEvery = 3000;

/** Entries that are looked at for the message above or below a hit. */
const nearEntries = 8;

/** A room, with the other chats of the person whose it is. */
type SearchScope = {readonly rids: readonly number[]; readonly name: SafeText};

/** What a search says or has found. */
type Outcome = {
	readonly text: string;
	readonly scope: SearchScope | undefined;
	readonly time: number;
	readonly query: SearchQuery | undefined;
	/** The rooms that were searched; `undefined`: all, or those that the query names. */
	readonly rids: readonly number[] | undefined;
	readonly hits: readonly FoundMessage[];
	/** Sentences about what was not searched. */
	readonly missing: readonly SafeText[];
	/** Why nothing was searched. */
	readonly problem: SafeText | undefined;
};

const keyOf = ({rid, eventId}: {readonly rid: number; readonly eventId: string}): string => `${rid} ${eventId}`;

/** Whether a query says itself which rooms are meant. @param isOfPerson of the chats of one it may say the network alone */
const namesRooms = ({filters}: SearchQuery, isOfPerson: boolean): boolean =>
	filters.some(({filter: {kind}}) => kind === 'in' || kind === 'to' || (kind === 'on' && !isOfPerson));

const isPerson = (scope: SearchScope | undefined): boolean => scope !== undefined && scope.rids.length > 1;

/** Whichever chat of a person is open. */
const isSameScope = (one: SearchScope | undefined, other: SearchScope | undefined): boolean =>
	one === other || one?.rids.some(rid => other?.rids.includes(rid)) === true;

export const createSearchActions = (options: SearchOptions): Pick<SearchActions, 'open' | 'widen' | 'step'> => {
	const {model, reader, jumps, now} = options;
	/** What is searched; `undefined`: all rooms. */
	let scope: SearchScope | undefined;
	/** That from which the search was opened. */
	let here: SearchScope | undefined;
	let outcome: Outcome | undefined;
	let chosen: string | undefined;

	const scopeOf = (rid: number): SearchScope => {
		const row = reader.row(rid);
		return {rids: reader.personRooms(rid), name: row === undefined ? literal`` : roomName(row)};
	};

	const search = (text: string): Omit<Outcome, 'text' | 'scope' | 'time'> => {
		const parsed = parseSearch(text, {now: now(), isBeingTyped: true});
		const nothing = {query: undefined, rids: undefined, hits: [], missing: []};
		if (parsed.kind === 'nothing') return {...nothing, problem: undefined};
		if (parsed.kind === 'problem') return {...nothing, problem: safeText(parsed.sentence, 'line')};
		const {query} = parsed;
		const rids = scope === undefined || namesRooms(query, isPerson(scope)) ? undefined : scope.rids;
		try {
			const {messages, hasMore, isCut} = reader.search.find({query, limit: mostHits, rids});
			const lacks = {...reader.search.coverage(rids), roomCount: rids?.length, isCut};
			const missing = missingSentences({...lacks, shownOf: hasMore ? mostHits : undefined}, now());
			return {query, rids, hits: messages, missing, problem: undefined};
		} catch (error) {
			if (error instanceof ExpectedError) return {...nothing, problem: safeText(failureText(error), 'line')};
			throw error;
		}
	};

	const outcomeOf = (text: string): Outcome => {
		const isSame = outcome?.text === text && outcome.scope === scope;
		if (outcome !== undefined && isSame && now() - outcome.time < searchEvery) return outcome;
		const next = {text, scope, time: now(), ...search(text)};
		outcome = next;
		return next;
	};

	const hitOf = (key: string): FoundMessage | undefined => outcome?.hits.find(hit => keyOf(hit) === key);

	const messageOf = (key: string): Message | undefined => {
		const hit = hitOf(key);
		return hit === undefined ? undefined : reader.message(hit.rid, hit.eventId);
	};

	const isSaid = (message: Message): boolean => message.stateKey === undefined && message.redactedBy === undefined;

	const around = (key: string) => {
		const place = messageOf(key);
		if (place === undefined || place.chunkOrder === 0) return {above: undefined, below: undefined};
		const near = {rid: place.rid, limit: nearEntries};
		return {
			above: reader.timeline({...near, before: place}).messages.findLast(isSaid),
			below: reader.timeline({...near, after: place}).messages.find(isSaid),
		};
	};

	/** What says where a hit is: the name of a room, where it may be of any; and the network of one of several chats of a person. */
	const placeOf = (rid: number, rids: readonly number[] | undefined): Pick<Hit, 'room' | 'network'> => {
		const room = reader.room(rid);
		if (room === undefined) return {room: undefined, network: undefined};
		return {
			room: rids?.includes(rid) === true ? undefined : roomName(room),
			network: reader.personRooms(rid).length > 1 ? networkLabel(room.protocol) : undefined,
		};
	};

	const rows = (text: string): readonly PanelRow[] => {
		const {hits, query, rids, missing} = outcomeOf(text);
		if (query === undefined || hits.length === 0) return [];
		const places = new Map([...new Set(hits.map(hit => hit.rid))].map(each => [each, placeOf(each, rids)]));
		const listed = hits.map((hit): Hit => ({
			...hit,
			key: keyOf(hit),
			room: places.get(hit.rid)?.room,
			network: places.get(hit.rid)?.network,
		}));
		const context = {words: wordsOf(query), now: now(), isChosen: (key: string) => key === chosen, messageOf, around};
		return [...hitRows(listed, context), ...missingRows(missing)];
	};

	const empty = (text: string): SafeText => {
		const {problem, query, missing} = outcomeOf(text);
		if (problem !== undefined) return problem;
		if (query === undefined)
			return literal`Words, "a phrase", word*, one OR other, -not; from:anna in:lunch on:signal has:image has:link is:mention before:monday after:2026-03 during:2025`;
		return [literal`Nothing was found.`, ...missing].join(' ') as SafeText;
	};

	const where = (): SafeText => {
		if (scope === undefined) return literal`all rooms`;
		const {query, rids} = outcome ?? {};
		if (query !== undefined && rids === undefined) return literal`the named rooms`;
		return isPerson(scope) ? literal`all chats of ${scope.name}` : scope.name;
	};

	const title = (): SafeText => {
		const count = outcome?.hits.length ?? 0;
		return count === 0 ? literal`Search ${where()}` : literal`${count} in ${where()}`;
	};

	const show = async (hit: FoundMessage, isStep: boolean): Promise<void> => {
		const {hits = [], rids = []} = outcome ?? {};
		const before = model.openedRoom()?.rid;
		chosen = keyOf(hit);
		// Among the chats of a person, to look turns to no other network.
		if (await jumps.go({...hit, isWithin: rids.includes(hit.rid)}, isStep)) {
			const via = model.opened.via();
			const isTurned = before !== model.openedRoom()?.rid && model.opened.roomOf(before ?? -1) !== undefined;
			model.say(
				[
					...(isTurned && via !== undefined ? [`Writing on ${via.name}`] : []),
					`${hits.indexOf(hit) + 1} of ${hits.length}`,
					`${model.keyOf('next-hit')} next`,
					`${model.keyOf('previous-hit')} before`,
					`${model.keyOf('search-room')} list`,
					// In a thread that goes to another room.
					...(model.focusedPane() === 'panel' ? [] : [`${model.keyOf('jump-back')} back`]),
				].join(' · '),
			);
		}
	};

	/** Of the thread that has the keys. */
	const chosenEvent = (): string | undefined => {
		const [rid, eventId] = [model.openedRoom()?.rid, model.panels.chosen()];
		return rid === undefined || eventId === undefined ? undefined : keyOf({rid, eventId});
	};

	/** Whether the selected message is the hit that was gone to last. */
	const isOnHit = (): boolean => {
		if (model.focusedPane() === 'panel') return model.panels.scope() === 'thread' && chosenEvent() === chosen;
		const selected = model.timeline.selected();
		return selected?.kind === 'message' && keyOf(selected.message) === chosen;
	};

	const openPanel = (text: string): void => {
		const kept = chosen;
		model.openPanel(
			{
				scope: 'search',
				place: 'side',
				get title() {
					return title();
				},
				prompt: literal`words, from:anna, has:image …`,
				get hint() {
					const {keyOf: key} = model;
					const narrow = isPerson(here) ? literal`this person` : literal`this room`;
					const wider = scope === undefined ? narrow : literal`all rooms`;
					const other = here === undefined ? literal`` : literal` · ${key('search-wider')} ${wider}`;
					return literal`${key('list-choose')} opens${other} · ${key('list-kill-to-start')} clears`;
				},
				rows,
				empty,
				onMove(key) {
					chosen = key;
				},
				choose(key) {
					const hit = hitOf(key);
					model.closePanel('all');
					if (hit !== undefined) void show(hit, false);
				},
			},
			text,
		);
		// Who looks at the list again stands where they were.
		if (kept !== undefined && hitOf(kept) !== undefined) model.inPanel(panels => panels.select(kept));
	};

	return {
		open(where, words) {
			const rid = model.openedRoom()?.rid;
			here = rid === undefined ? undefined : scopeOf(rid);
			// On a hit, the list that it is from is meant.
			const ofRoom = isOnHit() ? scope : here;
			const next = where === 'room' ? ofRoom : undefined;
			const isAgain = outcome !== undefined && isSameScope(next, scope) && words === undefined;
			scope = next;
			openPanel(words ?? (isAgain ? (outcome?.text ?? '') : ''));
		},
		widen() {
			if (here === undefined) return;
			scope = scope === undefined ? here : undefined;
			model.inPanel(panels => panels.refresh());
		},
		step(steps) {
			const {hits = []} = outcome ?? {};
			if (hits.length === 0)
				return model.say(`Nothing was searched for yet: ${model.keyOf('search-room')} searches this room.`);
			const at = hits.findIndex(hit => keyOf(hit) === chosen);
			const next = hits[at + steps];
			if (next === undefined || (at === -1 && steps < 0))
				return model.say(
					steps > 0 ? 'This was the last one that was found.' : 'This was the first one that was found.',
				);
			void show(next, true);
		},
	};
};
