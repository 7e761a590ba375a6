/** What commands can do to rooms and to who is in them. */

/** Each says in the status line what came of it, or why it is not possible. */
export type RoomActions = {
	/** Asks first. */
	readonly leave: () => void;
};
