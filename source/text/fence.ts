/** Code as Markdown. */

/** @returns the length of the longest run of backticks */
const longestRun = (text: string): number => {
	let longest = 0;
	for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
	return longest;
};

/** @returns a block of code whose fence is longer than any in it. It ends without a line feed. */
export const fenced = (code: string, language = ''): string => {
	const fence = '`'.repeat(Math.max(3, longestRun(code) + 1));
	return `${fence}${language}\n${code}${code.endsWith('\n') ? '' : '\n'}${fence}`;
};
