/** Which rooms the inbox shows. */
export type InboxFilter =
	/** All but archived ones that are read; spaces are filters of their own. */
	| {readonly kind: 'all'}
	| {readonly kind: 'unread'}
	| {readonly kind: 'mentions'}
	/** Direct chats. */
	| {readonly kind: 'people'}
	| {readonly kind: 'archived'}
	/** A section of the inbox, by its row number. */
	| {readonly kind: 'section'; readonly id: number}
	/** Away until some time. */
	| {readonly kind: 'snoozed'}
	/** Somebody waits for an answer. */
	| {readonly kind: 'needsReply'}
	/** Rooms of a space. */
	| {readonly kind: 'space'; readonly rid: number};
