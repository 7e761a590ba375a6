import type {RoomRow} from '../../source/domain/room.ts';

/** A joined room of two people in the clear, with nothing unread. */
export const lunchRoom: RoomRow = {
	rid: 1,
	roomId: '!room:one.test',
	membership: 'join',
	name: 'Sunday lunch',
	alias: undefined,
	topic: undefined,
	isDirect: false,
	directUser: undefined,
	isEncrypted: false,
	unreadCount: 0,
	highlightCount: 0,
	isMarkedUnread: false,
	lastActivity: 0,
	preview: undefined,
	isMuted: false,
	section: 'normal',
	inboxSection: 3,
	isSpace: false,
	joinedCount: 2,
	protocol: undefined,
	hasDraft: false,
	needsReplySince: undefined,
	snoozedUntil: undefined,
	isReminder: false,
};
