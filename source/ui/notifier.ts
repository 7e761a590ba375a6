/** Tells the person what comes in while nobody looks at the screen: what the push rules of the account let through. */
import {outageWords} from '../bridges/explain.ts';
import {isOut, parseBridgeReport} from '../domain/bridge-health.ts';
import {asObject} from '../domain/json.ts';
import {isNamedByLink} from '../domain/mention.ts';
import {isByPerson, isUnreadable, type Message} from '../domain/message.ts';
import {isLoud, isQuiet, type NetworkLevels, type QuietHours} from '../domain/notify-rules.ts';
import {pushVerdict, type PushVerdict} from '../domain/push-rules.ts';
import {powerToNotify} from '../domain/room-notification.ts';
import type {RoomRow} from '../domain/room.ts';
import type {EngineNotice} from '../domain/session.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {Verification} from '../domain/verification-requests.ts';
import {literal, safeText} from '../text/safe-text.ts';
import type {Logger} from '../store/log-file.ts';
import {newsTexts, type NewsDetail, type NewsText, type RoomNews} from '../view-models/news-text.ts';
import {protocolWords} from '../view-models/conversation-lines.ts';
import {createBridgedMessages} from '../view-models/bridged-messages.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';

export type NotifierOptions = {
	readonly model: Pick<ScreenModel, 'opened' | 'timeline' | 'isCovered' | 'isHelpOpen'>;
	readonly reader: Pick<
		AccountReader,
		'news' | 'message' | 'room' | 'rooms' | 'personRooms' | 'memberName' | 'inviter' | 'details' | 'portals'
	>;
	readonly log: Logger;
	readonly userId: string;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** `away`: nobody looks, as far as is known; `unfocused`: the terminal says so; `always`. */
	readonly when: 'away' | 'unfocused' | 'always';
	readonly detail: NewsDetail;
	/** What of which network is told. */
	readonly levels: NetworkLevels;
	/** When nothing is told. */
	readonly quiet: QuietHours | undefined;
	readonly notify: (text: NewsText) => void;
};

export type Notifier = {
	readonly hear: (notice: EngineNotice) => void;
	readonly setFocus: (isFocused: boolean) => void;
	/** A key was pressed: somebody is there. */
	readonly noteInput: () => void;
	readonly dispose: () => void;
};

/** Milliseconds in which is gathered what comes, and between two notifications. */
const gatherTime = 250;
const shortestPause = 3000;
/** Without a key for so long, nobody is there where the terminal does not tell of its focus. */
const idleTime = 30_000;
/** For so long the keys of a message may be on their way. */
const keyPatience = 10_000;
/** And for so long the counts of the server, which say whether it was read elsewhere. */
const countPatience = 2000;
/** What comes at once beyond this is only counted. */
const mostItems = 200;
/** Invitations stand on top of the list. */
const mostInvitations = 50;

type Waiting = {readonly eventId: string; readonly rid: number; readonly since: number};

const isEdit = ({content}: Message): boolean => asObject(content['m.relates_to'])['rel_type'] === 'm.replace';

/** The rules of one look, read once. */
const createJudge = ({reader, userId}: NotifierOptions) => {
	const rules = reader.news.pushRules();
	const factsOf = (room: RoomRow, sender: string) => ({
		ownUserId: userId,
		ownName: reader.memberName(room.rid, userId),
		memberCount: room.joinedCount,
		senderPower: reader.details.power(room.rid).of(sender),
		powerToNotify: powerToNotify(reader.details.state(room.rid, 'm.room.power_levels')),
	});
	return {
		message: (message: Message, room: RoomRow): PushVerdict =>
			pushVerdict(rules, {...message, roomId: room.roomId}, factsOf(room, message.sender)),
		invitation: (room: RoomRow, sender: string): PushVerdict =>
			pushVerdict(
				rules,
				{
					type: 'm.room.member',
					sender,
					roomId: room.roomId,
					stateKey: userId,
					content: {membership: 'invite'},
				},
				factsOf(room, sender),
			),
	};
};

export const createNotifier = (options: NotifierOptions): Notifier => {
	const {model, reader, userId, log, now, when, notify, levels} = options;
	const bridged = createBridgedMessages(reader);
	let isFocused: boolean | undefined;
	let inputAt = now();
	let mark = 0;
	/** What cannot be judged yet. */
	let unclear: readonly Waiting[] = [];
	let invited: ReadonlySet<number> = new Set();
	const news = new Map<number, RoomNews>();
	/** Verifications that were told of. */
	const asked = new Set<string>();
	let toldAt = Number.NEGATIVE_INFINITY;
	let timer: NodeJS.Timeout | undefined;
	let dueAt = Number.POSITIVE_INFINITY;

	const isAway = (): boolean => {
		if (isQuiet(options.quiet, now())) return false;
		if (when === 'always' || isFocused === false) return true;
		return when === 'away' && isFocused === undefined && now() - inputAt >= idleTime;
	};

	/** Its newest message is before somebody's eyes. */
	const isWatched = (room: RoomRow): boolean =>
		isFocused !== false &&
		now() - inputAt < idleTime &&
		model.opened.roomOf(room.rid) !== undefined &&
		model.timeline.isAtEnd() &&
		!model.isCovered() &&
		!model.isHelpOpen();

	/** Read on another device meanwhile, or nothing that counts. */
	const isRead = ({unreadCount, highlightCount, isMarkedUnread}: RoomRow): boolean =>
		unreadCount === 0 && highlightCount === 0 && !isMarkedUnread;

	const add = (room: RoomRow, more: Pick<RoomNews, 'message' | 'sender' | 'isHighlight'>): void => {
		const before = news.get(room.rid);
		news.set(room.rid, {
			...more,
			room,
			network: room.place !== undefined || reader.personRooms(room.rid).length > 1 ? protocolWords(room) : undefined,
			count: (before?.count ?? 0) + 1,
			isHighlight: more.isHighlight || before?.isHighlight === true,
		});
	};

	/** How a login is, bots say for machines: it is told in words of mx. */
	const inWords = (message: Message, rid: number): Message => {
		const portal = reader.portals.portal(rid);
		const report =
			portal?.kind === 'console' && portal.bot === message.sender ? parseBridgeReport(message.content) : undefined;
		if (portal === undefined || report === undefined || !isOut(report)) return message;
		return {...message, content: {msgtype: 'm.text', body: `${outageWords({...report, protocol: portal.protocol})}.`}};
	};

	const judgeMessage = (judge: ReturnType<typeof createJudge>, item: Waiting): Waiting | undefined => {
		const message = reader.message(item.rid, item.eventId);
		const room = reader.room(item.rid);
		if (message === undefined || room?.membership !== 'join') return undefined;
		const isNothing =
			isByPerson(message) || message.redactedBy !== undefined || isUnreadable(message) || isEdit(message);
		if (isNothing || isWatched(room) || reader.details.isIgnored(message.sender)) return undefined;
		if (isRead(room)) return now() - item.since < countPatience ? item : undefined;
		// What is in it decides; the keys may come a moment later.
		if (message.encryption === 'undecrypted' && now() - item.since < keyPatience) return item;
		const verdict = judge.message(message, room);
		// Where a bridge has only a link for a mention, no push rule sees it.
		const isNamed = isNamedByLink(message.content, userId) && reader.portals.portal(room.rid)?.trust === 'attested';
		const isNotified = verdict.isNotified || (isNamed && !room.isMuted);
		const isHighlight = verdict.isHighlight || isNamed;
		const author = bridged(room.rid, [message])[0]?.author;
		if (isNotified && isLoud(levels, room, isHighlight))
			add(room, {
				message: inWords(message, room.rid),
				sender: author ?? message.senderName ?? message.sender,
				isHighlight,
			});
		return undefined;
	};

	const readInvitations = (): readonly RoomRow[] =>
		reader.rooms({offset: 0, limit: mostInvitations}).filter(room => room.membership === 'invite');

	const judgeInvitations = (judge: ReturnType<typeof createJudge>): void => {
		const rooms = readInvitations();
		for (const room of rooms.filter(each => !invited.has(each.rid))) {
			const sender = reader.inviter(room.rid) ?? '';
			const {isNotified, isHighlight} = judge.invitation(room, sender);
			// What the bridge brings tells of itself.
			if (reader.portals.isAccepted(room.rid)) continue;
			const isTold = isNotified && isLoud(levels, room, isHighlight);
			if (isTold && !reader.details.isIgnored(sender))
				add(room, {message: undefined, sender: reader.memberName(room.rid, sender) ?? sender, isHighlight: false});
		}
		invited = new Set(rooms.map(room => room.rid));
	};

	/** Looks after so many milliseconds, unless it looks before that anyway. */
	const plan = (delay: number): void => {
		const due = performance.now() + delay;
		if (timer !== undefined && dueAt <= due) return;
		clearTimeout(timer);
		dueAt = due;
		timer = setTimeout(look, delay).unref();
	};

	const tell = (): void => {
		if (!isAway()) news.clear();
		if (news.size === 0) return;
		const left = toldAt + shortestPause - now();
		if (left > 0) {
			plan(left);
			return;
		}
		toldAt = now();
		for (const text of newsTexts([...news.values()], options.detail)) notify(text);
		news.clear();
	};

	/** A damaged archive says so elsewhere. */
	const attempt = (task: () => void): void => {
		try {
			task();
		} catch (error) {
			log.error('screen', 'what came in could not be looked at', {error});
		}
	};

	const passOver = (): void => {
		mark = reader.news.last();
		unclear = [];
	};

	const look = (): void => {
		timer = undefined;
		attempt(() => {
			const judge = createJudge(options);
			const items = reader.news.since(mark, mostItems);
			mark = items.length === mostItems ? reader.news.last() : (items.at(-1)?.key ?? mark);
			const fresh = items.map(({rid, eventId}) => ({rid, eventId, since: now()}));
			unclear = [...unclear, ...fresh].flatMap(item => judgeMessage(judge, item) ?? []);
			judgeInvitations(judge);
			if (unclear.length > 0) plan(countPatience);
			tell();
		});
	};

	/** Of a message that did not arrive, no rule of the account says anything. */
	const tellOfFailure = (message: string): void => {
		if (isAway()) notify({title: literal`mx`, body: safeText(message, 'name')});
	};

	const tellOfReminder = (message: string): void => {
		if (!isAway()) return;
		const body = options.detail === 'none' ? literal`a chat is back` : safeText(message, 'name');
		notify({title: literal`mx`, body});
	};

	/** A person's request is a message of a room, and told as one. */
	const tellOfVerification = ({id, step, isIncoming, isOwn, deviceId, deviceName}: Verification): void => {
		if (step !== 'requested' || !isIncoming || !isOwn || asked.has(id)) return;
		asked.add(id);
		const device = safeText(deviceName ?? deviceId, 'name', 'unknown');
		if (isAway()) notify({title: literal`mx`, body: literal`your device ${device} asks to be verified`});
	};

	attempt(() => {
		passOver();
		invited = new Set(readInvitations().map(room => room.rid));
	});
	return {
		hear(notice) {
			if (notice.kind === 'verification') tellOfVerification(notice.verification);
			if (notice.kind === 'send-failed') tellOfFailure(notice.message);
			if (notice.kind === 'reminder') tellOfReminder(notice.message);
			if (notice.kind !== 'changed') return;
			// What comes before somebody's eyes is not told when they have gone.
			if (!isAway()) attempt(passOver);
			plan(gatherTime);
		},
		setFocus(isNowFocused) {
			isFocused = isNowFocused;
			if (!isNowFocused) return;
			inputAt = now();
			news.clear();
		},
		noteInput() {
			inputAt = now();
			if (isFocused === undefined) news.clear();
		},
		dispose: () => clearTimeout(timer),
	};
};
