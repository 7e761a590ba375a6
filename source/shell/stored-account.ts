/** An account whose device was signed in elsewhere: its key, record and stores are made, and nothing is asked of the server. */
import type {AccountRecord} from '../store/account-record.ts';
import type {AccountAccess} from './account-access.ts';

/** A device of an account, and where its homeserver is. */
export type IssuedDevice = Pick<AccountRecord, 'userId' | 'deviceId' | 'homeserver'> & {readonly accessToken: string};

/** Stores the account with its key in a plain file. The files must be new. */
export const storeAccount = async (access: AccountAccess, device: IssuedDevice): Promise<AccountRecord> => {
	const [{createMasterKey}, {writeAccountRecord}, {chooseCipher, readCpuFlags}, {openAccountStores}, {deriveKeys}] =
		await Promise.all([
			import('../store/secrets/master-key.ts'),
			import('../store/account-record.ts'),
			import('../store/open-database.ts'),
			import('../engine/account-stores.ts'),
			import('../store/secrets/derived-keys.ts'),
		]);
	await access.prepare();
	const {masterKey, secrets} = await createMasterKey({backend: 'file'}, access.secretsContext());
	const {userId, deviceId, homeserver, accessToken} = device;
	const record: AccountRecord = {
		version: 1,
		userId,
		deviceId,
		homeserver,
		cipher: chooseCipher(readCpuFlags()),
		secrets,
	};
	const stores = openAccountStores({files: access.files, record, keys: deriveKeys(masterKey), isNewDevice: true});
	stores.account.writeDurably(() => stores.account.setMeta('access_token', accessToken));
	await stores.close();
	writeAccountRecord(access.files.accountRecord, record);
	return record;
};
