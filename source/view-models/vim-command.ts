/** How the keys of normal mode in vim are read: counts, an operator, and what stands behind it. */
import {isDigit, type Operator} from './vim-state.ts';

export type Parsed = {
	readonly count: number | undefined;
	readonly operator: Operator | undefined;
	/** `false`: an operator of vim that there is not here. What belongs to it is taken, so that it does nothing else. */
	readonly isOperatorThere: boolean;
	/** What stands behind count and operator. */
	readonly rest: readonly string[];
};

const operators: ReadonlyMap<string, Operator> = new Map(
	(['d', 'c', 'y', 'gu', 'gU', 'g~'] as const).map(each => [each, each]),
);

/** Those of vim that there are not here. */
const absent: ReadonlySet<string> = new Set(['>', '<', '=', '!', 'gq', 'gw', 'g?', 'zf']);

/** Reads `[count] [operator] [count] rest`; both counts are multiplied. */
export const parse = (keys: readonly string[]): Parsed => {
	let at = 0;
	const readCount = (): number | undefined => {
		const start = at;
		while (at < keys.length && isDigit(keys[at] ?? '', at === start)) at++;
		return at === start ? undefined : Math.min(Number(keys.slice(start, at).join('')), 9999);
	};
	const first = readCount();
	const [one = '', two = ''] = keys.slice(at);
	const name = [one + two, one].find(each => operators.has(each) || absent.has(each));
	if (name !== undefined) at += name === one ? 1 : 2;
	const second = name === undefined ? undefined : readCount();
	const count = first === undefined && second === undefined ? undefined : (first ?? 1) * (second ?? 1);
	return {
		count,
		operator: operators.get(name ?? ''),
		isOperatorThere: !absent.has(name ?? ''),
		rest: keys.slice(at),
	};
};

/** Keys that need another one behind them: marks, macros and `z` too, so that it does nothing else. */
export const needsMore = ({operator, isOperatorThere, rest}: Parsed): boolean => {
	const [key] = rest;
	if (key === undefined) return true;
	if (rest.length > 1) return false;
	const isOperated = operator !== undefined || !isOperatorThere;
	return (isOperated ? "fFtTg'`ia" : "fFtTrgm'`q@z").includes(key);
};

/** @returns the keys of a command with another count. */
export const withCount = (keys: readonly string[], count: number | undefined): readonly string[] => {
	if (count === undefined) return keys;
	const {operator = '', rest} = parse(keys);
	return [...Array.from(String(count)), ...Array.from(operator), ...rest];
};
