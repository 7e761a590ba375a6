/** Runs a verb on a session made of a few functions, and keeps what it printed and said. */
import {parseInvocation, splitArguments} from '../../source/commands/parse-arguments.ts';
import {shellTable} from '../../source/commands/shell-table.ts';
import type {OutputView, ShellActions, ShellContext} from '../../source/commands/define-command.ts';
import {ExpectedError, type ErrorReport} from '../../source/domain/errors.ts';
import type {JsonObject} from '../../source/domain/json.ts';
import type {Message} from '../../source/domain/message.ts';
import type {RoomRow} from '../../source/domain/room.ts';
import type {SendRequest, Session} from '../../source/domain/session.ts';

/** 2026-11-25 18:00 UTC. */
export const now = Date.UTC(2026, 10, 25, 18);

/** What a verb works with in a test. */
export type World = {
	readonly session?: Partial<Session>;
	readonly shell?: Partial<ShellActions>;
	readonly stdin?: string;
	/** What the settings say. */
	readonly keepsMetadata?: boolean;
	readonly view?: OutputView;
	/** Ends the verb. */
	readonly signal?: AbortSignal;
};

/** What came of it. */
export type Ran = {
	readonly lines: readonly string[];
	readonly document: JsonObject | undefined;
	readonly items: readonly JsonObject[] | undefined;
	readonly said: readonly string[];
	/** `undefined`: it was done. */
	readonly error: ErrorReport | undefined;
	/** `undefined`: it was done, or failed. */
	readonly code: number | undefined;
};

const failure = (error: unknown): ErrorReport => {
	if (error instanceof ExpectedError) return error.report;
	throw error;
};

/** Runs `mx` with these words. */
export const run = async (words: readonly string[], world: World = {}): Promise<Ran> => {
	const said: string[] = [];
	const ran: {lines: readonly string[]; document?: JsonObject; items?: readonly JsonObject[] | undefined} = {lines: []};
	const context: ShellContext = {
		session: async () => world.session as Session,
		archive: async () => world.session as Session,
		print({text, document, items}) {
			Object.assign(ran, {lines: text(world.view ?? {isTerminal: false, columns: 80}), document, items});
		},
		say: sentence => void said.push(sentence),
		readStdin: async () => world.stdin ?? '',
		now: () => now,
		signal: world.signal ?? new AbortController().signal,
		keepsMetadata: async () => world.keepsMetadata ?? false,
		shell: world.shell as ShellActions,
	};
	let error: ErrorReport | undefined;
	let code: number | undefined;
	try {
		const invocation = parseInvocation({}, splitArguments(words), shellTable);
		if (invocation.kind !== 'verb') throw new Error(`${words.join(' ')} is no verb`);
		const {command, values, flags} = invocation;
		code = (await command.run(values as Parameters<typeof command.run>[0], flags, context)) ?? undefined;
	} catch (thrown) {
		error = failure(thrown);
	}
	return {lines: ran.lines, document: ran.document, items: ran.items, said, error, code};
};

/** A room of the list. */
export const room = (fields: Partial<RoomRow> = {}): RoomRow => ({
	rid: 1,
	roomId: '!family:one.test',
	membership: 'join',
	name: 'Family',
	alias: undefined,
	topic: undefined,
	isDirect: false,
	directUser: undefined,
	isEncrypted: true,
	unreadCount: 0,
	highlightCount: 0,
	isMarkedUnread: false,
	lastActivity: Date.UTC(2026, 10, 25, 12, 41),
	preview: 'hello',
	isMuted: false,
	section: 'normal',
	inboxSection: 3,
	isSpace: false,
	joinedCount: 3,
	protocol: undefined,
	hasDraft: false,
	needsReplySince: undefined,
	snoozedUntil: undefined,
	isReminder: false,
	...fields,
});

/** A message of a timeline. */
export const message = (fields: Partial<Message> = {}): Message => ({
	pk: 1,
	eventId: '$one',
	rid: 1,
	chunkOrder: 0,
	position: 1,
	timestamp: Date.UTC(2026, 10, 25, 12, 41),
	sender: '@anna:one.test',
	senderName: 'Anna',
	type: 'm.room.message',
	stateKey: undefined,
	content: {msgtype: 'm.text', body: 'hello'},
	isEdited: false,
	encryption: 'decrypted',
	undecryptableReason: undefined,
	shield: undefined,
	redactedBy: undefined,
	reactions: [],
	replyTo: undefined,
	threadRoot: undefined,
	isMine: false,
	...fields,
});

/** A session that takes messages; `requests` gets them. */
export const receiving = (
	requests: SendRequest[],
	receipt: Partial<Awaited<ReturnType<Session['send']>>> = {},
): Partial<Session> => ({
	persons: async () => ({persons: []}),
	async send(request) {
		requests.push(request);
		return {
			roomId: '!family:one.test',
			transactionId: 'mx-1',
			state: 'sent',
			eventId: '$sent',
			error: undefined,
			...receipt,
		};
	},
});
