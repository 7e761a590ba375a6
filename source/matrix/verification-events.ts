/**
 * The way of verification events into rooms and out of them (docs/decisions/0019-verification.md): what the crypto wants to
 * put into a room goes through mx's own send, and what comes is handed to it in order, also for rooms that the SDK does not hold.
 */
import {MatrixEvent} from 'matrix-js-sdk';
import {asObject, asString, parseJson, type JsonObject} from '../domain/json.ts';
import {cleanEvent, isUsableEvent} from './sdk-event-input.ts';

type RoomRequest = {
	readonly id: string | undefined;
	readonly type: unknown;
	readonly room_id: string;
	readonly event_type: string;
	readonly txn_id: string;
	readonly body: string;
};

/** Private parts of RustCrypto (contract: test/engine/verification.test.ts). */
export type VerifyingCrypto = {
	onLiveEventFromSync(event: MatrixEvent): Promise<void>;
	onKeyVerificationEvent(event: MatrixEvent): Promise<void>;
	sendVerificationRequestContent(roomId: string, content: string): Promise<string>;
	readonly outgoingRequestProcessor: {makeOutgoingRequest(request: object, uiaCallback?: unknown): Promise<void>};
	readonly olmMachine: {markRequestAsSent(id: string, type: unknown, response: string): Promise<unknown>};
};

export type VerificationEventOptions = {
	/** Sends an event into a room, encrypted where the room is. @returns its event id */
	readonly send: (event: {
		readonly roomId: string;
		readonly type: string;
		readonly transactionId: string;
		readonly content: JsonObject;
	}) => Promise<string>;
	readonly newTransactionId: () => string;
	/** The account's. */
	readonly userId: string;
	/** Another device of the account has accepted or ended one of a room. @param id the event id of its request */
	readonly onAnsweredElsewhere: (id: string) => void;
	/** Told of an event that could not be sent, or taken. */
	readonly onFailure: (error: unknown) => void;
};

/** An event of a room as it came, with what it said in the clear. */
export type VerificationRoomEvent = {
	readonly roomId: string;
	readonly raw: JsonObject;
	readonly type: string;
	readonly content: JsonObject;
};

/** Event ids that are remembered, so that none is taken twice. */
const remembered = 1000;

const answers: ReadonlySet<string> = new Set(['m.key.verification.ready', 'm.key.verification.cancel']);

const isRoomRequest = (request: object): request is RoomRequest =>
	'room_id' in request && 'event_type' in request && 'txn_id' in request;

/** Takes both ways over from the SDK. */
export const routeVerificationEvents = (crypto: VerifyingCrypto, options: VerificationEventOptions) => {
	const {outgoingRequestProcessor: processor, olmMachine} = crypto;
	const taken = new Set<string>();
	const noteTaken = (eventId: string): void => {
		taken.add(eventId);
		const [oldest] = taken;
		if (taken.size > remembered && oldest !== undefined) taken.delete(oldest);
	};
	let sending: Promise<void> = Promise.resolve();
	const queued = new Set<string>();
	let failure: unknown;

	const sendOne = async ({id, type, room_id, event_type, txn_id, body}: RoomRequest): Promise<void> => {
		const content = asObject(parseJson(body));
		const eventId = await options.send({roomId: room_id, type: event_type, transactionId: txn_id, content});
		noteTaken(eventId);
		if (id !== undefined) await olmMachine.markRequestAsSent(id, type, JSON.stringify({event_id: eventId}));
	};

	const make = processor.makeOutgoingRequest.bind(processor);
	// Not waited for: the crypto's loop of requests comes here, and encrypting for a room waits for that loop.
	processor.makeOutgoingRequest = async (request, uiaCallback) => {
		if (!isRoomRequest(request)) return make(request, uiaCallback);
		const {txn_id: key} = request;
		// What is on its way is offered again until it is marked as sent.
		if (queued.has(key)) return undefined;
		queued.add(key);
		sending = sending
			.then(async () => sendOne(request))
			.catch((error: unknown) => {
				failure = error;
				options.onFailure(error);
			})
			.finally(() => queued.delete(key));
		return undefined;
	};
	crypto.sendVerificationRequestContent = async (roomId, content) => {
		const eventId = await options.send({
			roomId,
			type: 'm.room.message',
			transactionId: options.newTransactionId(),
			content: asObject(parseJson(content)),
		});
		noteTaken(eventId);
		return eventId;
	};

	// It would see only the rooms that the SDK holds, and each event of those a second time.
	crypto.onLiveEventFromSync = async () => undefined;
	let taking: Promise<void> = Promise.resolve();

	return {
		/** Resolves when all that is to go into rooms has gone. @throws what the last one has failed with, once */
		async sent(): Promise<void> {
			await sending;
			const failed = failure;
			failure = undefined;
			if (failed !== undefined) throw failed;
		},

		/** Hands an event to the crypto, after those before it. What this device has sent itself is left out. */
		take({roomId, raw, type, content}: VerificationRoomEvent): void {
			const eventId = asString(raw['event_id']);
			const isOwn = asObject(raw['unsigned'])['transaction_id'] !== undefined;
			if (eventId === undefined || isOwn || taken.has(eventId) || !isUsableEvent({...raw, type, content})) return;
			noteTaken(eventId);
			const event = new MatrixEvent({...cleanEvent({...raw, type, content}), room_id: roomId});
			const {event_id: flow} = asObject(content['m.relates_to']);
			// The crypto looks for requests of the sender only.
			const isAnswer = raw['sender'] === options.userId && answers.has(type) && typeof flow === 'string';
			taking = taking
				.then(async () => {
					if (isAnswer) options.onAnsweredElsewhere(flow);
					await crypto.onKeyVerificationEvent(event);
				})
				.catch(options.onFailure);
		},
	};
};

export type VerificationEvents = ReturnType<typeof routeVerificationEvents>;
