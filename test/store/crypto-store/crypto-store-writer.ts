/**
 * A process that holds a crypto store and writes to it until it is killed. Arguments: the file. For each transaction that
 * is complete it prints its number; the record of a number n holds n in two object stores.
 */
import {writeSync} from 'node:fs';
import {openCryptoStore} from '../../../source/store/crypto-store/open-crypto-store.ts';
import {endOf, implementationOf, resultOf} from './indexed-db-promises.ts';
import {keyOf, openWithStores} from './test-store.ts';

const [, , file = ''] = process.argv;
const store = openCryptoStore({file, key: keyOf(1), cipher: 'aegis'});
const database = await openWithStores(implementationOf(store).factory, 'a', 'b');
const first = await resultOf(database.transaction('a').objectStore('a').count());
for (let number = first; ; number++) {
	const transaction = database.transaction(['a', 'b'], 'readwrite');
	transaction.objectStore('a').put({number, text: 'x'.repeat(3000)}, number);
	transaction.objectStore('b').put({number}, number);
	transaction.commit();
	if ((await endOf(transaction)) === 'complete') writeSync(1, `${number}\n`);
}
