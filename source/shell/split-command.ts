/** A command line of a person as program and arguments, without a shell. */

/** Words: quoted pieces and others, in a row without blanks between them. */
const word = /(?:"[^"]*"|'[^']*'|[^\s"'])+/g;

/** @returns the words of `text`; quotes hold blanks together, and nothing else is special. */
export const splitCommand = (text: string): readonly string[] =>
	(text.match(word) ?? []).map(each => each.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
