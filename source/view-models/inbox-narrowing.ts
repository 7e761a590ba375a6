/** Narrowing the inbox by a part of a name, as it is typed. */
import {letInFirst} from '../domain/room.ts';
import type {AccountSource} from './account-source.ts';

/** Rooms that are looked through. */
const mostRooms = 10_000;

/** Capitals and accents make no difference. */
const plain = (text: string): string =>
	text
		.normalize('NFKD')
		.replaceAll(/\p{Mark}/gu, '')
		.toLowerCase();

export const createNarrowing = (source: Pick<AccountSource, 'roomNames'>) => {
	let text: string | undefined;
	/** Read once, when narrowing begins: a key costs only the comparing. */
	let names: readonly {readonly rid: number; readonly words: string}[] = [];
	let rids: readonly number[] = [];

	/** Who is not let in comes last: Enter goes to the first. */
	const read = (): typeof names =>
		letInFirst(source.roomNames(mostRooms)).map(({rid, name, alias, others}) => ({
			rid,
			words: plain(`${name} ${alias ?? ''} ${others ?? ''}`),
		}));

	return {
		isOn: (): boolean => text !== undefined && text.trim() !== '',
		text: (): string | undefined => text,
		/** @returns numbers of the rooms whose names have every word that was typed, in the order of the list, invitations and requests last. */
		rids: (): readonly number[] => rids,
		/** @param next `undefined` ends it */
		set(next: string | undefined): void {
			if (next !== undefined && text === undefined) names = read();
			if (next === undefined) names = [];
			text = next;
			const wanted = plain(next ?? '')
				.split(/\s+/)
				.filter(word => word !== '');
			rids = names.filter(({words}) => wanted.every(word => words.includes(word))).map(({rid}) => rid);
		},
	};
};
