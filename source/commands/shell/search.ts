/** `mx search QUERY`: messages of all rooms by their words, from the store. */
import {protocolOf} from '../../bridges/protocols.ts';
import type {JsonObject} from '../../domain/json.ts';
import {exitCodes} from '../../domain/errors.ts';
import type {FoundInRoom, SearchAnswer} from '../../domain/history-requests.ts';
import {joinSafe, literal, safeText, type SafeText} from '../../text/safe-text.ts';
import {defineShellCommand, type OutputView} from '../define-command.ts';
import {isoTime, localTime, staleness} from './printed-time.ts';

const defaultCount = 50;

const foundJson = ({room, ...found}: FoundInRoom): JsonObject => ({
	room_id: room.roomId,
	room_name: room.name,
	network: room.protocol ?? null,
	event_id: found.eventId,
	ts: isoTime(found.timestamp),
	ts_ms: found.timestamp,
	sender: found.sender,
	sender_name: found.senderName ?? null,
	mine: found.isMine,
	kind: found.kind ?? 'text',
	body: found.body,
});

/** What follows the first line starts with blanks, so that a body cannot pass for another message. */
const foundLines = (found: FoundInRoom, {isTerminal}: OutputView): readonly SafeText[] => {
	const [first = literal``, ...others] = found.body.split('\n').map(line => safeText(line, 'line'));
	const name = safeText(found.room.name, 'name', found.room.roomId);
	const {protocol} = found.room;
	const room = protocol === undefined ? name : literal`${name} (${safeText(protocolOf(protocol).name, 'name')})`;
	if (!isTerminal) {
		const head = joinSafe(
			[
				safeText(isoTime(found.timestamp) ?? '-', 'name'),
				safeText(found.room.roomId, 'name'),
				safeText(found.eventId, 'name'),
				safeText(found.sender, 'name', '-'),
				first,
			],
			literal`\t`,
		);
		return [head, ...others.map(line => literal`\t\t\t\t${line}`)];
	}
	const who = safeText(found.senderName, 'name', found.sender);
	return [
		literal`${localTime(found.timestamp)}  ${room} · ${who}: ${first}`,
		...others.map(line => literal`    ${line}`),
	];
};

/** What was not searched because it is not stored, or not readable. */
const lacks = ({coverage, isCut}: SearchAnswer): readonly string[] => {
	const {incompleteRooms, undecrypted} = coverage;
	return [
		...(isCut ? ['Only the newest messages were looked through: add a word, in: or after:.'] : []),
		...(incompleteRooms > 0
			? [
					`Of ${incompleteRooms === 1 ? 'one room' : `${incompleteRooms} rooms`} not all history is stored: the rest was not searched.`,
				]
			: []),
		...(undecrypted > 0
			? [`${undecrypted === 1 ? 'One message' : `${undecrypted} messages`} could not be decrypted and cannot be found.`]
			: []),
	];
};

/** What `mx search` runs. */
export const searchCommand = defineShellCommand({
	name: 'search',
	summary: 'Find messages by their words in all rooms, newest first',
	group: 'message',
	parameters: {
		query: {
			kind: 'text',
			summary: 'Words, "phrases", word*, -not, OR; from: to: in: on: before: after: during: has: is: type: sort:',
			isRest: true,
		},
	},
	flags: {
		count: {kind: 'count', placeholder: 'N', alias: 'n', summary: `At most N messages (${defaultCount})`},
		'exit-status': {kind: 'switch', summary: 'Exit with 1 when nothing was found'},
	},
	exits: ['notSignedIn', 'notFound', 'ambiguous'],
	examples: [
		'mx search salad from:anna after:monday',
		`mx search 'in:"Sunday lunch" has:image' --json`,
		'mx search --exit-status -n 1 -- deploy -failed',
	],
	async run({query}, flags, context) {
		const archive = await context.archive();
		const answer = await archive.search({query, limit: flags.count ?? defaultCount});
		const items = answer.messages.map(foundJson);
		context.print({
			text: view => answer.messages.flatMap(found => foundLines(found, view)),
			document: {
				messages: items,
				has_more: answer.hasMore,
				incomplete_rooms: answer.coverage.incompleteRooms,
				undecrypted: answer.coverage.undecrypted,
				last_sync: isoTime(answer.lastSync),
				last_sync_ms: answer.lastSync ?? null,
			},
			items,
		});
		const stale = staleness(answer.lastSync, context.now());
		if (stale !== undefined) context.say(stale);
		if (items.length === 0) context.say('Nothing was found.');
		else if (answer.hasMore) context.say(`The first ${items.length} are shown; -n shows more.`);
		for (const sentence of lacks(answer)) context.say(sentence);
		return items.length === 0 && flags['exit-status'] ? exitCodes.error : undefined;
	},
});
