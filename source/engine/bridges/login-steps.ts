/** A way of signing in at a bridge, step by step: by its API, or by talking to its bot. */
import type {BridgeLogin} from '../../domain/bridge-login.ts';

export type LoginSteps = {
	/** Is told of each change. */
	readonly tell: (now: Pick<BridgeLogin, 'said' | 'display' | 'fields' | 'outcome' | 'warning'>) => void;
	/** Answers what the bridge wants to know, by the ids of the fields. */
	readonly answer: (answers: Readonly<Record<string, string>>) => Promise<void>;
	/** Gives it up. */
	readonly stop: () => Promise<void>;
};
