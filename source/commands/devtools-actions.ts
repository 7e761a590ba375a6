/** What commands can do with events as they are, for who knows the specification. */
export type DevtoolsActions = {
	/** Lists the state of the open room; Enter shows an event of it. */
	readonly openState: () => void;
	/** Sends an event of any type into the open room, on the way that its messages go. @param content JSON */
	readonly sendRaw: (type: string, content: string) => void;
	/** Shows a state event, or sets it, after a question. @param rest its key, then its content as JSON; both may be missing */
	readonly rawState: (type: string, rest: string) => void;
};
