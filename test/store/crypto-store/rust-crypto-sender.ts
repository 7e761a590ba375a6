/**
 * A process that encrypts messages until it is killed. Argument: the file of the crypto store. It prints the device's
 * identity, then one encrypted content a line: what it would have sent.
 */
import {writeSync} from 'node:fs';
import {openCryptoStore} from '../../../source/store/crypto-store/open-crypto-store.ts';
import {openMachine} from './rust-crypto-machine.ts';
import {keyOf} from './test-store.ts';

const messagesInSession = 13;

const [, , file = ''] = process.argv;
const store = openCryptoStore({file, key: keyOf(1), cipher: 'aegis'});
const machine = await openMachine(store);
writeSync(1, `${machine.identity}\n`);
for (let number = 1; ; number++) {
	if (number % messagesInSession === 0) await machine.rotate();
	writeSync(1, `${await machine.encrypt({msgtype: 'm.text', body: `hello ${number}`})}\n`);
}
