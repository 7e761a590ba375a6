/** What crosses the border between the screen's thread and the engine's. */
import type {AccountFiles} from '../domain/directories.ts';
import type {ErrorReport} from '../domain/errors.ts';
import type {EngineNotice, SessionReply, SessionRequest} from '../domain/session.ts';
import type {Heartbeat} from './heartbeat.ts';
import type {EngineEnd} from './session.ts';
import type {AccountRecord} from '../store/account-record.ts';

/** Given to the worker at its start. */
export type WorkerStart = {
	readonly files: AccountFiles;
	readonly record: AccountRecord;
	/** 32 bytes. */
	readonly masterKey: Uint8Array;
	readonly version: string;
	readonly deviceName: string;
	/** Milliseconds that messages and marks are dated ahead of the machine's clock: the demo has its own. @default 0 */
	readonly clockOffset?: number | undefined;
};

/** What the thread shares with who started it. */
export type WorkerExtras = {
	readonly heartbeat: Heartbeat;
	/** Milliseconds without a beat after which the thread is ended. */
	readonly patience: number;
};

export type ToWorker = {readonly kind: 'request'; readonly request: SessionRequest} | {readonly kind: 'stop'};

export type FromWorker =
	/** The engine owns the account and answers. */
	| {readonly kind: 'ready'}
	/** It could not open; `isBusy`: another process owns the account; `trouble`: why the disk takes nothing, in a few words. */
	| {
			readonly kind: 'refused';
			readonly isBusy: boolean;
			readonly trouble: string | undefined;
			readonly error: ErrorReport;
	  }
	| {readonly kind: 'reply'; readonly reply: SessionReply}
	| {readonly kind: 'notice'; readonly notice: EngineNotice}
	/** The sign-in ended, or was renewed, or a write failed, and the engine has to be opened anew. */
	| {readonly kind: 'ended'; readonly how: EngineEnd};
