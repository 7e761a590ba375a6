/** Accepts the invitations of bridges that are certain to be the account's own: a chat of another network asks for no ceremony. */
import type {Homeserver} from '../../matrix/homeserver.ts';
import type {Logger} from '../../store/log-file.ts';
import type {AccountStores} from '../account-stores.ts';
import {noteDirectChats, type DirectChat} from '../direct-chats.ts';
import type {BridgeDetector} from './detector.ts';
import type {RoomFinder} from '../room-finder.ts';

export type PortalInvitationOptions = {
	/** The account's own. */
	readonly userId: string;
	readonly stores: Pick<AccountStores, 'account' | 'portals' | 'reader' | 'rooms'>;
	readonly homeserver: Pick<Homeserver, 'accountData' | 'setAccountData'>;
	readonly finder: Pick<RoomFinder, 'join'>;
	/** What a room is, found anew. */
	readonly explain: BridgeDetector['explain'];
	/** Whether the person wants it so. */
	readonly isWanted: () => boolean;
	readonly log: Pick<Logger, 'info'>;
	/** Aborted when the engine ends. */
	readonly signal: AbortSignal;
};

export type PortalInvitations = {
	/** Rooms were looked at: accepts what there is. */
	readonly look: () => void;
	/** The server can be reached: what failed before is tried again. */
	readonly online: () => void;
};

export const createPortalInvitations = (options: PortalInvitationOptions): PortalInvitations => {
	const {userId, stores, homeserver, finder, log, signal} = options;
	/** Room ids that were tried: those that could not be joined stay with the requests. */
	const tried = new Set<string>();
	/** Room ids of what was accepted, of which is not known yet with whom it is. */
	const unclear = new Set<string>();
	let isAccepting = false;

	/** The person may have said something since the room was looked at. */
	const isCertain = (roomId: string): boolean => {
		const room = stores.reader.roomById(roomId);
		return room !== undefined && options.explain(room).portal?.trust === 'attested';
	};

	const next = (): string | undefined =>
		options.isWanted()
			? stores.portals.invitations().find(roomId => !tried.has(roomId) && isCertain(roomId))
			: undefined;

	/** @returns whom it is a direct chat with; `waiting` while nobody of the bridge is in the room */
	const personOf = (roomId: string): {readonly ghost: string} | 'waiting' | 'nobody' => {
		const room = stores.reader.roomById(roomId);
		const portal = room === undefined ? undefined : options.explain(room).portal;
		if (room === undefined || portal?.kind !== 'direct') return 'nobody';
		const [ghost, ...others] = stores.portals.evidence(room.rid).members.filter(member => member !== portal.bot);
		if (ghost === undefined) return 'waiting';
		return others.length === 0 ? {ghost} : 'nobody';
	};

	const accept = async (roomId: string): Promise<void> => {
		tried.add(roomId);
		const rid = stores.reader.roomById(roomId)?.rid;
		try {
			// The server does not count what was said before: nobody has seen that yet.
			if (rid !== undefined) stores.account.write(() => stores.rooms.noteAccepted(rid));
			await finder.join(roomId);
			unclear.add(roomId);
			log.info('bridges', 'An invitation of a bridge was accepted', {roomId});
		} catch (error) {
			log.info('bridges', 'An invitation of a bridge could not be accepted', {roomId, error});
		}
	};

	/** Ghosts may come into a room after the person. What cannot be noted now is so the next time. */
	const clearUp = async (): Promise<void> => {
		const chats = [...unclear].flatMap((roomId): readonly DirectChat[] => {
			const person = personOf(roomId);
			if (person === 'nobody') unclear.delete(roomId);
			return person === 'nobody' || person === 'waiting' ? [] : [{user: person.ghost, roomId}];
		});
		await noteDirectChats({...stores, userId, homeserver}, chats);
		for (const {roomId} of chats) unclear.delete(roomId);
	};

	/** One after the other: a new login brings hundreds. */
	const acceptAll = async (): Promise<void> => {
		if (isAccepting) return;
		isAccepting = true;
		try {
			for (let roomId = next(); roomId !== undefined && !signal.aborted; roomId = next()) await accept(roomId);
			await clearUp();
		} catch (error) {
			log.info('bridges', 'Direct chats of a bridge could not be noted', {error});
		} finally {
			isAccepting = false;
		}
	};

	return {
		look: () => void acceptAll(),
		online() {
			tried.clear();
			void acceptAll();
		},
	};
};
