/** Two people in an encrypted room for a whole test file: one with the real program, one with a bare client. */
import {after} from 'node:test';
import {createOwner} from '../helpers/owner.ts';
import {createPeer, type Peer} from '../helpers/peer.ts';
import type {TerminalProgram} from '../helpers/program.ts';
import {
	composerText,
	createMxHome,
	goToRoom,
	joinRoom,
	openFirstRoom,
	signIn,
	waitUntil,
	writeMessage,
	type SignedIn,
} from '../helpers/signed-in.ts';
import {sharedSynapse, uniqueName, type Owner} from '../helpers/synapse.ts';

export const escape = '\u001B';
export const interrupt = '\u0003';
export const retry = '\u0012';
const clearLine = '\u0015';

export type Scene = {
	readonly anna: SignedIn;
	readonly bob: Peer;
	readonly roomId: string;
	/** Of the room. */
	readonly name: string;
};

/** @returns an owner whose things go when the suite ends; to be called in its body. */
export const suiteOwner = (): Owner => {
	const owner = createOwner();
	after(owner.end);
	return owner;
};

/** Signs anna in, and makes the room that she and bob are in. @param home for MX_HOME; a fresh one without */
export const createScene = async (owner: Owner, name: string, home: string = createMxHome()): Promise<Scene> => {
	const server = await sharedSynapse();
	const anna = await signIn(server, {home});
	const bob = await createPeer(owner, {server, name: uniqueName('bob'), isEncrypted: true});
	const roomId = await bob.createRoom({name, isEncrypted: true, invite: [anna.userId]});
	await joinRoom(anna, roomId);
	await bob.waitForRoom(roomId, room => room.getMember(anna.userId)?.membership === 'join');
	return {anna, bob, roomId, name};
};

/** Opens the room of the two, wherever it stands in the inbox. */
export const openRoom = async (screen: TerminalProgram, {name}: Scene): Promise<void> => {
	await openFirstRoom(screen);
	await screen.waitFor(lines => /│ \S/.test(lines[1] ?? ''));
	if (!(screen.lines()[1] ?? '').includes(`│ ${name} `)) await goToRoom(screen, name);
};

let count = 0;

/** Opens the screen, and says and hears something, so that everything is known to run. */
export const openAndTalk = async (owner: Owner, scene: Scene): Promise<TerminalProgram> => {
	const {anna, bob, roomId} = scene;
	count += 1;
	const screen = anna.openScreen(owner);
	await openRoom(screen, scene);
	// A draft of the test before is kept, as it should be.
	screen.press(clearLine);
	await screen.waitFor(lines => composerText(lines) === '');
	await writeMessage(screen, `asked ${count}.`);
	await bob.waitForText(roomId, `asked ${count}.`);
	await bob.sendText(roomId, `answered ${count}.`);
	await screen.waitFor(`answered ${count}.`);
	return screen;
};

/** Waits until the server has the texts that pass the test, each once, as bob sees them. */
export const untilBobHas = async ({bob, roomId}: Scene, texts: readonly string[]): Promise<void> =>
	waitUntil(async () => {
		const seen = bob.messages(roomId);
		for (const text of texts) {
			const times = seen.filter(each => each === text).length;
			if (times !== 1) throw new Error(`"${text}" is there ${times} times: ${JSON.stringify(seen)}`);
		}
	});
