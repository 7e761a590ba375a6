/** What the screen is started with. */
import type {EngineNotice, Session} from '../domain/session.ts';
import type {Pictures} from '../pictures/pictures.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {Logger} from '../store/log-file.ts';
import type {Settings} from '../store/settings.ts';
import type {GuardedProcess} from '../terminal/exit-guard.ts';
import type {TerminalInput} from '../terminal/input-source.ts';
import type {TerminalOutput} from '../terminal/screen-output.ts';

/** @param problems sentences for a person */
export type SettingsListener = (settings: Partial<Settings>, problems: readonly string[]) => void;

export type ScreenOptions = {
	/** A connection of its own to the account's store, beside the engine's. */
	readonly reader: AccountReader;
	/** May answer late: until the engine is up, everything that is stored can be read. */
	readonly session: Session;
	/** @returns the end of the subscription. */
	readonly subscribe: (listener: (notice: EngineNotice) => void) => () => void;
	readonly account: {readonly userId: string; readonly homeserver: string};
	/** What signs in again, typed into a shell. @default `mx login` */
	readonly loginCommand?: string | undefined;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly stdin: TerminalInput;
	readonly stdout: TerminalOutput;
	/** What was set, as far as it is about the screen. @default what holds without a file */
	readonly settings?: Partial<Settings> | undefined;
	/** What of it is not good, as sentences for a person. @default all is well */
	readonly settingsProblems?: readonly string[] | undefined;
	/** Tells of settings that were changed while mx runs. @returns the end of it. @default they never are */
	readonly watchSettings?: ((listener: SettingsListener) => () => void) | undefined;
	/** Keeps a preference. @default nowhere */
	readonly keepSetting?:
		| (<Name extends keyof Settings>(name: Name, value: Settings[Name]) => Promise<void>)
		| undefined;
	/** Address of a room that is opened as soon as it is known, unless the person was quicker. */
	readonly startRoom?: string | undefined;
	/** Once, when the first frame is written: the caller then starts the engine. */
	readonly onFirstFrame?: () => void;
	/** Ends the engine; the screen is gone and drafts are kept by then. It has two seconds. */
	readonly onQuit: () => Promise<void>;
	readonly log: Logger;
	/** Milliseconds since the Unix epoch. @default Date.now */
	readonly now?: () => number;
	/** Writes to the terminal at once. @default to file descriptor 1 */
	readonly writeSync?: (bytes: Uint8Array) => number;
	/** Where signals and uncaught errors come from. @default the process */
	readonly process?: GuardedProcess;
	/** Hands a web address to the system, after the person said so. @default nowhere */
	readonly openLink?: ((href: string) => Promise<void>) | undefined;
	/** Decodes pictures. @default none are drawn */
	readonly pictures?: Pick<Pictures, 'scale' | 'encode' | 'sixel'> | undefined;
	/** Hands a file to the system, after the person said so. @default nowhere */
	readonly openFile?: ((path: string) => Promise<void>) | undefined;
	/** Takes the sentence about a bug. @default stderr */
	readonly report?: (sentence: string) => void;
};
