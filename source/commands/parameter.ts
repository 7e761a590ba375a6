/** What stands behind the name of a command. */

/** What a parameter names; completion and checks go by it. `member`: a user of the open room; `outsider`: one who is not in it. */
type ParameterKind =
	| 'room'
	| 'user'
	| 'member'
	| 'outsider'
	| 'text'
	| 'word'
	| 'file'
	| 'number'
	| 'time'
	| 'network'
	| 'reaction';

export type Parameter = {
	readonly kind: ParameterKind;
	readonly summary: string;
	/** @default false */
	readonly isOptional?: boolean;
	/** Takes the rest of the line, as it is. @default false */
	readonly isRest?: boolean;
	/** What is usually meant, for completion. @default nothing is known */
	readonly words?: readonly string[];
};
