/** Sends what the outbox holds through the guarded send, and finds out whether an old message has arrived. */
import {asInteger, asObject, asString} from '../domain/json.ts';
import {isFileMessage} from '../domain/media.ts';
import {mustEncrypt, sendEvent, type OutgoingEvent, type SendPorts} from '../matrix/guarded-send.ts';
import type {Homeserver} from '../matrix/homeserver.ts';
import type {OutboxJob} from '../store/outbox-store.ts';
import type {AccountStores} from './account-stores.ts';
import type {FileUploads} from './file-uploads.ts';
import type {SdkHost} from './sdk-host.ts';

export type MessageSenderOptions = {
	readonly homeserver: Homeserver;
	readonly stores: Pick<AccountStores, 'account' | 'rooms' | 'outbox'>;
	readonly sdk: Pick<SdkHost, 'load' | 'loadForLoneSend' | 'loaded'>;
	/** Whether a sync loop runs. */
	readonly isLive: boolean;
	/** Whether the sync stream was followed up to a moment ago. */
	readonly isCurrent: () => boolean;
	readonly uploads: FileUploads;
};

export type MessageSender = {
	/** @returns the event id; `undefined` where nothing is left to be sent @throws as `sendEvent` */
	readonly send: (job: OutboxJob) => Promise<string | undefined>;
	/** Sends what is in no outbox, because it is of use only now. @returns the event id @throws as `sendEvent` */
	readonly sendNow: (event: OutgoingEvent) => Promise<string>;
	/** @returns whether what goes into a room is encrypted @throws as `sendEvent` */
	readonly mustEncrypt: (roomId: string) => Promise<boolean>;
	/** @returns the event id of a message that the server has already */
	readonly find: (job: OutboxJob) => Promise<string | undefined>;
};

/** Messages in which an old one is looked for. */
const searched = 100;

export const createMessageSender = (options: MessageSenderOptions): MessageSender => {
	const {homeserver, stores, sdk} = options;
	const ports: SendPorts = {
		homeserver,
		roomEncryption: roomId => stores.rooms.encryptionOf(roomId),
		noteEncrypted: roomId => stores.account.writeDurably(() => stores.rooms.setEncrypted(roomId)),
		loadEncryption: async () => (options.isLive ? await sdk.load() : await sdk.loadForLoneSend()).encryption,
		loadedEncryption: () => sdk.loaded()?.encryption,
		isCurrent: options.isCurrent,
		saidClear: new Set(),
	};

	/** What was taken back while it was on its way is sent by now, or was refused: then there is nothing to remove. */
	const redact = async ({roomId, transactionId, content}: OutboxJob): Promise<string | undefined> => {
		const row = asInteger(content['row']);
		const eventId = asString(content['redacts']) ?? (row === undefined ? undefined : stores.outbox.byId(row)?.eventId);
		if (eventId === undefined) return undefined;
		return homeserver.redact(roomId, eventId, {transactionId, reason: asString(content['reason'])});
	};

	return {
		sendNow: async event => sendEvent(ports, event),
		mustEncrypt: async roomId => mustEncrypt(ports, roomId),
		async send(job) {
			if (job.type === 'm.room.redaction') return redact(job);
			if (!isFileMessage(job.content, job.type)) return sendEvent(ports, job);
			// They are there, unless the room became encrypted behind them.
			const {signal} = new AbortController();
			return sendEvent(ports, {...job, content: async isEncrypted => options.uploads.bring(job, isEncrypted, signal)});
		},
		async find(job) {
			const page = await homeserver.messages(job.roomId, undefined, searched);
			// Own events carry their transaction id for the device that sent them.
			const match = page.events.find(
				event => asObject(asObject(event)['unsigned'])['transaction_id'] === job.transactionId,
			);
			return asString(asObject(match)['event_id']);
		},
	};
};
