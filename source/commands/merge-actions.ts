/** People on several networks: saying who is one person. */
export type MergeActions = {
	/** Shows whom the person of the open chat may be too, who is suggested first. @param person a part of the name, to begin with */
	readonly merge: (person: string | undefined) => void;
	/** Shows the chats of the person of the open chat, to take one out or all. */
	readonly unmerge: () => void;
};
