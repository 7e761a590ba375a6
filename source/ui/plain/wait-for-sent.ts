/** At the end of the input: what was typed is given a moment to be sent. */
import type {OutboxItem} from '../../domain/outbox-item.ts';
import type {AccountReader} from '../../store/account-reader.ts';

/** Milliseconds between two looks, and that sending may take. */
const lookEvery = 50;
const patience = 10_000;

const isOnItsWay = ({state}: OutboxItem): boolean =>
	state === 'uploading' || state === 'queued' || state === 'inflight' || state === 'doubt';

/**
 * @param rids rooms that were written in
 * @param isOffline nothing can be sent just now
 * @returns how many messages are not sent
 */
export const waitForSent = async (
	reader: Pick<AccountReader, 'outbox'>,
	{rids, isOffline}: {readonly rids: readonly number[]; readonly isOffline: () => boolean},
): Promise<number> => {
	const count = (): number => rids.flatMap(rid => reader.outbox(rid)).filter(isOnItsWay).length;
	const end = performance.now() + patience;
	let left = count();
	while (left > 0 && !isOffline() && performance.now() < end) {
		await new Promise(resolve => void setTimeout(resolve, lookEvery));
		left = count();
	}
	return left;
};
