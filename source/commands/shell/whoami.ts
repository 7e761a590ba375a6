/** `mx whoami`: who is signed in here, on which device, and how its encryption stands. */
import type {JsonObject} from '../../domain/json.ts';
import type {AccountStatus} from '../../domain/session.ts';
import {joinSafe, literal, safeText, type SafeText} from '../../text/safe-text.ts';
import {defineShellCommand} from '../define-command.ts';
import {isoTime, localTime} from './printed-time.ts';

const statusJson = (status: AccountStatus): JsonObject => {
	const {net, encryption, deviceKeys, lastSync} = status;
	return {
		user_id: status.userId,
		device_id: status.deviceId,
		homeserver: status.homeserver,
		net: {state: net.state, cause: net.cause ?? null, retry_at: isoTime(net.retryAt), retry_at_ms: net.retryAt ?? null},
		encryption: {state: encryption.state, message: encryption.message, next: encryption.next ?? null},
		device_keys: deviceKeys ?? null,
		last_sync: isoTime(lastSync),
		last_sync_ms: lastSync ?? null,
	};
};

const statusRows = ({userId, deviceId, homeserver, net, encryption, deviceKeys, lastSync}: AccountStatus) => {
	const rows: ReadonlyArray<readonly [SafeText, string | undefined]> = [
		[literal`user`, userId],
		[literal`device`, deviceId],
		[literal`homeserver`, homeserver],
		[literal`connection`, net.cause === undefined ? net.state : `${net.state}: ${net.cause}`],
		[literal`encryption`, encryption.message],
		[literal`next`, encryption.next],
		[literal`last sync`, lastSync === undefined ? 'never' : localTime(lastSync)],
		[literal`ed25519`, deviceKeys?.ed25519],
		[literal`curve25519`, deviceKeys?.curve25519],
	];
	return rows.filter((row): row is readonly [SafeText, string] => row[1] !== undefined);
};

/** What `mx whoami` runs. */
export const whoamiCommand = defineShellCommand({
	name: 'whoami',
	summary: 'Show who is signed in, the device and its keys',
	group: 'account',
	parameters: {},
	flags: {},
	exits: ['notSignedIn'],
	examples: ['mx whoami', 'mx whoami --json'],
	async run(_values, _flags, context) {
		const status = await context.shell.whoami();
		// Loaded late: measuring text needs tables.
		const {pad} = await import('../../text/width.ts');
		context.print({
			text: ({isTerminal}) =>
				statusRows(status).map(([label, value]) =>
					isTerminal
						? joinSafe([pad(label, 12), safeText(value, 'name')])
						: joinSafe([label, safeText(value, 'name')], literal`\t`),
				),
			document: statusJson(status),
		});
	},
});
