/** What the ghosts of a bridge are called, where its administrator chose another prefix than the usual one. */

/** Characters that end a prefix. */
const separators = ['_', '-', '.', '=', '/'];

/** A shorter prefix would take people of the server for ghosts. */
const shortestPrefix = 3;

const commonStart = (names: readonly string[]): string => {
	const [first = '', ...others] = names;
	let length = first.length;
	for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1;
	return first.slice(0, length);
};

/**
 * @param localparts of who is in chats that the bridge made, besides the account and the bot, on the server of the bot
 * @param isUsual whether a localpart is called as ghosts of the network are by default
 * @returns what all of them begin with, up to a separator; `undefined` where the default holds, or nothing can be learned
 */
export const learnGhostPrefix = (
	localparts: readonly string[],
	isUsual: (localpart: string) => boolean,
): string | undefined => {
	const names = [...new Set(localparts)];
	if (names.length < 2 || names.some(isUsual)) return undefined;
	const common = commonStart(names);
	const end = Math.max(...separators.map(separator => common.lastIndexOf(separator)));
	const prefix = common.slice(0, end + 1);
	return prefix.length < shortestPrefix || names.includes(prefix) ? undefined : prefix;
};
