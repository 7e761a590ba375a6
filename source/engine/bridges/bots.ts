/** Whose device may encrypt what somebody says in a bridged room: that of the bot, if the bridge is attested and they are its ghost. */
import {isGhostOf} from '../../bridges/detect.ts';
import {protocolOf} from '../../bridges/protocols.ts';
import type {AccountStores} from '../account-stores.ts';

export const createBridgeBots =
	({portals, reader}: Pick<AccountStores, 'portals' | 'reader'>) =>
	/** @returns user id of the bot */
	(roomId: string, sender: string): string | undefined => {
		const room = reader.roomById(roomId);
		const portal = room === undefined ? undefined : portals.portal(room.rid);
		if (portal?.trust !== 'attested' || portal.bot === undefined) return undefined;
		const facts = portals.knownBots().get(portal.bot);
		return isGhostOf(sender, portal.bot, protocolOf(portal.protocol), facts) ? portal.bot : undefined;
	};
