/** Makes a room of a sample account one of Signal's, as its bridge would. */
import type {JsonObject} from '../../source/domain/json.ts';
import type {Portal} from '../../source/domain/portal.ts';
import {createPortalStore} from '../../source/store/portal-store.ts';
import {me, state, type SampleAccount} from './sample-account.ts';

export const signalBot = '@signalbot:one.test';
export const mum = '@signal_5f2c0d4e-8a17-4c55-9b0e-3d6f0a1b2c3d:one.test';

const key = 'one.test/signal';

const portal: Portal = {
	protocol: 'signal',
	trust: 'attested',
	kind: 'group',
	bot: signalBot,
	account: undefined,
	network: undefined,
	channel: 'c1',
	ownGhost: undefined,
	formerly: undefined,
	isRequest: false,
};

/** @param features what the bridge states of it; nothing without */
export const makePortal = (
	account: SampleAccount,
	roomId: string,
	{features, ...more}: Partial<Portal> & {readonly features?: JsonObject} = {},
): number => {
	const bridge = {bridgebot: signalBot, protocol: {id: 'signal'}, channel: {id: 'c1'}};
	const [rid = 0] = account.sync({
		id: roomId,
		state: [
			state('m.bridge', key, bridge, {sender: signalBot}),
			...(features === undefined ? [] : [state('com.beeper.room_features', key, features, {sender: signalBot})]),
		],
	});
	account.account.write(() => createPortalStore(account.account, me).write(rid, {...portal, ...more}));
	return rid;
};
