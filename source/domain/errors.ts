/** The two kinds of failure: an ExpectedError says what to do next; everything else is a bug. */

/** Exit codes of the shell verbs; `mx help` documents them. */
export const exitCodes = {
	done: 0,
	error: 1,
	usage: 2,
	notSignedIn: 3,
	notReady: 4,
	notFound: 5,
	ambiguous: 6,
	refused: 7,
	queued: 8,
	encryption: 9,
	bridge: 10,
	interrupted: 130,
} as const;

/** The name of an exit code. */
export type ExitReason = keyof typeof exitCodes;

/** What an ExpectedError is made of; this form also crosses threads and the socket. */
export type ErrorReport = {
	/** One sentence for a person, without technical noise. */
	readonly message: string;
	/** What the person can do now, one sentence or command. */
	readonly next?: string | undefined;
	readonly reason: ExitReason;
	/** For `ambiguous`: what could have been meant. */
	readonly candidates?: readonly string[] | undefined;
};

/** A failure that the program foresaw: shown as a sentence and a next step, never as a stack. */
export class ExpectedError extends Error {
	readonly report: ErrorReport;

	constructor(report: ErrorReport, options?: ErrorOptions) {
		super(report.message, options);
		this.name = 'ExpectedError';
		this.report = report;
	}
}

/** @returns the report of any thrown value; what is not an ExpectedError becomes `error` with its message. */
export const reportOf = (error: unknown): ErrorReport =>
	error instanceof ExpectedError
		? error.report
		: {message: error instanceof Error ? error.message : String(error), reason: 'error'};
