/**
 * What became of an own message behind a bridge: one state machine over what the bridge's bot says (status events, notices) and
 * who has read it. Pure. The caller lets in nothing but the words of the bot of a bridge that is believed.
 */
import {asArray, asObject, asString, type JsonObject} from './json.ts';

/** The status event (MSC-less; mautrix bridges, if they are set up so). */
export const sendStatusType = 'com.beeper.message_send_status';

/** What a message has that is sent again. */
export const retryKey = 'com.beeper.message_send_retry';

/** `sent`: the server has it; `pending`: the bridge works on it; `bridged`: the network has it; `delivered`: a device of somebody. */
export type SendStage = 'sent' | 'pending' | 'bridged' | 'delivered' | 'read' | 'failed';

/** One thing that says what became of it. Times: milliseconds since the Unix epoch. Texts are untrusted. */
export type SendEvidence = {readonly time: number} & (
	| {
			readonly kind: 'status';
			readonly status: 'success' | 'pending' | 'fail-retriable' | 'fail-permanent';
			/** A code such as `m.foreign_network_error`. */
			readonly reason: string | undefined;
			/** For people. */
			readonly text: string | undefined;
			/** How many people have it; `undefined`: that will never be known, or is not yet. */
			readonly deliveredTo: number | undefined;
	  }
	| {
			readonly kind: 'notice';
			readonly isCertain: boolean;
			/** Another try may help. */
			readonly isRetriable: boolean;
			readonly text: string | undefined;
	  }
	/** The bot has read it: bridges say so that they have passed it on. */
	| {readonly kind: 'bot-read'}
	| {readonly kind: 'read'}
);

/** A step on its way, for who wants the whole story. */
export type SendStep = {
	readonly stage: SendStage;
	readonly time: number;
	readonly deliveredTo?: number | undefined;
	readonly reason?: string | undefined;
	readonly text?: string | undefined;
};

export type SendStatus = {
	readonly stage: SendStage;
	/** Of a failure: it did not arrive; else it may have. */
	readonly isCertain: boolean;
	/** Of a failure: the bridge says that another try may help. */
	readonly isRetriable: boolean;
	readonly reason: string | undefined;
	readonly text: string | undefined;
	readonly deliveredTo: number | undefined;
	/** The bridge of this room says what becomes of messages, and has said nothing of this one. */
	readonly isAwaited: boolean;
	/** Oldest first, without that it was sent. */
	readonly steps: readonly SendStep[];
};

/** Characters of a text of a bridge that are kept. */
const longestText = 500;
const mostPeople = 1000;

const shortText = (value: unknown): string | undefined => {
	const text = asString(value)?.trim().slice(0, longestText);
	return text === '' ? undefined : text;
};

const statuses = {
	SUCCESS: 'success',
	PENDING: 'pending',
	FAIL_RETRIABLE: 'fail-retriable',
	FAIL_PERMANENT: 'fail-permanent',
} as const;

const isStatus = (value: string): value is keyof typeof statuses => Object.hasOwn(statuses, value);

/** @param content of a status event; untrusted. @returns `undefined` for what makes no sense */
export const parseSendStatus = (content: JsonObject, time: number): SendEvidence | undefined => {
	const status = asString(content['status']) ?? '';
	if (!isStatus(status)) return undefined;
	const people = asArray(content['delivered_to_users']).slice(0, mostPeople);
	const deliveredTo = new Set(people.filter(user => typeof user === 'string')).size;
	return {
		kind: 'status',
		status: statuses[status],
		reason: shortText(content['reason']),
		text: shortText(content['message']),
		deliveredTo: deliveredTo === 0 ? undefined : deliveredTo,
		time,
	};
};

/** `⚠️ Your message was not bridged: it is too long` */
const notice =
	/^\u26A0\uFE0F?\s*Your [a-z]{3,20}(?: [a-z]{3,20})? (was not|may not have been) bridged(?::\s*(.*?))?\.?\s*$/su;

/** @param body of a notice of the bot that answers the message. @returns `undefined` for other notices */
export const parseFailureNotice = (body: string, time: number): SendEvidence | undefined => {
	const found = notice.exec(body.slice(0, longestText * 2));
	if (found === null) return undefined;
	return {kind: 'notice', isCertain: found[1] === 'was not', isRetriable: false, text: shortText(found[2]), time};
};

const reached: readonly SendStage[] = ['sent', 'pending', 'bridged', 'delivered', 'read'];

const isFurther = (stage: SendStage, than: SendStage): boolean => reached.indexOf(stage) > reached.indexOf(than);

const begun: SendStatus = {
	stage: 'sent',
	isCertain: true,
	isRetriable: false,
	reason: undefined,
	text: undefined,
	deliveredTo: undefined,
	isAwaited: false,
	steps: [],
};

const withStep = (status: SendStatus, step: SendStep): SendStatus => ({
	...status,
	stage: step.stage,
	isCertain: true,
	isRetriable: false,
	reason: step.reason,
	text: step.text,
	deliveredTo: step.deliveredTo ?? status.deliveredTo,
	steps: [...status.steps, step],
});

const onStatus = (status: SendStatus, evidence: SendEvidence & {readonly kind: 'status'}): SendStatus => {
	const {time, reason, text, deliveredTo} = evidence;
	switch (evidence.status) {
		case 'pending':
			return status.stage === 'sent' || status.stage === 'failed' ? withStep(status, {stage: 'pending', time}) : status;
		case 'success': {
			const stage = deliveredTo === undefined ? 'bridged' : 'delivered';
			const isNews =
				status.stage === 'failed' || isFurther(stage, status.stage) || (deliveredTo ?? 0) > (status.deliveredTo ?? 0);
			return isNews ? withStep(status, {stage, time, deliveredTo}) : status;
		}
		case 'fail-retriable':
		case 'fail-permanent': {
			const failed = withStep(status, {stage: 'failed', time, reason, text: text ?? status.text});
			return {...failed, isRetriable: evidence.status === 'fail-retriable'};
		}
		default:
			return evidence.status satisfies never;
	}
};

const next = (status: SendStatus, evidence: SendEvidence): SendStatus => {
	const {time} = evidence;
	switch (evidence.kind) {
		case 'status':
			return onStatus(status, evidence);
		case 'notice': {
			// A status event beside it says more.
			if (status.stage === 'failed' && status.isCertain) return {...status, text: status.text ?? evidence.text};
			const failed = withStep(status, {stage: 'failed', time, text: evidence.text});
			return {...failed, isCertain: evidence.isCertain, isRetriable: evidence.isRetriable};
		}
		case 'bot-read':
		case 'read': {
			const stage = evidence.kind === 'read' ? 'read' : 'bridged';
			// Who has read what came later need not have got this.
			if (status.stage === 'failed' && status.isCertain) return status;
			return status.stage === 'failed' || isFurther(stage, status.stage) ? withStep(status, {stage, time}) : status;
		}
		default:
			return evidence satisfies never;
	}
};

/** @param evidence in any order; of the same time, in the order of the room */
export const sendStatusOf = (evidence: readonly SendEvidence[]): SendStatus =>
	evidence.toSorted((first, second) => first.time - second.time).reduce(next, begun);

/** Milliseconds after which a message of which a bridge says nothing is told to be on its way still, and without an answer. */
export const answerPatience = {pending: 15_000, unanswered: 60_000} as const;

/** @param sentAt milliseconds since the Unix epoch. @returns what is to be said of a message of which the bridge says nothing */
export const awaitedStage = (
	{stage, isAwaited}: Pick<SendStatus, 'stage' | 'isAwaited'>,
	sentAt: number,
	now: number,
): keyof typeof answerPatience | undefined => {
	if (!isAwaited || (stage !== 'sent' && stage !== 'pending')) return undefined;
	const age = now - sentAt;
	if (age >= answerPatience.unanswered) return 'unanswered';
	return age >= answerPatience.pending ? 'pending' : undefined;
};

/** @returns which message is sent again, and how often that was tried by now; untrusted */
export const retryOf = (content: JsonObject): {readonly originalId: string; readonly count: number} | undefined => {
	const {original_event_id: id, retry_count: count} = asObject(content[retryKey]);
	const originalId = asString(id);
	if (originalId === undefined) return undefined;
	return {originalId, count: typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 1};
};

/** What failed to change a message on the other network. */
export type FailedChange = {
	readonly kind: 'edit' | 'reaction' | 'removal';
	/** Of a reaction. */
	readonly key?: string | undefined;
	readonly status: SendStatus;
};

const reasons: ReadonlyMap<string, (network: string) => string> = new Map<string, (network: string) => string>([
	['m.event_not_handled', () => 'the bridge did not take it'],
	['com.beeper.unsupported_event', network => `${network} has nothing like it`],
	['com.beeper.undecryptable_event', () => 'the bridge could not decrypt it'],
	['m.event_too_old', () => 'it is too old'],
	['m.foreign_network_error', network => `something went wrong on ${network}`],
	['m.no_permission', network => `you may not do that on ${network}`],
	['m.bridge_unavailable', () => 'the bridge cannot be reached'],
]);

/** @returns why it failed, for a person: what the bridge says, else what its code means. Untrusted text */
export const failureReason = ({text, reason}: Pick<SendStatus, 'text' | 'reason'>, network: string): string =>
	text ?? reasons.get(reason ?? '')?.(network) ?? 'the bridge gives no reason';
