/** What a person notes of a room, for nobody else: in account data of the room, so that it is on all devices. */
import {asString, type JsonObject} from './json.ts';

/** Type of the account data. The homeserver can read them. */
export const noteType = 'chat.mx.note';

/** UTF-16 units of a note. */
export const longestNote = 2000;

/** @returns the note in account data of `noteType`; empty where there is none */
export const noteOf = (content: JsonObject): string => (asString(content['text']) ?? '').slice(0, longestNote).trim();
