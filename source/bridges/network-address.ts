/** Somebody on another network, as a person types it: `signal:+49151234`. */
import {networkNamed} from './protocols.ts';

export type NetworkAddress = {
	/** Id of the registry. */
	readonly protocol: string;
	/** A number, a user name: whatever the bridge takes. */
	readonly identifier: string;
};

/** @returns `undefined` for what names no network that mx knows: a room, a person, an address of Matrix. */
export const parseNetworkAddress = (text: string): NetworkAddress | undefined => {
	const {network, identifier} = /^(?<network>[a-z][a-z. ]*):(?<identifier>\S.*)$/i.exec(text.trim())?.groups ?? {};
	if (network === undefined || identifier === undefined || identifier.startsWith('//')) return undefined;
	const protocol = networkNamed(network);
	return protocol === undefined ? undefined : {protocol, identifier: identifier.trim()};
};
