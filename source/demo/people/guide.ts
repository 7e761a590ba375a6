/** The first minute: a chat that explains five keys, asks to try them, and notices when each is done. */
import {asString} from '../../domain/json.ts';
import {addEvent} from '../homeserver/events.ts';
import {setReceipt} from '../homeserver/receipts.ts';
import {createRoom, joinRoom} from '../homeserver/rooms.ts';
import {addUser, type Happening, type Room, type StoredEvent, type User, type World} from '../homeserver/world.ts';

/** One key: what is asked, and how its use shows on the server. */
type Lesson = {
	/** HTML. */
	readonly task: string;
	readonly praise: string;
	/** @param asked the message that asked for it */
	readonly isDone: (
		happening: Happening,
		lesson: {readonly you: User; readonly room: Room; readonly asked: StoredEvent},
	) => boolean;
};

const isOwnMessage = (
	happening: Happening,
	{you, room}: {readonly you: User; readonly room: Room},
): happening is Happening & {readonly kind: 'event'} =>
	happening.kind === 'event' &&
	happening.event.room === room &&
	happening.event.sender === you.id &&
	happening.event.type === 'm.room.message';

const bodyOf = ({content}: StoredEvent): string => asString(content['body']) ?? '';

const lessons: readonly Lesson[] = [
	{
		task: '<strong>Enter</strong> sends. Write me a word.',
		praise: 'Sent, and it would have been kept even if the server had been away.',
		isDone: isOwnMessage,
	},
	{
		task: '<strong>^J</strong> (Ctrl and J) begins a new line. Send me two lines.',
		praise: 'Two lines.',
		isDone: (happening, lesson) => isOwnMessage(happening, lesson) && bodyOf(happening.event).includes('\n'),
	},
	{
		task: '<strong>Alt-A</strong> goes to the next chat with something new. I will be waiting here.',
		praise: 'You found something to read.',
		isDone: (happening, {you, room}) =>
			happening.kind === 'receipt' && happening.receipt.userId === you.id && happening.receipt.event.room !== room,
	},
	{
		task: '<strong>Alt-↑</strong> and <strong>Alt-↓</strong> walk through the chats. You are back, or nearly: read this.',
		praise: 'Welcome back.',
		isDone: (happening, {you, asked}) =>
			happening.kind === 'receipt' && happening.receipt.userId === you.id && happening.receipt.event === asked,
	},
	{
		task: '<strong>/</strong> begins a command. Try <code>/me waves</code>.',
		praise: 'I wave back.',
		isDone: (happening, lesson) => isOwnMessage(happening, lesson) && happening.event.content['msgtype'] === 'm.emote',
	},
];

const welcome = [
	'<p>Welcome to mx. All of this is made up: people, networks and server live in the memory of this program, nothing leaves your machine, and nothing stays.</p>',
	'<p>Five keys take you everywhere. Try them; I notice.</p>',
].join('');

const farewell =
	'<p>That is all it takes. <strong>F1</strong> shows every key and command here, <strong>^C ^C</strong> leaves. Now look around: people answer when you write to them.</p>';

/** Text of the HTML that is written here. */
const plain = (html: string): string =>
	html
		.replaceAll('</p><p>', '\n\n')
		.replaceAll(/<[^>]+>/g, '')
		.trim();

/** Makes the chat and its first lesson, the newest message of all; the rest follows what you do. @returns the room */
export const addGuide = (world: World, you: User): Room => {
	const guide = addUser(world, `@guide:${world.serverName}`, {profile: {displayname: 'mx guide'}});
	const room = createRoom(world, guide.id, {
		name: 'mx',
		room_alias_name: 'mx',
		topic: 'Five keys to begin with',
		invite: [you.id],
		is_direct: true,
	});
	joinRoom(world, room, you.id);
	const say = (html: string): StoredEvent =>
		addEvent(world, room, {
			type: 'm.room.message',
			sender: guide.id,
			content: {msgtype: 'm.text', body: plain(html), format: 'org.matrix.custom.html', formatted_body: html},
		});

	let index = 0;
	const ask = (before: string): StoredEvent => {
		const task = lessons[index]?.task;
		return say(task === undefined ? `${before}${farewell}` : `${before}<p>${index + 1}. ${task}</p>`);
	};
	let asked = ask(welcome);
	const listen = (happening: Happening): void => {
		const lesson = lessons[index];
		if (lesson?.isDone(happening, {you, room, asked}) !== true) return;
		index += 1;
		if (index === lessons.length) world.listeners.delete(listen);
		if (happening.kind === 'event')
			setReceipt(world, {userId: guide.id, type: 'm.read', event: happening.event, threadId: undefined});
		// What is done is told before the praise for it.
		setImmediate(() => {
			asked = ask(`<p>✓ ${lesson.praise}</p>`);
		});
	};
	world.listeners.add(listen);
	return room;
};
