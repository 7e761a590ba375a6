/** Collects verification events of rooms as they are archived, until they can be handed to the crypto in their order. */
import {asObject, asString, isObject, type JsonObject} from '../domain/json.ts';
import {timeOf} from '../domain/room-event.ts';
import type {SyncRoom} from '../domain/sync-response.ts';
import type {VerificationRoomEvent} from '../matrix/verification-events.ts';
import type {DecryptionResult, UndecryptedEvent} from '../store/undecrypted-store.ts';

export type VerificationInboxOptions = {
	/** What is archived of an encrypted event. */
	readonly event: (pk: number) => UndecryptedEvent | undefined;
	/** Hands one on. */
	readonly take: (event: VerificationRoomEvent) => void;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

/** Milliseconds: ten minutes are given to a verification, and clocks differ. */
const oldest = 20 * 60_000;

const isVerification = (type: string | undefined, content: JsonObject): type is string =>
	type === 'm.room.message'
		? content['msgtype'] === 'm.key.verification.request'
		: type?.startsWith('m.key.verification.') === true;

export const createVerificationInbox = ({event, take, now}: VerificationInboxOptions) => {
	let clear: VerificationRoomEvent[] = [];
	const decrypted = new Map<number, VerificationRoomEvent>();

	const isRecent = (raw: JsonObject): boolean => Math.abs(now() - timeOf(raw)) < oldest;

	return {
		/** Takes note of what a room said in the clear. */
		note({roomId, category, timeline}: SyncRoom): void {
			if (category !== 'join') return;
			for (const raw of timeline) {
				if (!isObject(raw) || 'state_key' in raw) continue;
				const type = asString(raw['type']);
				const content = asObject(raw['content']);
				if (isVerification(type, content) && isRecent(raw)) clear.push({roomId, raw, type, content});
			}
		},

		/** Takes note of what was decrypted, before it is written. */
		noteDecrypted(results: readonly DecryptionResult[]): void {
			for (const {pk, decryption} of results) {
				if (decryption.kind !== 'clear' || !isVerification(decryption.type, decryption.content)) continue;
				const archived = event(pk);
				if (archived === undefined || !isRecent(archived.raw)) continue;
				const {roomId, raw} = archived;
				const {type, content} = decryption;
				// The relation stays outside of what is encrypted.
				const relation = asObject(raw['content'])['m.relates_to'];
				const whole = relation === undefined ? content : {'m.relates_to': relation, ...content};
				decrypted.set(pk, {roomId, raw, type, content: whole});
			}
		},

		/** The response is with the crypto. */
		handOnClear(): void {
			const events = clear;
			clear = [];
			for (const each of events) take(each);
		},

		/** Nothing is being decrypted. */
		handOnDecrypted(): void {
			const events = [...decrypted].toSorted(([first], [second]) => first - second);
			decrypted.clear();
			for (const [, each] of events) take(each);
		},

		hasDecrypted: (): boolean => decrypted.size > 0,
	};
};
