/** The accounts of everybody: people of Matrix, bots, and the ghosts of people on other networks. */
import type {JsonObject} from '../../domain/json.ts';
import {register} from '../homeserver/sessions.ts';
import {addUser, newId, type World} from '../homeserver/world.ts';
import type {BridgeData, NetworkData, PersonData} from './cast.ts';
import type {StagePerson} from './stage.ts';

/** Everybody but you. */
export type Accounts = {
	/** User ids, by key. */
	readonly people: Map<string, string>;
	/** By user id. */
	readonly cast: Map<string, StagePerson>;
};

const bridgeProfile = (bridge: BridgeData, {id, identifiers = []}: PersonData): JsonObject => ({
	'com.beeper.bridge.service': bridge.appservice,
	'com.beeper.bridge.network': bridge.protocol.id,
	'com.beeper.bridge.remote_id': id,
	'com.beeper.bridge.identifiers': identifiers,
	'com.beeper.bridge.is_bridge_bot': false,
	'com.beeper.bridge.is_network_bot': false,
});

/** Without pictures, and without what bridges put behind names. */
const firstNameOf = (name: string): string => name.split(/[ (,]/)[0] ?? '';

const addGhosts = (world: World, {bridge, people}: NetworkData, add: (person: StagePerson) => void): void => {
	if (bridge === undefined) return;
	const {bot, ghostPrefix, hasReceipts = false, hasExtraProfile = false, framework, logins} = bridge;
	const botId = `@${bot.localpart}:${world.serverName}`;
	const isBare = framework === 'heisenbridge';
	addUser(world, botId, {profile: {displayname: bot.name}});
	const {localpart: botKey, answers: botAnswers = []} = bot;
	const common = {isBare, isYou: false};
	add({...common, key: botKey, userId: botId, firstName: bot.name, answers: botAnswers, hasReceipts: true});
	for (const [key, person] of Object.entries(people)) {
		const userId = `@${ghostPrefix}${person.id}:${world.serverName}`;
		const extra = hasExtraProfile ? bridgeProfile(bridge, person) : {};
		addUser(world, userId, {profile: {displayname: person.name, ...extra}});
		const isYou = logins.some(({ownGhost}) => ownGhost === key);
		add({key, userId, firstName: firstNameOf(person.name), answers: person.answers ?? [], hasReceipts, isBare, isYou});
	}
};

const addPeople = (world: World, {people}: NetworkData, add: (person: StagePerson) => void): void => {
	for (const [key, {id, name, answers = []}] of Object.entries(people)) {
		const isLocal = !id.includes(':');
		// Nobody learns the passwords; without one they would be taken for ghosts.
		const user = isLocal
			? register(world, id, newId(), {displayname: name})
			: addUser(world, id, {profile: {displayname: name}});
		add({key, userId: user.id, firstName: firstNameOf(name), answers, hasReceipts: true, isBare: false, isYou: false});
	}
};

/** Makes all accounts. */
export const createAccounts = (world: World, networks: readonly NetworkData[]): Accounts => {
	const people = new Map<string, string>();
	const cast = new Map<string, StagePerson>();
	const add = (person: StagePerson): void => {
		if (people.has(person.key)) throw new Error(`Two people have the key ${person.key}`);
		people.set(person.key, person.userId);
		cast.set(person.userId, person);
	};
	for (const network of networks)
		if (network.bridge === undefined) addPeople(world, network, add);
		else addGhosts(world, network, add);
	return {people, cast};
};
