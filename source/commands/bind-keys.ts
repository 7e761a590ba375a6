/** The command table with the keys of a set and of the person's settings, each checked. */
import type {CommandScope, ScreenCommand} from './define-command.ts';
import {isOneCharacter, parseKeys} from './key-notation.ts';
import {keyLabel} from './keymap.ts';
import {keySets, type KeysByCommand, type KeySet} from './key-sets.ts';

export type KeySettings = {
	readonly keys: KeySet;
	/** By command; an empty list takes all keys away. */
	readonly bindings: Readonly<Record<string, string | readonly string[]>>;
};

export type BoundCommands = {
	readonly commands: readonly ScreenCommand[];
	/** Sentences for a person: which binding does not hold, and why. All others hold. */
	readonly problems: readonly string[];
};

/** Where characters are text. */
const writingScopes: readonly CommandScope[] = ['everywhere', 'composer', 'completion', 'narrowing', 'panel', 'search'];

/** The way out must stay. */
const fixed: ReadonlyMap<string, string> = new Map([['interrupt', 'ctrl-c']]);

const isText = (keys: string): boolean => {
	const [first = ''] = keys.split(' ');
	return first === 'space' || isOneCharacter(first);
};

/** Whether one of two keys in a row can only be pressed by pressing the other first. */
const areInEachOthersWay = (one: string, other: string): boolean =>
	one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);

/** @returns the name that is most like a wrong one; `undefined` where none is. */
const nearest = (wrong: string, names: readonly string[]): string | undefined => {
	const plain = wrong.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
	const likeness = (name: string): number => {
		const other = name.replaceAll('-', '');
		if (other === plain) return 3;
		if (plain.length > 2 && (other.includes(plain) || plain.includes(other))) return 2;
		return plain.length > 3 && other.startsWith(plain.slice(0, 4)) ? 1 : 0;
	};
	const [best] = names.toSorted((first, second) => likeness(second) - likeness(first));
	return best !== undefined && likeness(best) > 0 ? best : undefined;
};

/** @returns why a command may not have these keys, as half a sentence. */
const refusalOf = ({name, scope}: ScreenCommand, keys: string): string | undefined => {
	const owner = [...fixed].find(([, key]) => areInEachOthersWay(key, keys))?.[0];
	if (owner !== undefined && owner !== name)
		return `${keyLabel(keys)} always ends what you are in: \`${owner}\` keeps it`;
	if (writingScopes.includes(scope) && isText(keys)) return `${keyLabel(keys)} is text where ${name} counts`;
	return undefined;
};

/** @returns the keys of a command in a set, without those that the set gives to another where it counts. */
const keysOfSet = (
	{name, scope, keys}: ScreenCommand,
	table: readonly ScreenCommand[],
	set: KeysByCommand,
): readonly string[] => {
	const own = set[name];
	if (own !== undefined) return own;
	const taken = table.filter(each => each.scope === scope).flatMap(each => set[each.name] ?? []);
	return taken.length === 0 ? keys : keys.filter(key => !taken.some(each => areInEachOthersWay(each, key)));
};

/**
 * Binds keys. Those of the settings take a key away from whoever has it where the command counts.
 * @param table all commands, with the keys of the default set
 */
export const bindKeys = (table: readonly ScreenCommand[], settings: KeySettings): BoundCommands => {
	const set = keySets[settings.keys];
	const keysOf = new Map(table.map(command => [command.name, keysOfSet(command, table, set)]));
	const byName = new Map(table.map(command => [command.name, command]));
	/** Said at the end, when it is known which keys hold. */
	const problems: (() => string)[] = [];
	/** What the settings have given out: by scope and keys. */
	const given: {readonly scope: CommandScope; readonly keys: string; readonly name: string}[] = [];

	const helpKey = (): string => {
		const [key] = keysOf.get('help') ?? [];
		return key === undefined ? '/help' : keyLabel(key);
	};

	const give = (command: ScreenCommand, keys: string): string | undefined => {
		const {name, scope} = command;
		const refusal = refusalOf(command, keys);
		if (refusal !== undefined) return refusal;
		const other = given.find(each => each.scope === scope && each.name !== name && areInEachOthersWay(each.keys, keys));
		if (other !== undefined) return `${other.name} has ${keyLabel(other.keys)} already`;
		given.push({scope, keys, name});
		for (const each of table) {
			if (each.scope !== scope) continue;
			const kept = (keysOf.get(each.name) ?? []).filter(key => !areInEachOthersWay(key === ' ' ? 'space' : key, keys));
			keysOf.set(each.name, kept);
		}
		keysOf.set(name, [...(keysOf.get(name) ?? []), keys === 'space' ? ' ' : keys]);
		return undefined;
	};

	for (const [name, value] of Object.entries(settings.bindings)) {
		const command = byName.get(name);
		if (command === undefined) {
			const like = nearest(name, [...byName.keys()]);
			const hint = (): string => (like === undefined ? `${helpKey()} shows all commands` : `did you mean ${like}?`);
			problems.push(() => `There is no command "${name}" to bind: ${hint()}.`);
			continue;
		}
		const wanted = typeof value === 'string' ? [value] : value;
		const parsed = wanted.map(parseKeys);
		const good = parsed.flatMap(each => ('keys' in each ? [each.keys] : []));
		const refusals = parsed.flatMap(each => ('problem' in each ? [each.problem] : []));
		// What is wrong altogether leaves the command as it was.
		if (good.length > 0 || wanted.length === 0) keysOf.set(name, fixed.has(name) ? [fixed.get(name) ?? ''] : []);
		for (const keys of good) {
			const refusal = give(command, keys);
			if (refusal !== undefined) refusals.push(refusal);
		}
		if ((keysOf.get(name)?.length ?? 0) === 0 && good.length > 0) {
			const before = (set[name] ?? command.keys).filter(
				key => !given.some(each => each.scope === command.scope && areInEachOthersWay(each.keys, key)),
			);
			keysOf.set(name, before);
		}
		for (const refusal of refusals) problems.push(() => `The binding of ${name} does not hold: ${refusal}.`);
	}
	const commands = table.map(command => {
		const keys = keysOf.get(command.name) ?? command.keys;
		return keys === command.keys ? command : {...command, keys};
	});
	return {commands, problems: problems.map(say => say())};
};
