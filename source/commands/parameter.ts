/** What stands behind the name of a command. */
import type {ParameterKind} from '../domain/parameter-kind.ts';

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
