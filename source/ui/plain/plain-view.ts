/** The linear view of the screen's model: each change of it is said once, as lines below what was said before. */
import type {EncryptionSetup, EngineNotice, NetState} from '../../domain/session.ts';
import {literal, safeText, type SafeText} from '../../text/safe-text.ts';
import {briefly} from '../../view-models/plain-sentences.ts';
import {invitationSentence, roomSentence, topicSentence} from '../../view-models/plain-rooms.ts';
import {createPlainTranscript} from '../../view-models/plain-transcript.ts';
import type {Question} from '../../view-models/question.ts';
import {hasEncryptionLine} from '../../view-models/status-lines.ts';
import {clockText} from '../../view-models/time-text.ts';
import type {PlainPort} from './plain-port.ts';

export type PlainViewOptions = PlainPort & {
	readonly saysOwn: boolean;
	/** Whether a line is still being worked off: lists wait until it is. */
	readonly isBusy: () => boolean;
};

/** No writing, no message that it is about, no text. */
const nothingWritten = '  ';

/** Milliseconds that the encryption stays as it is before it is told: at the start it passes through several states. */
const settleTime = 2000;

const sentence = (text: string): SafeText => {
	const safe = safeText(text, 'name');
	const end = /[.!?…:]$/.test(safe) ? literal`` : literal`.`;
	return literal`${(safe.charAt(0).toUpperCase() + safe.slice(1)) as SafeText}${end}`;
};

/** @returns the text of a question, and which answers there are. */
const questionText = ({text, answers}: Question): SafeText => {
	const ways = answers.map(({key, label}) => `${key} ${label}`).join(', ');
	return sentence(`${text} Type ${ways}; anything else drops it.`);
};

const netWords: Readonly<Record<NetState['state'], string>> = {
	online: 'Connected.',
	connecting: 'Connecting.',
	offline: 'Offline',
	degraded: 'The connection has trouble',
	'no-storage': 'Nothing can be saved or sent',
	'soft-logout': 'Sign in again',
	'logged-out': 'Signed out',
};

const netSentence = ({state, cause, retryAt}: NetState, loginCommand: string): SafeText => {
	const why = cause === undefined ? '' : `: ${cause.replace(/\.$/, '')}`;
	const retry = retryAt === undefined ? '' : ` Next try at ${clockText(retryAt)}; /connect tries now.`;
	const logins: Partial<Record<NetState['state'], string>> = {
		'soft-logout': ` In another terminal: ${loginCommand}.`,
		'logged-out': ` Type /quit, then ${loginCommand}.`,
	};
	const next = logins[state] ?? retry;
	return sentence(state === 'online' ? 'Connected again.' : `${netWords[state].replace(/\.$/, '')}${why}.${next}`);
};

export const createPlainView = (options: PlainViewOptions) => {
	const {model, reader, userId, now, print, lists, elsewhere} = options;
	let openRid: number | undefined;
	/** The rooms whose messages are mixed with its own. */
	let openRids: readonly number[] = [];
	let membership: string | undefined;
	let last = model.sayings.facts();
	let question: Question | undefined;
	let selected: string | undefined;
	/** What stands in the composer and what it is about, as it was said last. */
	let written = nothingWritten;
	let net: NetState | undefined;
	let encryption: EncryptionSetup | undefined;
	let encryptionTimer: NodeJS.Timeout | undefined;
	/** What was said of it last. */
	let saidEncryption: EncryptionSetup['state'] | undefined;
	let hadTrouble = false;
	const visited = new Set<number>();

	/** What one of the open rooms has, the one that is written in first. */
	const firstOf = <Found>(read: (rid: number) => Found | undefined): Found | undefined => {
		for (const {rid} of model.opened.rooms()) {
			const found = read(rid);
			if (found !== undefined) return found;
		}
		return undefined;
	};

	const transcript = createPlainTranscript({
		ownUserId: userId,
		saysOwn: options.saysOwn,
		now,
		nameOf: user => firstOf(rid => reader.memberName(rid, user)),
		networkOf: rid => (rid === openRid ? undefined : model.timeline.network(rid)?.name),
		reactors: ({rid, eventId}) => reader.about.reactors(rid, eventId),
		messageOf: eventId => firstOf(rid => reader.message(rid, eventId)),
	});

	/** Text that stands in the composer: a draft, or what a command has put there. */
	const writtenLines = (): readonly SafeText[] => {
		const {text} = model.composer();
		const room = model.openedRoom();
		const writing = room === undefined ? undefined : model.writings.of(room.rid);
		const state = `${writing?.kind ?? ''} ${writing?.target.eventId ?? ''} ${text}`;
		if (state === written) return [];
		written = state;
		if (writing?.kind === 'edit')
			return [
				literal`You edit this: ${safeText(text, 'line')}`,
				literal`Type the new text; /cancel leaves it as it is.`,
			];
		if (writing?.kind === 'reply')
			return [literal`You answer ${briefly(writing.target)}. Type the answer; /cancel drops it.`];
		if (writing?.kind === 'thread')
			return [literal`You write in the thread of ${briefly(writing.target)}. /cancel leaves it.`];
		if (text === '') return [];
		return [literal`Written and not sent: ${safeText(text, 'line')}`, literal`/send sends it, /cancel forgets it.`];
	};

	/** As the room stands when it is opened: what is written there is said with it. */
	const roomLines = (isOpening: boolean): readonly SafeText[] => {
		const room = model.openedRoom();
		if (room === undefined)
			return [literal`You are in no room. /rooms lists them, /next opens what is unread, /go NAME opens one.`];
		if (room.membership === 'invite') {
			const id = reader.inviter(room.rid) ?? room.directUser;
			return [invitationSentence(room, {id, name: id === undefined ? undefined : reader.memberName(room.rid, id)})];
		}
		const closed = model.closedReason();
		return [
			roomSentence(room, isOpening, model.opened.via()),
			...(closed === undefined ? [] : [literal`You cannot write here: ${closed}.`]),
		];
	};

	const lookAtRoom = (): void => {
		const room = model.openedRoom();
		const rids = model.timeline.rids();
		const isSame = rids.length === openRids.length && rids.every((rid, index) => rid === openRids[index]);
		// Another network of the same person is another way to write, and nothing else.
		const isOther =
			!isSame || room?.membership !== membership || (room?.rid !== openRid && !rids.includes(room?.rid ?? -1));
		openRid = room?.rid;
		openRids = rids;
		if (openRid !== undefined) visited.add(openRid);
		membership = room?.membership;
		if (isOther) written = nothingWritten;
		if (room === undefined || room.membership === 'invite') {
			if (isOther && room !== undefined) print(roomLines(true));
			return;
		}
		const items = model.timeline.items();
		if (!isOther) return print(transcript.news(items));
		const hasTopic = reader.timeline({rid: room.rid, limit: 1}).messages.length > 0;
		const said = transcript.open(items);
		print([
			...roomLines(true),
			...(hasTopic ? topicSentence(room) : []),
			...said,
			...(said.length === 0 ? [literal`Nothing was written here yet.`] : []),
		]);
	};

	/** What the status line of the screen says; keys that it reminds of mean nothing here. */
	const lookAtSaid = (): void => {
		const said = model.sayings.facts();
		if (said.sentence !== undefined && said.sentence !== last.sentence)
			print([sentence(said.sentence.text.split(' · ')[0] ?? '')]);
		if (said.alert !== undefined && said.alert !== last.alert) {
			const {message, next} = said.alert;
			print([sentence(next === undefined ? message : `${message} ${next}`)]);
		}
		last = said;
	};

	const lookAtQuestion = (): void => {
		const asked = model.question.current();
		if (asked !== undefined && asked !== question) print([questionText(asked)]);
		question = asked;
	};

	const lookAtSelection = (): void => {
		const item = model.timeline.selected();
		if (item?.key === selected) return;
		selected = item?.key;
		if (item?.kind === 'message')
			print([
				literal`Selected: ${briefly(item.message)}. /reply, /react, /edit and the like are about it; /cancel lets it go.`,
			]);
	};

	const look = (): void => {
		lookAtRoom();
		lookAtSaid();
		lookAtQuestion();
		lookAtSelection();
		if (!options.isBusy()) lists.look();
	};

	const hearNet = (next: NetState): void => {
		const isOther = next.state !== net?.state;
		net = next;
		if (!isOther || next.state === 'connecting') return;
		if (next.state !== 'online' || hadTrouble) print([netSentence(next, model.loginCommand)]);
		hadTrouble = next.state !== 'online';
	};

	const sayEncryption = (): void => {
		if (encryption === undefined || encryption.state === saidEncryption) return;
		const {state, message, next} = encryption;
		saidEncryption = state;
		if (hasEncryptionLine(encryption))
			print([literal`Encryption: ${sentence(next === undefined ? message : `${message} ${next}`)}`]);
	};

	return {
		dispose: (): void => clearTimeout(encryptionTimer),
		look,
		roomLines,
		/** Between two lines: what is written is said where it has changed. */
		settle(): void {
			look();
			lists.look();
			print(writtenLines());
		},
		/** What is written is not said again until it changes. */
		noteWritten: (): void => void writtenLines(),
		transcript,
		/** Rooms that were open. */
		visited: (): readonly number[] => [...visited],
		isOffline: (): boolean => net !== undefined && net.state !== 'online' && net.state !== 'connecting',
		hear(notice: EngineNotice): void {
			if (notice.kind === 'net') hearNet(notice.net);
			if (notice.kind === 'encryption') {
				encryption = notice.encryption;
				clearTimeout(encryptionTimer);
				encryptionTimer = setTimeout(sayEncryption, settleTime);
				encryptionTimer.unref();
			}
			if (notice.kind === 'changed' && notice.isListChanged) elsewhere.hear();
		},
		netSentence: (): SafeText | undefined =>
			net === undefined || net.state === 'online' || net.state === 'connecting'
				? undefined
				: netSentence(net, model.loginCommand),
	};
};

export type PlainView = ReturnType<typeof createPlainView>;
