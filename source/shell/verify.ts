/** `mx verify`: a verification from its request to its end, answered by the person at the terminal or by lines of stdin. */
import process from 'node:process';
import type {VerifyRequest} from '../commands/define-command.ts';
import {ExpectedError} from '../domain/errors.ts';
import {asString, isObject, parseJson} from '../domain/json.ts';
import type {Session} from '../domain/session.ts';
import type {Verification, VerificationStep} from '../domain/verification-requests.ts';
import {openLive, type LiveSession} from './live-session.ts';
import type {ShellParts} from './ports.ts';
import {createPrompts} from './prompt.ts';

/**
 * Milliseconds for what follows: a device that was just verified asks the others for the keys of the account, and gets them
 * while they are there. At least, between two looks, and at most.
 */
const [shortestRest, restPause, longestRest] = [2500, 500, 12_000];

type Answer = 'yes' | 'no' | 'cancel';

const words: ReadonlyMap<string, Answer> = new Map([
	['accept', 'yes'],
	['match', 'yes'],
	['yes', 'yes'],
	['y', 'yes'],
	['decline', 'no'],
	['mismatch', 'no'],
	['no', 'no'],
	['n', 'no'],
	['cancel', 'cancel'],
]);

/** A line is a word, or an object whose `answer` is one. The end of the input cancels. */
const readAnswer = async ({stdin}: ShellParts): Promise<Answer> => {
	const line = await stdin.line();
	if (line === undefined) return 'cancel';
	const value = parseJson(line);
	const word = isObject(value) ? asString(value['answer']) : line.trim();
	const answer = words.get(word?.toLowerCase() ?? '');
	if (answer !== undefined) return answer;
	throw new ExpectedError({
		message: 'A line of stdin is no answer.',
		next: 'Answer with accept, match, mismatch or cancel, or {"answer": "match"}.',
		reason: 'usage',
	});
};

/** Asks where somebody can be asked, and reads lines elsewhere. @param signal the question is of no use any more */
const decide = async (parts: ShellParts, question: string, signal: AbortSignal): Promise<Answer> => {
	if (parts.prompts === undefined || parts.options.format !== 'text') return readAnswer(parts);
	const both = AbortSignal.any([parts.signal, signal]);
	const prompts = createPrompts({input: process.stdin, output: process.stderr, signal: both});
	return (await prompts.confirm(question)) ? 'yes' : 'no';
};

const isOver = (step: VerificationStep): boolean => step === 'done' || step === 'cancelled';

/** What the engine tells of verifications, and a wait for more. */
const createNews = ({subscribe, closed}: LiveSession) => {
	const known = new Map<string, Verification>();
	let wake = Promise.withResolvers<void>();
	let isGone = false;
	const turn = (): void => {
		wake.resolve();
		wake = Promise.withResolvers();
	};
	const end = subscribe(notice => {
		if (notice.kind !== 'verification') return;
		known.set(notice.verification.id, notice.verification);
		turn();
	});
	void closed.then(() => {
		isGone = true;
		turn();
	});
	return {
		end,
		known,
		/** Waits until something is found. @throws ExpectedError when nothing can come any more, or the signal's reason */
		async until<Found>(look: () => Found | undefined, signal: AbortSignal): Promise<Found> {
			const aborted = Promise.withResolvers<never>();
			aborted.promise.catch(() => undefined);
			const onAbort = (): void => aborted.reject(signal.reason);
			signal.addEventListener('abort', onAbort);
			try {
				for (;;) {
					signal.throwIfAborted();
					const found = look();
					if (found !== undefined) return found;
					if (isGone)
						throw new ExpectedError({
							message: 'The mx that verified has ended, and the verification with it.',
							next: 'Run the command again.',
							reason: 'error',
						});
					await Promise.race([wake.promise, aborted.promise]);
				}
			} finally {
				signal.removeEventListener('abort', onAbort);
			}
		},
	};
};

const lateAfter = (milliseconds: number): AbortSignal => {
	const controller = new AbortController();
	const reason = new ExpectedError({message: 'Nothing came of it in time. Nothing was verified.', reason: 'notReady'});
	setTimeout(() => controller.abort(reason), milliseconds).unref();
	return controller.signal;
};

const begin = async ({target, isIncoming}: VerifyRequest, session: Session, wait: () => Promise<Verification>) => {
	if (isIncoming) return wait();
	if (target === undefined) return session.startVerification({});
	return session.startVerification(target.startsWith('@') ? {userId: target} : {deviceId: target});
};

const follow = async (request: VerifyRequest, live: LiveSession, parts: ShellParts): Promise<Verification> => {
	const {session} = live;
	const signal = AbortSignal.any([parts.signal, lateAfter(request.timeout)]);
	const news = createNews(live);
	let id: string | undefined;
	try {
		if (request.isIncoming) parts.talk.say('Waiting for a request…');
		const first = await begin(request, session, async () =>
			news.until(() => [...news.known.values()].find(each => each.isIncoming && each.step === 'requested'), signal),
		);
		({id} = first);
		const own = id;
		if (!news.known.has(own)) news.known.set(own, first);
		const now = (): Verification => news.known.get(own) ?? first;
		let told: VerificationStep | undefined;
		for (;;) {
			const verification = await news.until(() => (now().step === told ? undefined : now()), signal);
			const {step} = verification;
			told = step;
			request.tell(verification);
			if (isOver(step)) return verification;
			if (step === 'compare' || (step === 'requested' && verification.isIncoming)) {
				const passed = new AbortController();
				const question = step === 'compare' ? 'Do both sides show the same?' : 'Accept it?';
				const decided = decide(parts, question, passed.signal);
				decided.catch(() => undefined);
				const answer = await Promise.race([
					decided,
					news.until(() => (now().step === step ? undefined : 'passed'), signal),
				]);
				if (answer === 'passed') {
					passed.abort(new ExpectedError({message: 'It is over.', reason: 'error'}));
					continue;
				}
				if (answer === 'cancel') await session.cancelVerification({id: own});
				else if (step === 'requested')
					await (answer === 'yes' ? session.acceptVerification({id: own}) : session.cancelVerification({id: own}));
				else
					await (answer === 'yes' ? session.confirmVerification({id: own}) : session.mismatchVerification({id: own}));
			}
		}
	} catch (error) {
		if (id !== undefined && !isOver(news.known.get(id)?.step ?? 'requested'))
			await session.cancelVerification({id}).catch(() => undefined);
		throw error;
	} finally {
		news.end();
	}
};

/** Waits until this device has what the others give it. */
const rest = async ({session, closed, isKept}: LiveSession): Promise<void> => {
	if (isKept) return;
	const began = performance.now();
	const isOver = async (): Promise<boolean> => {
		const passed = performance.now() - began;
		if (passed > longestRest) return true;
		return passed > shortestRest && (await session.recovery({})).state === 'ready';
	};
	while (!(await isOver())) await Promise.race([closed, new Promise(resolve => void setTimeout(resolve, restPause))]);
};

/** @returns how it ended @throws ExpectedError where it could not begin, or was interrupted */
export const verify = async (request: VerifyRequest, parts: ShellParts): Promise<Verification> => {
	const live = await openLive(parts);
	try {
		const end = await follow(request, live, parts);
		if (end.step === 'done') await rest(live);
		return end;
	} finally {
		await live.close();
	}
};
