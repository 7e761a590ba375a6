/** `mx whoami`: from the mx that runs, from an engine of this process, or, without the key, from the record alone. */
import {ExpectedError} from '../domain/errors.ts';
import {untilInterrupted} from '../domain/interruption.ts';
import type {AccountStatus, NetState} from '../domain/session.ts';
import type {AccountRecord} from '../store/account-record.ts';
import {openSession} from './open-session.ts';
import type {ShellParts} from './ports.ts';

/** Nobody keeps up a connection. */
const notRunning: NetState = {state: 'offline', cause: 'no mx is running'};

const fromRecord = ({userId, deviceId, homeserver}: AccountRecord): AccountStatus => ({
	userId,
	deviceId,
	homeserver,
	net: notRunning,
	encryption: {state: 'unknown', message: 'The state of the encryption is not known while the key is locked.'},
	lastSync: undefined,
	deviceKeys: undefined,
});

/**
 * @returns the status; without a running mx the server is asked for the state of the encryption
 * @throws ExpectedError `notSignedIn`, and when the stores cannot be opened
 */
export const readStatus = async (parts: ShellParts): Promise<AccountStatus> => {
	const record = await parts.access.requireRecord();
	try {
		const {session, engine, close} = await openSession(parts);
		try {
			// A lone engine has asked nobody yet.
			if (engine !== undefined) await untilInterrupted(parts.signal, engine.encryption.read());
			const status = await session.status({});
			return engine === undefined ? status : {...status, net: notRunning};
		} finally {
			await close();
		}
	} catch (error) {
		if (!(error instanceof ExpectedError) || error.report.reason !== 'notReady') throw error;
		parts.talk.say(error.message);
		return fromRecord(record);
	}
};
