/** A session that knows whether it is still answering: what is typed next waits, so that it finds what the line before did. */
import type {Session, SessionMethod} from '../../domain/session.ts';

/** Requests that mx makes by itself: nobody waits for them. */
const background: ReadonlySet<string> = new Set<SessionMethod>([
	'show',
	'markRead',
	'loadOlder',
	'saveDraft',
	'status',
]);

export type BusySession = {
	readonly session: Session;
	readonly isBusy: () => boolean;
	/** Resolves when what was asked for is answered, and what followed from the answers. */
	readonly idle: () => Promise<void>;
};

export const createBusySession = (inner: Session): BusySession => {
	const pending = new Set<Promise<unknown>>();
	const watch = (answer: Promise<unknown>): void => {
		pending.add(answer);
		const end = (): void => void pending.delete(answer);
		answer.then(end, end);
	};
	const session = new Proxy(inner, {
		get(target, name) {
			const method: unknown = Reflect.get(target, name);
			if (typeof method !== 'function' || background.has(String(name))) return method;
			return (request: unknown): unknown => {
				const answer: unknown = Reflect.apply(method, target, [request]);
				if (answer instanceof Promise) watch(answer);
				return answer;
			};
		},
	});
	/** What follows from an answer has begun. */
	const turn = async (): Promise<void> => new Promise(resolve => void setImmediate(resolve));
	return {
		session,
		isBusy: () => pending.size > 0,
		async idle() {
			await turn();
			while (pending.size > 0) {
				await Promise.allSettled(pending);
				await turn();
			}
		},
	};
};
