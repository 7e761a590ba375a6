/** What a person notes of a room, for nobody else: in account data of the room, so that it is on all devices. */
import {asString, type JsonObject} from './json.ts';

/** Type of the account data. The homeserver can read them. */
export const noteType = 'chat.mx.note';

/** UTF-16 units of a note. */
export const longestNote = 2000;

/** @returns the note in account data of `noteType`; empty where there is none */
export const noteOf = (content: JsonObject): string => (asString(content['text']) ?? '').slice(0, longestNote).trim();

/** Type of the account data with what a person calls a room (need shown in MSC3015). The homeserver can read it. */
export const petnameType = 'chat.mx.name';

/** UTF-16 units of such a name. */
export const longestPetname = 100;

/** @returns the name in account data of `petnameType`; empty where there is none */
export const petnameOf = (content: JsonObject): string =>
	(asString(content['name']) ?? '').slice(0, longestPetname).trim();
