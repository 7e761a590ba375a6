/** `mx people`: who is one person over several networks, and who may be. */
import {reasonWords} from '../../bridges/person-suggestions.ts';
import {protocolOf} from '../../bridges/protocols.ts';
import {ExpectedError} from '../../domain/errors.ts';
import {parseUserId} from '../../domain/identifiers.ts';
import type {JsonObject} from '../../domain/json.ts';
import type {Contact, KnownPerson, PersonSuggestion} from '../../domain/people-requests.ts';
import {joinSafe, literal, safeText, type SafeText} from '../../text/safe-text.ts';
import {defineShellCommand, type OutputView, type ShellContext} from '../define-command.ts';

const usage = (message: string, next: string): ExpectedError => new ExpectedError({message, next, reason: 'usage'});

const networkOf = (chat: Contact | undefined): SafeText =>
	chat === undefined ? literal`no chat` : safeText(protocolOf(chat.protocol).name, 'name');

/** @returns a chat as JSON (docs/json.md §Person). */
const chatJson = (userId: string, chat: Contact | undefined): JsonObject => ({
	user_id: userId,
	network: chat?.protocol ?? null,
	room_id: chat?.roomId ?? null,
	room_name: chat?.name ?? null,
});

/** @returns a person as JSON (docs/json.md §Person). */
const personJson = ({id, name, prefers, users}: KnownPerson): JsonObject => ({
	id,
	name: name ?? null,
	prefers: prefers ?? null,
	users: users.map(({userId, chat}) => chatJson(userId, chat)),
});

const nameOf = ({name, users}: KnownPerson): SafeText =>
	safeText(name ?? users.find(({chat}) => chat !== undefined)?.chat?.name, 'name', users[0]?.userId ?? 'nobody');

const personLines = (person: KnownPerson, {isTerminal}: OutputView): readonly SafeText[] => {
	const name = nameOf(person);
	const parts = person.users.map(({userId, chat}) => [networkOf(chat), safeText(userId, 'name')] as const);
	return isTerminal
		? [name, ...parts.map(([network, userId]) => literal`  ${network}  ${userId}`)]
		: parts.map(([network, userId]) => joinSafe([safeText(person.id, 'name'), name, network, userId], literal`\t`));
};

const list = async (context: ShellContext): Promise<void> => {
	const {persons} = await (await context.session()).persons({});
	context.print({
		text: view => persons.flatMap(person => personLines(person, view)),
		document: {people: persons.map(personJson)},
	});
	if (persons.length === 0) context.say('Nobody is linked yet: mx people suggest says who may be one person.');
};

const suggest = async (context: ShellContext): Promise<void> => {
	const {suggestions} = await (await context.session()).suggestPersons({});
	const chat = (contact: Contact): SafeText =>
		literal`${safeText(contact.name, 'name')} (${networkOf(contact)}, ${safeText(contact.userId, 'name')})`;
	const line = ({first, second, reason}: PersonSuggestion): SafeText =>
		literal`${chat(first)} and ${chat(second)}: ${safeText(reasonWords(reason), 'line')}`;
	context.print({
		text: ({isTerminal}) =>
			suggestions.map(each =>
				isTerminal
					? line(each)
					: joinSafe(
							[each.first.userId, each.second.userId, each.reason.kind, each.reason.value].map(part =>
								safeText(part, 'name'),
							),
							literal`\t`,
						),
			),
		document: {
			suggestions: suggestions.map(({first, second, reason}) => ({
				users: [chatJson(first.userId, first), chatJson(second.userId, second)],
				reason: {...reason},
				text: reasonWords(reason),
			})),
		},
	});
	if (suggestions.length === 0) context.say('Nobody looks like somebody else.');
	else context.say('mx people link USER USER makes two of them one; mx people apart USER USER says that they are two.');
};

type Asked = {readonly users: readonly string[]; readonly name: string | undefined};

const change = async (context: ShellContext, what: JsonObject, document: JsonObject): Promise<void> => {
	const {isTold} = await (await context.session()).changePeople({change: what});
	context.print({text: () => [literal`Noted.`], document: {...document, told: isTold}});
	if (!isTold) context.say('The server is told as soon as it can be reached.');
};

const one = (action: string, {users}: Asked): string => {
	const [user, ...others] = users;
	if (user === undefined || others.length > 0)
		throw usage(`Whom? Say mx people ${action} and one user id.`, 'See mx people for those that are linked.');
	return user;
};

const two = (action: string, {users}: Asked, most: number): readonly string[] => {
	if (users.length < 2 || users.length > most)
		throw usage(
			`Whom? Say mx people ${action} and ${most === 2 ? 'two user ids' : 'two user ids or more'}.`,
			'See mx people suggest, and mx rooms --json for the others.',
		);
	return users;
};

const actions: ReadonlyMap<string, (asked: Asked, context: ShellContext) => Promise<void>> = new Map<
	string,
	(asked: Asked, context: ShellContext) => Promise<void>
>([
	['list', async (_, context) => list(context)],
	['suggest', async (_, context) => suggest(context)],
	[
		'link',
		async (asked, context) => {
			const users = two('link', asked, 50);
			const {persons} = await (await context.session()).persons({});
			const isNamed = persons.some(
				({name, users: known}) => name !== undefined && known.some(each => users.includes(each.userId)),
			);
			// Without a name they would be called now like this, now like that chat.
			const name = asked.name ?? (isNamed ? undefined : await nameOfChat(users, context));
			await change(context, {kind: 'link', users, id: crypto.randomUUID(), name}, {users, name: name ?? null});
		},
	],
	[
		'unlink',
		async (asked, context) => {
			const user = one('unlink', asked);
			await change(context, {kind: 'unlink', user}, {user_id: user});
		},
	],
	[
		'apart',
		async (asked, context) => {
			const users = two('apart', asked, 2);
			await change(context, {kind: 'apart', users}, {users});
		},
	],
	[
		'rename',
		async (asked, context) => {
			const user = one('rename', asked);
			const name = asked.name ?? '';
			await change(context, {kind: 'rename', user, name}, {user_id: user, name: name === '' ? null : name});
		},
	],
	[
		'prefer',
		async (asked, context) => {
			const user = one('prefer', asked);
			await change(context, {kind: 'prefer', user, isSet: true}, {user_id: user, preferred: true});
		},
	],
	[
		'no-prefer',
		async (asked, context) => {
			const user = one('no-prefer', asked);
			await change(context, {kind: 'prefer', user, isSet: false}, {user_id: user, preferred: false});
		},
	],
]);

/** What the chat of the first of them is called that has one. */
const nameOfChat = async (users: readonly string[], context: ShellContext): Promise<string | undefined> => {
	const {rooms} = await (await context.session()).rooms({limit: 10_000});
	return users
		.map(user => rooms.find(({isDirect, directUser}) => isDirect && directUser === user)?.name)
		.find(name => name !== undefined);
};

const names = [...actions.keys()];

/** What `mx people` runs. */
export const peopleCommand = defineShellCommand({
	name: 'people',
	summary: 'List people whom you know on several networks; say who is one person',
	group: 'room',
	parameters: {
		action: {kind: 'word', summary: `${names.join(', ')} (list)`, isOptional: true},
		users: {kind: 'text', summary: 'User ids, as @signal_…:example.org', isRest: true, isOptional: true},
	},
	flags: {
		name: {
			kind: 'text',
			placeholder: 'NAME',
			summary: 'For link and rename: what you call them; rename without it gives back the name of the link',
		},
	},
	exits: ['notSignedIn', 'notReady', 'notFound'],
	examples: [
		'mx people',
		'mx people suggest --json',
		'mx people link @signal_4f1c:example.org @whatsapp_49151:example.org --name Anna',
		'mx people unlink @whatsapp_49151:example.org',
	],
	async run({action = 'list', users = ''}, {name}, context) {
		const known = actions.get(action);
		if (known === undefined) throw usage(`mx people does not know "${action}".`, `It knows ${names.join(', ')}.`);
		const named = users.split(/\s+/).filter(user => user !== '');
		const wrong = named.find(user => parseUserId(user) === undefined);
		if (wrong !== undefined) throw usage(`"${wrong}" is no user id.`, 'One is written as @anna:example.org.');
		await known({users: named, name}, context);
	},
});
