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

/** What a search says or has found. */
type Outcome = {
	readonly text: string;
	readonly rid: number | undefined;
	readonly time: number;
	readonly query: SearchQuery | undefined;
	readonly hits: readonly FoundMessage[];
	/** Sentences about what was not searched. */
	readonly missing: readonly SafeText[];
	/** Why nothing was searched. */
	readonly problem: SafeText | undefined;
};

const keyOf = ({rid, eventId}: {readonly rid: number; readonly eventId: string}): string => `${rid} ${eventId}`;

/** Filters that say themselves which rooms are meant. */
const roomFilters: ReadonlySet<string> = new Set(['in', 'to', 'on']);

const namesRooms = ({filters}: SearchQuery): boolean => filters.some(({filter}) => roomFilters.has(filter.kind));

export const createSearchActions = (options: SearchOptions): Pick<SearchActions, 'open' | 'widen' | 'step'> => {
	const {model, reader, jumps, now} = options;
	/** The room that is searched; `undefined`: all. */
	let rid: number | undefined;
	/** The room from which the search was opened. */
	let openRid: number | undefined;
	let outcome: Outcome | undefined;
	let chosen: string | undefined;

	const search = (text: string): Omit<Outcome, 'text' | 'rid' | 'time'> => {
		const parsed = parseSearch(text, {now: now(), isBeingTyped: true});
		const nothing = {query: undefined, hits: [], missing: []};
		if (parsed.kind === 'nothing') return {...nothing, problem: undefined};
		if (parsed.kind === 'problem') return {...nothing, problem: safeText(parsed.sentence, 'line')};
		const {query} = parsed;
		const room = namesRooms(query) ? undefined : rid;
		try {
			const {messages, hasMore, isCut} = reader.search.find({query, limit: mostHits, rid: room});
			const lacks = {...reader.search.coverage(room), isOneRoom: room !== undefined, isCut};
			const missing = missingSentences({...lacks, shownOf: hasMore ? mostHits : undefined}, now());
			return {query, hits: messages, missing, problem: undefined};
		} catch (error) {
			if (error instanceof ExpectedError) return {...nothing, problem: safeText(failureText(error), 'line')};
			throw error;
		}
	};

	const outcomeOf = (text: string): Outcome => {
		const isSame = outcome?.text === text && outcome.rid === rid;
		if (outcome !== undefined && isSame && now() - outcome.time < searchEvery) return outcome;
		const next = {text, rid, time: now(), ...search(text)};
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

	const listed = (hit: FoundMessage): Hit => {
		const room = outcome?.rid === undefined || hit.rid !== rid ? reader.room(hit.rid) : undefined;
		return {...hit, key: keyOf(hit), room: room === undefined ? undefined : roomName(room)};
	};

	const rows = (text: string): readonly PanelRow[] => {
		const {hits, query, missing} = outcomeOf(text);
		if (query === undefined || hits.length === 0) return [];
		const context = {words: wordsOf(query), now: now(), isChosen: (key: string) => key === chosen, messageOf, around};
		return [...hitRows(hits.map(listed), context), ...missingRows(missing)];
	};

	const empty = (text: string): SafeText => {
		const {problem, query, missing} = outcomeOf(text);
		if (problem !== undefined) return problem;
		if (query === undefined)
			return literal`Words, "a phrase", word*, one OR other, -not; from:anna in:lunch on:signal has:image has:link is:mention before:monday after:2026-03 during:2025`;
		return [literal`Nothing was found.`, ...missing].join(' ') as SafeText;
	};

	const title = (): SafeText => {
		const room = rid === undefined ? undefined : reader.room(rid);
		const where = room === undefined ? literal`all rooms` : roomName(room);
		const count = outcome?.hits.length ?? 0;
		return count === 0 ? literal`Search ${where}` : literal`${count} in ${where}`;
	};

	const show = async (hit: FoundMessage, isStep: boolean): Promise<void> => {
		const {hits = []} = outcome ?? {};
		chosen = keyOf(hit);
		if (await jumps.go(hit, isStep))
			model.say(
				[
					`${hits.indexOf(hit) + 1} of ${hits.length}`,
					`${model.keyOf('next-hit')} next`,
					`${model.keyOf('previous-hit')} before`,
					`${model.keyOf('search-room')} list`,
					`${model.keyOf('jump-back')} back`,
				].join(' · '),
			);
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
					const where = rid === undefined ? literal`this room` : literal`all rooms`;
					const other = openRid === undefined ? literal`` : literal` · ${key('search-wider')} ${where}`;
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
			openRid = model.openedRoom()?.rid;
			// On a hit, the list that it is from is meant.
			const ofRoom = isOnHit() ? rid : openRid;
			const next = where === 'room' ? ofRoom : undefined;
			const isAgain = outcome !== undefined && next === rid && words === undefined;
			rid = next;
			openPanel(words ?? (isAgain ? (outcome?.text ?? '') : ''));
		},
		widen() {
			if (openRid === undefined) return;
			rid = rid === undefined ? openRid : undefined;
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
