/** What a command is. Keys, slash commands, shell verbs, help and completion are all read from these literals. */
import type {AppearanceActions} from './appearance-actions.ts';
import type {BridgeActions} from './bridge-actions.ts';
import type {ExitReason} from '../domain/errors.ts';
import type {JsonObject} from '../domain/json.ts';
import type {AccountStatus, EncryptionSetup, Session} from '../domain/session.ts';
import type {BridgeLogin} from '../domain/bridge-login.ts';
import type {Verification} from '../domain/verification-requests.ts';
import type {SafeText} from '../text/safe-text.ts';
import type {ComposerActions} from './composer-actions.ts';
import type {MediaActions} from './media-actions.ts';
import type {PollActions} from './poll-actions.ts';
import type {MergeActions} from './merge-actions.ts';
import type {MessageActions} from './message-actions.ts';
import type {NotifyActions} from './notify-actions.ts';
import type {PeopleActions, PlaceActions, RoomActions} from './room-actions.ts';
import type {DevtoolsActions} from './devtools-actions.ts';
import type {EncryptionActions} from './encryption-actions.ts';
import type {FindActions} from './find-actions.ts';
import type {Parameter} from './parameter.ts';
import type {SectionActions} from './section-actions.ts';
import type {SearchActions} from './search-actions.ts';
import type {ReceiptActions} from './receipt-actions.ts';
import type {TriageActions} from './triage-actions.ts';
import type {VerificationActions} from './verification-actions.ts';
import type {WhyNot} from './why-not.ts';

/**
 * A flag of a shell verb, `--name` or `--name VALUE`. `number`: greater than 0, decimals allowed; `count`: a whole number
 * from 1 on.
 */
export type Flag = {
	readonly kind: 'switch' | 'text' | 'number' | 'count';
	readonly summary: string;
	/** What stands for the value in the help, e.g. `FILE`. */
	readonly placeholder?: string;
	/** One letter. */
	readonly alias?: string;
};

export type CommandGroup = 'message' | 'room' | 'account' | 'movement' | 'editing' | 'screen' | 'help';

/** Where a key counts; the innermost scope that knows it wins. */
export type CommandScope =
	| 'everywhere'
	| 'composer'
	| 'completion'
	| 'inbox'
	| 'narrowing'
	| 'message'
	| 'bare'
	| 'help'
	| PanelScope;

/** Lists: keys of all of them, and of single ones. */
export type PanelScope =
	| 'panel'
	| 'switcher'
	| 'commands'
	| 'reactions'
	| 'themes'
	| 'details'
	| 'source'
	| 'state'
	| 'snooze'
	| 'links'
	| 'thread'
	| 'threads'
	| 'search'
	| 'files'
	| 'outbox'
	| 'poll'
	| 'pins'
	| 'forward'
	| 'merge'
	| 'devices'
	| 'device'
	| 'keys'
	| 'recovery'
	| 'recovery-key'
	| 'verify'
	| 'verification'
	| 'bridges'
	| 'bridge-login'
	| 'contacts'
	| RoomPanelScope;

/** Lists and forms about rooms and people. */
type RoomPanelScope = 'members' | 'profile' | 'settings' | 'create' | 'preview' | 'directory' | 'spaces';

type Values<Parameters extends Record<string, Parameter>> = {
	readonly [Name in keyof Parameters]: Parameters[Name] extends {isOptional: true} ? string | undefined : string;
};

type FlagValue<Kind extends Flag['kind']> = Kind extends 'switch'
	? boolean
	: Kind extends 'text'
		? string | undefined
		: number | undefined;

type FlagValues<Flags extends Record<string, Flag>> = {readonly [Name in keyof Flags]: FlagValue<Flags[Name]['kind']>};

/** Names of the composer's editing steps; the screen maps them to its reducer. */
export type EditStep =
	| 'newline'
	| 'left'
	| 'right'
	| 'word-left'
	| 'word-right'
	| 'line-start'
	| 'line-end'
	| 'up'
	| 'down'
	| 'delete-back'
	| 'delete-forward'
	/** Back to the last blank. */
	| 'kill-blank-back'
	| 'kill-word-back'
	| 'kill-word-forward'
	| 'kill-to-start'
	| 'kill-to-end'
	| 'yank'
	| 'yank-pop'
	| 'undo'
	| 'redo'
	| 'transpose';

/** What a command can do to the screen. What fails says so in the status line. */
export type ScreenActions = {
	readonly quit: () => void;
	/** First press clears or cancels; the second within two seconds quits. */
	readonly interrupt: () => void;
	/** One step back: closes what is open, drops what is said, goes to the newest message. */
	readonly cancel: () => void;
	readonly redraw: () => void;
	/** Stops the program as a job of the shell; without a shell that could continue it, nothing happens. */
	readonly suspend: () => void;
	readonly toggleHelp: () => void;
	readonly scrollHelp: (lines: number) => void;
	readonly toggleInbox: () => void;
	/** From the inbox to the conversation. */
	readonly leaveInbox: () => void;
	/** As `leaveInbox`; accepts an invitation that is already seen, and unfolds a section on whose header the cursor is. */
	readonly enterRoom: () => void;
	/** To the room further down (positive) or up the list, ready to write there. */
	readonly moveRoom: (steps: number) => void;
	/** As `moveRoom`, but the keys stay in the inbox. */
	readonly walkInbox: (steps: number) => void;
	readonly nextUnread: () => void;
	/** Opens a room of the account by address or name. */
	readonly openRoom: (address: string) => void;
	/** Opens what stands as a row in a list: a person is written to where they wrote last. @param roomId of the room of that row */
	readonly openRow: (roomId: string) => void;
	readonly acceptInvitation: () => void;
	readonly declineInvitation: () => void;
	/** Lines (positive: towards newer). */
	readonly scrollLines: (lines: number) => void;
	readonly scrollPages: (pages: number) => void;
	readonly scrollToEnd: (end: 'oldest' | 'newest') => void;
	readonly edit: (step: EditStep) => void;
	/** Sends what is in the composer, or runs it if it is a command; accepts an open invitation if it is empty. */
	readonly submit: () => void;
	/** Acts on the newest message of the room that failed. */
	readonly resolveFailed: (action: 'retry' | 'discard') => void;
	readonly retryNow: () => void;
};

/** Lists that are opened beside the conversation or over it. */
export type PanelActions = {
	/** Rows down (positive) or up. */
	readonly move: (steps: number) => void;
	readonly movePages: (pages: number) => void;
	readonly moveToEnd: (end: 'first' | 'last') => void;
	readonly choose: () => void;
	readonly close: () => void;
	readonly edit: (step: EditStep) => void;
};

/** What commands can do, by parts of the screen. */
export type ScreenContext = {
	readonly screen: ScreenActions;
	readonly panel: PanelActions;
	readonly find: FindActions;
	readonly search: SearchActions;
	readonly triage: TriageActions;
	readonly merging: MergeActions;
	readonly receipts: ReceiptActions;
	readonly notify: NotifyActions;
	readonly room: RoomActions;
	readonly people: PeopleActions;
	readonly places: PlaceActions;
	readonly encryption: EncryptionActions;
	readonly devtools: DevtoolsActions;
	readonly sections: SectionActions;
	readonly verification: VerificationActions;
	readonly bridge: BridgeActions;
	readonly message: MessageActions;
	readonly appearance: AppearanceActions;
	readonly composer: ComposerActions;
	readonly media: MediaActions;
	readonly poll: PollActions;
};

type Common<Parameters extends Record<string, Parameter>> = {
	readonly name: string;
	readonly aliases?: readonly string[];
	/** One line, imperative, no full stop. */
	readonly summary: string;
	readonly group: CommandGroup;
	readonly parameters: Parameters;
};

export type ScreenCommand<Parameters extends Record<string, Parameter> = Record<string, Parameter>> =
	Common<Parameters> & {
		readonly surface: 'screen';
		/** Key names as the input decoder gives them. */
		readonly keys: readonly string[];
		readonly scope: CommandScope;
		/** Whether `/name` runs it too. */
		readonly isSlash: boolean;
		/** As a slash command: its text stays in the composer until what it sends is stored. @default false */
		readonly isTextKept?: boolean;
		/** Why it cannot be run just now, for the lists of commands; running it says so too. */
		readonly whyNot?: WhyNot;
		readonly run: (values: Values<Parameters>, context: ScreenContext) => void;
	};

/** Where data go. */
export type OutputView = {
	/** A person reads along: columns are aligned, times are local and short. */
	readonly isTerminal: boolean;
	/** Cells of a row; only of a terminal. */
	readonly columns: number;
};

/** What a verb has found out, in the three forms of its output; the version `v` is put into each object. */
export type ShellResult = {
	/** Lines for people and pipes. */
	readonly text: (view: OutputView) => readonly SafeText[];
	/** The document of --json. */
	readonly document: JsonObject;
	/** The lines of --jsonl. @default the document */
	readonly items?: readonly JsonObject[];
};

/** What a shell verb works with. */
export type ShellContext = {
	/** The account's session: the running mx, or this process if there is none. */
	readonly session: () => Promise<Session>;
	/** The reading part of it. Without a running mx the store alone answers: no network, no lock. */
	readonly archive: () => Promise<Pick<Session, 'rooms' | 'read' | 'search'>>;
	/** Data, to stdout in the form that was asked for. */
	readonly print: (result: ShellResult) => void;
	/** Talk, to stderr; made safe. Silent with --quiet. */
	readonly say: (sentence: string) => void;
	/** All of stdin as text. @throws ExpectedError `usage` when it is a terminal */
	readonly readStdin: () => Promise<string>;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Aborted when somebody ends the verb. What it throws with the reason `interrupted` is said in place of "Interrupted". */
	readonly signal: AbortSignal;
	/** Whether the settings say that pictures are sent as they are. */
	readonly keepsMetadata: () => Promise<boolean>;
	readonly shell: ShellActions;
};

/** Verbs that need more than a session; the shell does the work. */
export type ShellActions = {
	readonly login: (request: LoginRequest) => Promise<LoginResult>;
	readonly logout: (request: LogoutRequest) => Promise<LogoutResult>;
	readonly whoami: () => Promise<AccountStatus>;
	readonly doctor: () => Promise<readonly DoctorCheck[]>;
	/** Runs a verification to its end. @returns how it ended */
	readonly verify: (request: VerifyRequest) => Promise<Verification>;
	/** Runs something on an account that is in step with the server meanwhile. */
	readonly live: <Result>(work: (session: Session) => Promise<Result>) => Promise<Result>;
	/** Signs in at another network. @returns how it ended */
	readonly bridgeLogin: (request: BridgeLoginRequest) => Promise<BridgeLogin>;
	/** Until Ctrl-C is pressed twice. @throws ExpectedError `usage` without a terminal */
	readonly keys: () => Promise<void>;
	/** Runs the demo until it is left. @returns the exit code of the screen */
	readonly demo: (request: DemoRequest) => Promise<number | undefined>;
	/** Help of one verb, or of all; to stdout. @throws ExpectedError `usage` for an unknown verb */
	readonly help: (verb: string | undefined) => void;
};

export type LoginRequest = {
	readonly server: string | undefined;
	readonly user: string | undefined;
	readonly isPasswordOnStdin: boolean;
	readonly isRecoveryKeyOnStdin: boolean;
	readonly recoveryKeyFile: string | undefined;
	readonly isVerificationSkipped: boolean;
	/** Name of a secrets backend; `undefined` lets mx choose. */
	readonly secrets: string | undefined;
	/** Program and arguments of the `command` backend. */
	readonly secretsCommand: string | undefined;
	readonly deviceName: string | undefined;
};

export type LoginResult = {
	readonly userId: string;
	readonly deviceId: string;
	readonly homeserver: string;
	readonly encryption: EncryptionSetup;
	/** Where the recovery key of a new account was written. */
	readonly recoveryKeyFile: string | undefined;
};

export type LogoutRequest = {
	/** Wipe although the server cannot be told. */
	readonly isForced: boolean;
	/** Do not ask. */
	readonly isConfirmed: boolean;
};

export type LogoutResult = {readonly userId: string; readonly deviceId: string; readonly isRevoked: boolean};

export type VerifyRequest = {
	/** A person, or a device of the account; all its other devices without. */
	readonly target: string | undefined;
	/** Waits for a request instead. */
	readonly isIncoming: boolean;
	/** Milliseconds for all of it. */
	readonly timeout: number;
	/** Told of each step. */
	readonly tell: (verification: Verification) => void;
};

export type BridgeLoginRequest = {
	/** Id of a network, or user id of a bot. */
	readonly bridge: string;
	readonly flow: string | undefined;
	/** A login that is renewed. */
	readonly account: string | undefined;
	/** Told of each change. */
	readonly tell: (login: BridgeLogin) => void;
};

export type DemoRequest = {
	/** Only the server, for other programs. */
	readonly isServerOnly: boolean;
	/** Loopback port of the server; a free one without. */
	readonly port: number | undefined;
	/** Milliseconds since the Unix epoch that it is when the demo begins; now without. */
	readonly clock: number | undefined;
	/** How many rooms the account has; without, those of the people. */
	readonly rooms: number | undefined;
	/** Path of a file with steps that are played. */
	readonly script: string | undefined;
};

/** One line of `mx doctor`. */
export type DoctorCheck = {
	readonly name: string;
	readonly state: 'ok' | 'warning' | 'problem';
	/** A sentence for a person. */
	readonly message: string;
	/** What to do. */
	readonly next: string | undefined;
};

export type ShellCommand<
	Parameters extends Record<string, Parameter> = Record<string, Parameter>,
	Flags extends Record<string, Flag> = Record<string, Flag>,
> = Common<Parameters> & {
	readonly surface: 'shell';
	readonly flags: Flags;
	/** Exit codes besides `done`, `error` and `usage`, for the help. */
	readonly exits: readonly ExitReason[];
	/** Lines for the help: a command and what it does. */
	readonly examples: readonly string[];
	/** @returns the exit code, where it is not `done` */
	readonly run: (
		values: Values<Parameters>,
		flags: FlagValues<Flags>,
		context: ShellContext,
	) => Promise<number | undefined | void>;
};

/** Types one screen command by its own parameters. */
export const defineScreenCommand = <const Parameters extends Record<string, Parameter>>(
	command: Omit<ScreenCommand<Parameters>, 'surface'>,
): ScreenCommand => ({...command, surface: 'screen'}) as unknown as ScreenCommand;

/** A slash command about messages, without a key. */
export const defineMessageWord = <const Parameters extends Record<string, Parameter>>(
	command: Omit<ScreenCommand<Parameters>, 'surface' | 'group' | 'keys' | 'scope' | 'isSlash'>,
): ScreenCommand =>
	defineScreenCommand<Parameters>({...command, group: 'message', keys: [], scope: 'everywhere', isSlash: true});

/** Types one shell verb by its own parameters and flags. */
export const defineShellCommand = <
	const Parameters extends Record<string, Parameter>,
	const Flags extends Record<string, Flag>,
>(
	command: Omit<ShellCommand<Parameters, Flags>, 'surface'>,
): ShellCommand => ({...command, surface: 'shell'}) as unknown as ShellCommand;
