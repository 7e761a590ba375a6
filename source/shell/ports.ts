/** What the parts of the shell are handed: the account, the person at the terminal, the engine's door. */
import type {GlobalOptions} from '../commands/parse-arguments.ts';
import type {Engine, EngineOptions} from '../engine/open-engine.ts';
import type {MutableEnvironment} from '../store/secrets/given-key.ts';
import type {AccountAccess} from './account-access.ts';
import type {Prompts} from './prompt.ts';
import type {StdinText} from './stdin-text.ts';
import type {Talk} from './talk.ts';

/** The door of the engine; behind it are the SDK and the databases. */
export type EngineModule = {readonly openEngine: (options: EngineOptions) => Promise<Engine>};

/** Everything a verb's work may need. */
export type ShellParts = {
	readonly access: AccountAccess;
	/** `undefined` where nobody can be asked: input or stderr is no terminal. */
	readonly prompts: Prompts | undefined;
	readonly stdin: StdinText;
	readonly talk: Talk;
	/** Loads the engine; console output goes to the log from then on. */
	readonly loadEngine: () => Promise<EngineModule & Pick<EngineOptions, 'log'>>;
	/** Aborted by Ctrl-C and by the signals that end a process; the reason is an ExpectedError. */
	readonly signal: AbortSignal;
	/** From now on somebody else hears the signals. */
	readonly releaseSignals: () => void;
	readonly options: GlobalOptions;
	readonly environment: MutableEnvironment;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Version of mx. */
	readonly version: string;
};
