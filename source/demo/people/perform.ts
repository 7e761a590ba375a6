/** Performs a step: what somebody of the stage does becomes an event, a receipt or typing on the server. */
import {asString, type JsonObject} from '../../domain/json.ts';
import {relationOf} from '../homeserver/events.ts';
import {MatrixError} from '../homeserver/matrix-error.ts';
import {addMedia} from '../homeserver/media.ts';
import {setReceipt, setTyping} from '../homeserver/receipts.ts';
import {joinRoom, sendEvent, setMembership} from '../homeserver/rooms.ts';
import {
	accountDataOf,
	membershipOf,
	nextPosition,
	stateEvent,
	type Room,
	type StoredEvent,
} from '../homeserver/world.ts';
import {drawPicture, recordSilence} from './files.ts';
import type {Stage} from './stage.ts';
import {verbsAmong, type Step, type StepOf, type Verb} from './steps.ts';

/** Where, by whom and when a step is performed. */
type Scene = {
	readonly stage: Stage;
	readonly room: Room;
	/** Key of the room. */
	readonly key: string;
	/** User id. */
	readonly from: string;
	/** Milliseconds since the Unix epoch. */
	readonly time: number;
};

type Relations = Pick<StepOf<'say'>, 'replyTo' | 'thread' | 'edit'>;

/** A step that is done, not one that only lets time pass. */
export type Deed = {[Name in keyof Performers]: StepOf<Name>}[keyof Performers];

const isReadable = ({type, stateKey}: StoredEvent): boolean =>
	stateKey === undefined && (type === 'm.room.message' || type === 'm.room.encrypted' || type === 'm.sticker');

const messageOf = ({stage, room, key}: Scene, name: string): StoredEvent => {
	const found =
		name === 'newest'
			? (room.timeline.findLast(isReadable) ?? room.timeline.at(-1))
			: (stage.named.get(`${key} ${name}`) ?? stage.world.events.get(name));
	if (found === undefined) throw new Error(`No step in the room ${key} has the name ${name}`);
	return found;
};

const personOf = ({people}: Stage, key: string): string => {
	const id = people.get(key);
	if (id === undefined) throw new Error(`There is nobody with the key ${key}`);
	return id;
};

const send = (scene: Scene, content: JsonObject, {type = 'm.room.message', as}: {type?: string; as?: string} = {}) => {
	const {stage, room, key, from, time} = scene;
	const event = sendEvent(stage.world, room, {type, sender: from, content, timestamp: time});
	if (as !== undefined) stage.named.set(`${key} ${as}`, event);
	return event;
};

/** @returns m.relates_to, if the message relates to another. */
const relates = (scene: Scene, {replyTo, thread}: Relations): JsonObject => {
	const reply = replyTo === undefined ? undefined : messageOf(scene, replyTo).eventId;
	if (thread === undefined) return reply === undefined ? {} : {'m.relates_to': {'m.in_reply_to': {event_id: reply}}};
	const root = messageOf(scene, thread);
	const isInThread = (child: StoredEvent): boolean => relationOf(child).type === 'm.thread';
	const last = scene.room.relations.get(root.eventId)?.findLast(isInThread) ?? root;
	return {
		'm.relates_to': {
			rel_type: 'm.thread',
			event_id: root.eventId,
			is_falling_back: reply === undefined,
			'm.in_reply_to': {event_id: reply ?? last.eventId},
		},
	};
};

const mentionsOf = (scene: Scene, mentions: readonly string[], replyTo: string | undefined): JsonObject => {
	const ids = mentions.map(each => personOf(scene.stage, each));
	const replied = replyTo === undefined ? undefined : messageOf(scene, replyTo).sender;
	const all = new Set([...ids, ...(replied === undefined || replied === scene.from ? [] : [replied])]);
	return all.size === 0 ? {} : {user_ids: [...all]};
};

/** A puppet of a bridge tells which bridge wrote for you. */
const phoneMark = ({stage, room}: Scene, isPhone: boolean | undefined): JsonObject => {
	const appservice = stage.portals.get(room.id)?.appservice;
	return isPhone === true && appservice !== undefined ? {'fi.mau.double_puppet_source': appservice} : {};
};

const profileOf = (name: string | undefined): JsonObject =>
	name === undefined
		? {}
		: {'com.beeper.per_message_profile': {id: name.toLowerCase(), displayname: name, has_fallback: true}};

const text = (scene: Scene, msgtype: string, body: string, step: StepOf<'say'>): StoredEvent => {
	const {stage, room, from} = scene;
	const {edit, mentions = [], profile, as} = step;
	// What comes from IRC has no more than this.
	const isBare = stage.cast.get(from)?.isBare === true && mentions.length === 0;
	const content: JsonObject = {
		msgtype,
		body: profile === undefined ? body : `${profile}: ${body}`,
		...(isBare ? {} : {'m.mentions': mentionsOf(scene, mentions, step.replyTo)}),
		...profileOf(profile),
		...phoneMark({...scene, room}, step.phone),
		...step.more,
	};
	const relation = relates(scene, step);
	if (edit === undefined) return send(scene, {...content, ...relation}, as === undefined ? {} : {as});
	return send(scene, {
		...content,
		body: `* ${asString(content['body']) ?? ''}`,
		'm.new_content': content,
		'm.relates_to': {rel_type: 'm.replace', event_id: messageOf(scene, edit).eventId},
	});
};

const upload = ({stage: {world}}: Scene, name: string, type: string, bytes: Uint8Array): JsonObject => ({
	url: addMedia(world, {bytes, type, name}),
	filename: name,
});

/** A room that is not open asks its bot, or whoever made it, to let somebody in. */
const letIn = ({stage: {world}, room, from, time}: Scene): void => {
	const isOpen = stateEvent(room, 'm.room.join_rules')?.content['join_rule'] === 'public';
	if (isOpen || ['join', 'invite'].includes(membershipOf(room, from))) return;
	const sender = stateEvent(room, 'm.room.create')?.sender ?? '';
	setMembership(world, room, {sender, userId: from, membership: 'invite', timestamp: time});
};

/** Sets account data of a room. */
export const setRoomData = (stage: Stage, room: Room, type: string, content: JsonObject): void => {
	const {world, you} = stage;
	accountDataOf(you, room.id).set(type, {content, position: nextPosition(world)});
};

type Performers = {readonly [Name in Exclude<Verb, 'wait' | 'until'>]: (scene: Scene, step: StepOf<Name>) => unknown};

const performers: Performers = {
	say: (scene, step) => text(scene, 'm.text', step.say, step),
	notice: (scene, step) => text(scene, 'm.notice', step.notice, {...step, say: step.notice}),
	emote: (scene, step) => text(scene, 'm.emote', step.emote, {...step, say: step.emote}),
	image(scene, {image, width = 160, height = 120, caption, as, phone, ...relations}) {
		const bytes = drawPicture(image, width, height);
		const {url, filename} = upload(scene, image, 'image/png', bytes);
		const content = {
			msgtype: 'm.image',
			body: caption ?? image,
			url,
			...(caption === undefined ? {} : {filename}),
			info: {mimetype: 'image/png', size: bytes.length, w: width, h: height},
			'm.mentions': {},
			...phoneMark(scene, phone),
			...relates(scene, relations),
		};
		return send(scene, content, as === undefined ? {} : {as});
	},
	file(scene, {file, mimetype, text: written, as, ...relations}) {
		const bytes = Buffer.from(written);
		const content = {
			msgtype: 'm.file',
			body: file,
			...upload(scene, file, mimetype, bytes),
			info: {mimetype, size: bytes.length},
			'm.mentions': {},
			...relates(scene, relations),
		};
		return send(scene, content, as === undefined ? {} : {as});
	},
	voice(scene, {voice: seconds, as, ...relations}) {
		const bytes = recordSilence(seconds);
		const {url} = upload(scene, 'voice-message.ogg', 'audio/ogg', bytes);
		const waveform = Array.from({length: 30}, (_, index) => Math.round(500 + 450 * Math.sin(index * 1.7)));
		const content = {
			msgtype: 'm.audio',
			body: 'Voice message.ogg',
			url,
			info: {mimetype: 'audio/ogg; codecs=opus', size: bytes.length, duration: seconds * 1000},
			'org.matrix.msc1767.audio': {duration: seconds * 1000, waveform},
			'org.matrix.msc3245.voice': {},
			'm.mentions': {},
			...relates(scene, relations),
		};
		return send(scene, content, as === undefined ? {} : {as});
	},
	event: (scene, {event, content, as}) => send(scene, content, {type: event, ...(as === undefined ? {} : {as})}),
	state: ({stage, room, from, time}, {state, key = '', content}) =>
		sendEvent(stage.world, room, {type: state, stateKey: key, sender: from, content, timestamp: time}),
	react(scene, {react, to}) {
		const event = messageOf(scene, to).eventId;
		send(scene, {'m.relates_to': {rel_type: 'm.annotation', event_id: event, key: react}}, {type: 'm.reaction'});
	},
	redact(scene, {redact, reason}) {
		const content = {redacts: messageOf(scene, redact).eventId, ...(reason === undefined ? {} : {reason})};
		send(scene, content, {type: 'm.room.redaction'});
	},
	read(scene, {read}) {
		const {stage, room, from, time} = scene;
		const event = messageOf(scene, read);
		setReceipt(stage.world, {userId: from, type: 'm.read', event, threadId: undefined, timestamp: time});
		if (from === stage.you.id) setRoomData(stage, room, 'm.fully_read', {event_id: event.eventId});
	},
	type: ({stage, room, from}, {type}) => setTyping(stage.world, room, from, type),
	invite({stage, room, from, time}, {invite}) {
		for (const each of invite)
			setMembership(stage.world, room, {
				sender: from,
				userId: personOf(stage, each),
				membership: 'invite',
				timestamp: time,
			});
	},
	join(scene) {
		letIn(scene);
		joinRoom(scene.stage.world, scene.room, scene.from, scene.time);
	},
	leave: ({stage, room, from, time}) =>
		setMembership(stage.world, room, {sender: from, userId: from, membership: 'leave', timestamp: time}),
	status(scene, {status, of, reason, message, deliveredTo}) {
		const {stage, room} = scene;
		const content = {
			network: stage.portals.get(room.id)?.appservice,
			'm.relates_to': {rel_type: 'm.reference', event_id: messageOf(scene, of).eventId},
			status,
			...(reason === undefined ? {} : {reason}),
			...(message === undefined ? {} : {message}),
			...(deliveredTo === undefined ? {} : {delivered_to_users: deliveredTo.map(each => personOf(stage, each))}),
		};
		send(scene, content, {type: 'com.beeper.message_send_status'});
	},
};

/** @returns whether the step is something that is done. */
export const isDeed = (step: Step): step is Deed => !('wait' in step) && !('until' in step);

/**
 * Performs a step.
 * @param room key of the room where the step names none
 * @param time milliseconds since the Unix epoch; now without
 * @throws MatrixError when the server would not let them; Error when the step names what is not there
 */
export const perform = (
	stage: Stage,
	step: Deed,
	{room: usual, time = stage.world.now()}: {readonly room?: string; readonly time?: number} = {},
): void => {
	const key = step.in ?? usual ?? '';
	const room = stage.rooms.get(key);
	if (room === undefined) throw new Error(`There is no room with the key ${key}`);
	const portal = stage.portals.get(room.id);
	const from = step.from === undefined ? (portal?.bot ?? stage.you.id) : personOf(stage, step.from);
	const [verb] = verbsAmong(step);
	const act = performers[verb as keyof Performers] as (scene: Scene, step: Step) => unknown;
	act({stage, room, key, from, time}, step);
};

/** As `perform`, but what the server would not let them do is not done: somebody who was thrown out says nothing more. */
export const tryToPerform = (stage: Stage, step: Deed): void => {
	try {
		perform(stage, step);
	} catch (error) {
		if (!(error instanceof MatrixError)) throw error;
	}
};
