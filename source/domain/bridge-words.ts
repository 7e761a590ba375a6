/** What the person says of bridges: which bots they trust, and what a room is. In account data, so that it holds on all devices. */
import {asArray, asObject, asString, unsafeKeys, type JsonObject} from './json.ts';
import type {BotFacts} from './portal.ts';

/** Type of the account data. */
export const bridgesType = 'chat.mx.bridges';

export type BridgeWords = {
	/** By user id. */
	readonly bots: ReadonlyMap<string, BotFacts>;
	/** Ids of networks by room id; `matrix`: none. */
	readonly rooms: ReadonlyMap<string, string>;
	/** User ids that are the person themselves, as bridges have them. */
	readonly ownGhosts: ReadonlySet<string>;
	/** Whether invitations of bridges that are certain wait for an answer, as those of people do. */
	readonly isAskedFirst: boolean;
	/** Base URLs of the provisioning APIs of bridges, where the server does not list them. */
	readonly apis: readonly string[];
};

/** @returns what account data of `bridgesType` say; what makes no sense is left out. */
export const bridgeWords = (content: JsonObject): BridgeWords => {
	const bots = Object.entries(asObject(content['bots'])).flatMap(
		([userId, value]): readonly (readonly [string, BotFacts])[] => {
			const {is_trusted: isTrusted, protocol} = asObject(value);
			if (unsafeKeys.has(userId) || typeof isTrusted !== 'boolean') return [];
			return [
				[userId, {verdict: isTrusted ? 'appservice' : 'person', protocol: asString(protocol), ghostPrefix: undefined}],
			];
		},
	);
	const rooms = Object.entries(asObject(content['rooms'])).filter(
		(entry): entry is [string, string] => typeof entry[1] === 'string',
	);
	const ownGhosts = Object.entries(asObject(content['me'])).flatMap(([userId, isMe]) =>
		isMe === true ? [userId] : [],
	);
	return {
		bots: new Map(bots),
		rooms: new Map(rooms),
		ownGhosts: new Set(ownGhosts),
		isAskedFirst: content['invitations'] === 'ask',
		apis: asArray(content['apis']).filter(url => typeof url === 'string' && URL.canParse(url)) as readonly string[],
	};
};

/** @returns the content with what is said of a bot. @param facts `undefined` takes it back */
export const withBotWord = (
	content: JsonObject,
	userId: string,
	facts: {readonly isTrusted: boolean; readonly protocol: string | undefined} | undefined,
): JsonObject => {
	const {[userId]: _, ...others} = asObject(content['bots']);
	const said =
		facts === undefined
			? {}
			: {[userId]: {is_trusted: facts.isTrusted, ...(facts.protocol === undefined ? {} : {protocol: facts.protocol})}};
	return {...content, bots: {...others, ...said}};
};

/** @returns the content with what is said of a room. @param protocol `undefined` takes it back */
export const withRoomWord = (content: JsonObject, roomId: string, protocol: string | undefined): JsonObject => {
	const {[roomId]: _, ...others} = asObject(content['rooms']);
	return {...content, rooms: {...others, ...(protocol === undefined ? {} : {[roomId]: protocol})}};
};

/** @returns the content with what is said of somebody: that they are the person themselves, or are not. */
export const withOwnGhost = (content: JsonObject, userId: string, isMe: boolean): JsonObject => {
	const {[userId]: _, ...others} = asObject(content['me']);
	return {...content, me: isMe ? {...others, [userId]: true} : others};
};

/** @returns the content with what becomes of the invitations of bridges. */
export const withInvitations = (content: JsonObject, isAskedFirst: boolean): JsonObject => {
	const {invitations: _, ...others} = content;
	return isAskedFirst ? {...others, invitations: 'ask'} : others;
};

/** @returns the content with the base URL of one more provisioning API, or without it. */
export const withApi = (content: JsonObject, url: string, isUsed: boolean): JsonObject => {
	const others = asArray(content['apis']).filter((each): each is string => typeof each === 'string' && each !== url);
	return {...content, apis: isUsed ? [...others, url] : others};
};
