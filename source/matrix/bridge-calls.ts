/** What a homeserver tells of its bridges. */
import type {JsonAnswer} from './json-request.ts';
import type {RoomCall} from './room-calls.ts';

/** Whose a name is: of an appservice, of a person, of nobody; `unknown` where the server does not say. */
export type NameOwner = 'appservice' | 'person' | 'nobody' | 'unknown';

export type BridgeCallOptions = {
	/** A request whose error status is an answer. */
	readonly ask: (...request: Parameters<RoomCall>) => Promise<JsonAnswer>;
};

export const createBridgeCalls = ({ask}: BridgeCallOptions) => ({
	/**
	 * Asks whether somebody could register a name (client-server API §GET /register/available): names of appservices are
	 * exclusive. Servers without open registration say nothing.
	 * @throws whatever the fetch throws
	 */
	async nameOwner(localpart: string): Promise<NameOwner> {
		const path = `/_matrix/client/v3/register/available?username=${encodeURIComponent(localpart)}`;
		const {isOk, status, body} = await ask(path, 'GET');
		if (isOk) return 'nobody';
		if (status !== 400) return 'unknown';
		if (body['errcode'] === 'M_EXCLUSIVE') return 'appservice';
		return body['errcode'] === 'M_USER_IN_USE' ? 'person' : 'unknown';
	},
});
