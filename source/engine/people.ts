/**
 * Keeps who is one person: here at once, on the server as soon as it can be reached, upon what other devices wrote there meanwhile.
 * Finds who may be one, by what the profiles of ghosts say.
 */
import {isGhostOf} from '../bridges/detect.ts';
import {identifiersOfGhost, parseIdentifiers, suggestPersons} from '../bridges/person-suggestions.ts';
import {protocolOf} from '../bridges/protocols.ts';
import {ExpectedError} from '../domain/errors.ts';
import type {JsonObject} from '../domain/json.ts';
import type {Contact, KnownPerson, PeopleRequests} from '../domain/people-requests.ts';
import {parsePeople, parsePeopleChange, peopleType, withPeopleChange, type PeopleChange} from '../domain/person.ts';
import type {TriageRequests} from '../domain/triage-requests.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import {classifyFailure} from '../matrix/network-errors.ts';
import type {Logger} from '../store/log-file.ts';
import type {AccountStores} from './account-stores.ts';
import type {ChangeFeed} from './change-feed.ts';
import {failureKindOf} from './refusals.ts';

export type PeopleOptions = {
	/** The account's own. */
	readonly userId: string;
	readonly homeserver: Pick<Homeserver, 'accountData' | 'setAccountData' | 'profile'>;
	readonly stores: Pick<AccountStores, 'account' | 'sdk' | 'people' | 'portals' | 'reader' | 'ghostProfiles'>;
	readonly feed: ChangeFeed;
	/** Puts a room among the favourites, on the server and here. */
	readonly setSection: TriageRequests['setSection'];
	/** A lone verb tries to tell the server before it ends, whatever is known of the connection. */
	readonly isLive: boolean;
	readonly log: Pick<Logger, 'info'>;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

/** Profiles that are asked for at once, and in one go; for how long what they said holds, in milliseconds. */
const atOnce = 3;
const mostAsked = 200;
const holdsFor = 7 * 24 * 3_600_000;

/** Whether the server has said no for good, or was not even asked. */
const isRefused = (error: unknown): boolean => {
	const kind = error instanceof ExpectedError ? failureKindOf(error.cause) : failureKindOf(error);
	return kind === undefined || ['forbidden', 'not-found', 'bad-request', 'too-large'].includes(kind);
};

export const createPeople = (options: PeopleOptions): PeopleRequests => {
	const {userId, homeserver, stores, feed, log, now} = options;
	const {account, people, ghostProfiles, portals, reader} = stores;
	let telling: Promise<void> | undefined;
	let isOnline = !options.isLive;

	/** Of a change, every room of a person is another row. */
	const tellScreens = (): void => feed.tell({kind: 'changed', rids: 'all', isListChanged: true});

	/**
	 * Who was a favourite on one network is one on all: else their row would leave the favourites with the next message.
	 * What the server refuses for good stays undone.
	 */
	const keepFavourites = async (users: readonly string[]): Promise<void> => {
		const rids = new Set(users.flatMap(user => reader.personRooms(reader.directRoom(user)?.rid ?? -1)));
		const chats = [...rids].flatMap(rid => reader.room(rid) ?? []);
		if (!chats.some(({section}) => section === 'favourite')) return;
		for (const {roomId, section} of chats) {
			if (section !== 'normal') continue;
			try {
				await options.setSection({roomId, section: 'favourite'});
			} catch (error) {
				if (!isRefused(error)) throw error;
				log.info('people', 'a chat could not be put among the favourites', {error});
			}
		}
	};

	const tellServer = async (): Promise<void> => {
		for (;;) {
			const waiting = people.waiting();
			const last = waiting.at(-1);
			if (last === undefined) return;
			// The server's copy is the newest: another device may have written it a moment ago.
			const before = await homeserver.accountData(userId, peopleType);
			const next = waiting.reduce<JsonObject>((content, {change}) => withPeopleChange(content, change), before);
			if (JSON.stringify(next) !== JSON.stringify(before)) await homeserver.setAccountData(userId, peopleType, next);
			for (const {change} of waiting) if (change.kind === 'link') await keepFavourites(change.users);
			account.write(() => {
				people.told(last.id);
				stores.sdk.setAccountData(peopleType, next);
			});
		}
	};

	const flush = async (): Promise<void> => {
		telling ??= tellServer().finally(() => {
			telling = undefined;
		});
		await telling;
	};

	const flushQuietly = async (): Promise<void> => {
		try {
			await flush();
		} catch (error) {
			log.info('people', 'who is one person waits for the network', {error});
		}
	};

	feed.subscribe(notice => {
		if (notice.kind !== 'net') return;
		isOnline = notice.net.state === 'online';
		if (isOnline && people.waiting().length > 0) void flushQuietly();
	});

	const personOf = (user: string): KnownPerson | undefined =>
		reader.persons().find(({users}) => users.some(({userId: known}) => known === user));

	/** A slip in a user id must not be taken for somebody. */
	const requireKnown = (change: PeopleChange): void => {
		const notFound = (message: string, next: string): ExpectedError =>
			new ExpectedError({message, next, reason: 'notFound'});
		if ('user' in change) {
			if (personOf(change.user) !== undefined) return;
			throw notFound(`${change.user} is not linked with anybody.`, 'See mx people for those that are.');
		}
		const stranger = change.users.find(user => personOf(user) === undefined && !reader.isInAnyRoom(user));
		if (stranger !== undefined)
			throw notFound(
				`${stranger} is in no room of yours.`,
				'See mx people suggest, and mx rooms --json for the others.',
			);
		const [first, second = ''] = change.users;
		const isOne = personOf(second)?.users.some(({userId: known}) => known === first);
		if (change.kind === 'apart' && isOne === true)
			throw new ExpectedError({
				message: `${first} and ${second} are linked.`,
				next: `mx people unlink ${second} takes one of them out, mx people unlink ${first} the other.`,
				reason: 'usage',
			});
	};

	const requireChange = (value: JsonObject): PeopleChange => {
		const change = parsePeopleChange(value);
		const isOwn = change !== undefined && 'users' in change && change.users.includes(userId);
		if (isOwn) throw new ExpectedError({message: 'You are no contact of yours.', reason: 'usage'});
		if (change === undefined || (change.kind === 'link' && change.users.length < 2))
			throw new ExpectedError({message: 'A person is two user ids, as @anna:example.org, at least.', reason: 'usage'});
		requireKnown(change);
		return change;
	};

	/** What anybody says of themselves is no evidence: the bridge must be certain, and they must be of it. */
	const isCertain = ({userId: ghost, bot, protocol}: Contact, bots: ReturnType<typeof portals.knownBots>): boolean =>
		bot !== undefined && isGhostOf(ghost, bot, protocolOf(protocol), bots.get(bot));

	const ask = async (ghost: string): Promise<void> => {
		const profile = await homeserver.profile(ghost);
		const identifiers = parseIdentifiers(profile['com.beeper.bridge.identifiers']);
		account.write(() => ghostProfiles.put(ghost, {identifiers, askedAt: now()}));
	};

	/** A server that says no, or cannot be reached, is not asked on. */
	const askAll = async (ghosts: readonly string[]): Promise<void> => {
		const left = [...ghosts];
		const work = async (): Promise<void> => {
			for (let next = left.shift(); next !== undefined; next = left.shift()) {
				try {
					await ask(next);
				} catch (error) {
					const {kind} = classifyFailure(error);
					log.info('people', 'a profile could not be read', {error});
					if (kind !== 'not-found' && kind !== 'forbidden') left.length = 0;
				}
			}
		};
		await Promise.all(Array.from({length: atOnce}, work));
	};

	return {
		persons: async () => ({persons: reader.persons()}),
		async suggestPersons() {
			const bots = portals.knownBots();
			const contacts = reader.contacts();
			const ghosts = new Set(contacts.filter(each => isCertain(each, bots)).map(each => each.userId));
			const due = [...ghosts].filter(ghost => now() - (ghostProfiles.of(ghost)?.askedAt ?? -holdsFor) >= holdsFor);
			await askAll(due.slice(0, mostAsked));
			const identifiersOf = ({userId: ghost, protocol}: Contact): readonly string[] =>
				ghosts.has(ghost)
					? [...new Set([...identifiersOfGhost(ghost, protocol), ...(ghostProfiles.of(ghost)?.identifiers ?? [])])]
					: [];
			return {suggestions: suggestPersons({contacts, identifiersOf, apart: parsePeople(people.content()).apart})};
		},
		async changePeople({change}) {
			const wanted = requireChange(change);
			account.writeDurably(() => people.add(wanted));
			tellScreens();
			const told = flushQuietly();
			if (isOnline) await told;
			return {isTold: people.waiting().length === 0};
		},
	};
};
