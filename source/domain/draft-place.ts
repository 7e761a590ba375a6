/** Where a draft is kept of: beside that of a room and those of threads, one of each edit, and which message is answered. */

/** The draft of it is the event id of the message that is answered. */
export const replyDraft = 'reply';

const editPrefix = 'edit ';

/** @param eventId the message that is to say something else */
export const editDraft = (eventId: string): string => editPrefix + eventId;

/** @returns the message that a draft is an edit of */
export const editedIn = (place: string): string | undefined =>
	place.startsWith(editPrefix) ? place.slice(editPrefix.length) : undefined;
