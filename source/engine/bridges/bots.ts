/** Whose device may encrypt what somebody says in a bridged room: that of the bot, if the bridge is attested and they are its ghost. */
import {isSureGhost} from '../../bridges/detect.ts';
import type {AccountStores} from '../account-stores.ts';

export const createBridgeBots =
	({portals, reader}: Pick<AccountStores, 'portals' | 'reader'>) =>
	/** @returns user id of the bot */
	(roomId: string, sender: string): string | undefined => {
		const room = reader.roomById(roomId);
		const portal = room === undefined ? undefined : portals.portal(room.rid);
		return isSureGhost(sender, portal, portals.knownBots()) ? portal?.bot : undefined;
	};
