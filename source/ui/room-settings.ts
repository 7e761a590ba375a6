/** The settings of the open room, changed where they stand. */
import {lackOfPower, powerName} from '../domain/room-power.ts';
import {reportOf} from '../domain/errors.ts';
import {asString} from '../domain/json.ts';
import {matrixLink} from '../domain/matrix-link.ts';
import {
	historyVisibilities,
	joinRules,
	notificationLevels,
	type HistoryVisibility,
	type JoinRule,
	type NotificationLevel,
	type RoomChange,
} from '../domain/room-requests.ts';
import type {RoomRow} from '../domain/room.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {createForm, type FormField, type FormOption, type FormValues} from '../view-models/form.ts';
import {yesQuestion} from '../view-models/question.ts';
import {historyWords, joinRuleWords, notificationWords} from '../view-models/room-words.ts';
import {createRoomSteps, type RoomsPort} from './rooms-port.ts';

/** What rows of the form do beside changing a setting. */
export type SettingsWays = {
	readonly members: () => void;
	readonly leave: () => void;
	readonly upgrade: () => void;
	/** Files to choose a picture from. */
	readonly picture: () => void;
};

const optionsOf = <Value extends string>(
	values: readonly Value[],
	words: Readonly<Record<Value, SafeText>>,
): readonly FormOption[] => values.map(value => ({value, label: words[value]}));

/** Rules that a room has already stay among the choices, those that need a space are no choice. */
const joinRuleOptions = (rule: string): readonly FormOption[] =>
	optionsOf(
		joinRules.filter(each => each === rule || !each.includes('restricted')),
		joinRuleWords,
	);

const encryptionOptions: readonly FormOption[] = [
	{value: 'no', label: literal`no`},
	{value: 'yes', label: literal`yes, for ever`},
];

/** Whether the room is in the directory, as the server says; else why that is not known. */
type Listing = {readonly value: 'yes' | 'no' | ''; readonly lock?: string};

const listingOptions: readonly FormOption[] = [
	{value: 'no', label: literal`no`},
	{value: 'yes', label: literal`yes, everybody finds it`},
];

const isOneOf = <Value extends string>(values: readonly Value[], value: string | undefined): value is Value =>
	values.some(each => each === value);

export const createRoomSettings = (port: RoomsPort, ways: () => SettingsWays) => {
	const {model, session, reader, userId: self} = port;
	const {details} = reader;
	const steps = createRoomSteps(port);

	const linkOf = ({rid, roomId, alias}: RoomRow): string =>
		matrixLink(alias ?? roomId, alias === undefined ? details.servers(rid) : []);

	const fieldsOf = (rid: number, listing: Listing): readonly FormField[] => {
		const room = reader.room(rid);
		if (room === undefined) return [];
		const power = details.power(rid);
		const own = power.of(self);
		const lock = (type: string, doing: string): string | undefined =>
			room.membership === 'join'
				? lackOfPower(own, power.toSetState(type), doing)
				: 'You are not in this room any more.';
		const text = (type: string, member: string): string => asString(details.state(rid, type)?.[member]) ?? '';
		const rule = text('m.room.join_rules', 'join_rule') || 'invite';
		const history = text('m.room.history_visibility', 'history_visibility') || 'shared';
		const name = powerName(own);
		return [
			{
				kind: 'text',
				key: 'name',
				label: literal`Name`,
				value: text('m.room.name', 'name'),
				lock: lock('m.room.name', 'change the name'),
			},
			{
				kind: 'text',
				key: 'topic',
				label: literal`Topic`,
				value: text('m.room.topic', 'topic'),
				lock: lock('m.room.topic', 'change the topic'),
			},
			{
				kind: 'text',
				key: 'alias',
				label: literal`Address`,
				value: room.alias ?? '',
				placeholder: literal`#name:server`,
				lock: lock('m.room.canonical_alias', 'change the address'),
			},
			{
				kind: 'choice',
				key: 'joinRule',
				label: literal`Who joins`,
				value: rule,
				options: joinRuleOptions(rule),
				lock: lock('m.room.join_rules', 'change who may join'),
			},
			{
				kind: 'choice',
				key: 'history',
				label: literal`Who reads`,
				value: history,
				options: optionsOf(historyVisibilities, historyWords),
				lock: lock('m.room.history_visibility', 'change who sees the history'),
			},
			{
				kind: 'choice',
				key: 'encryption',
				label: literal`Encrypted`,
				value: room.isEncrypted ? 'yes' : 'no',
				options: encryptionOptions,
				lock: room.isEncrypted
					? 'Encryption cannot be turned off again.'
					: lock('m.room.encryption', 'turn encryption on'),
			},
			{
				kind: 'choice',
				key: 'listed',
				label: literal`In directory`,
				value: listing.value,
				options: listingOptions,
				lock: lock('m.room.canonical_alias', 'change whether the room is listed') ?? listing.lock,
			},
			{kind: 'heading', key: 'mine', label: literal`For you`},
			{
				kind: 'choice',
				key: 'notifications',
				label: literal`Tells of`,
				value: details.notificationLevel(room.roomId),
				options: optionsOf(notificationLevels, notificationWords),
			},
			{kind: 'text', key: 'ownName', label: literal`Your name`, value: reader.memberName(rid, self) ?? ''},
			{
				kind: 'fact',
				key: 'power',
				label: literal`Your power`,
				value: Number.isFinite(own)
					? literal`${own}, ${safeText(name, 'name')}`
					: literal`above all: you made the room`,
			},
			{kind: 'heading', key: 'about', label: literal`About`},
			{kind: 'fact', key: 'link', label: literal`Link`, value: safeText(linkOf(room), 'name')},
			{kind: 'fact', key: 'id', label: literal`Id`, value: safeText(room.roomId, 'name')},
			{
				kind: 'fact',
				key: 'version',
				label: literal`Version`,
				value: safeText(details.version(rid), 'name', 'not known'),
			},
			{kind: 'heading', key: 'ways', label: literal`More`},
			{kind: 'action', key: 'copy', label: literal`Copy the link`},
			{kind: 'action', key: 'members', label: literal`Members`},
			{
				kind: 'action',
				key: 'picture',
				label: literal`Change the picture`,
				lock: lock('m.room.avatar', 'change the picture'),
			},
			{
				kind: 'action',
				key: 'upgrade',
				label: literal`Upgrade the room`,
				lock: lock('m.room.tombstone', 'upgrade the room'),
			},
			{kind: 'action', key: 'leave', label: literal`Leave the room`},
		];
	};

	const save = (roomId: string, change: RoomChange): void =>
		steps.run(async () => {
			await session.changeRoom({roomId, change});
			model.say('Saved.', 'ok');
		});

	const saveListed = (room: RoomRow, isListed: boolean, onSaved: () => void): void => {
		const send = (): void =>
			steps.run(async () => {
				await session.changeRoom({roomId: room.roomId, change: {kind: 'listed', value: isListed}});
				onSaved();
				model.say('Saved.', 'ok');
			});
		const question = `List ${room.name} in the directory of your server, for everybody to find?`;
		if (isListed) model.question.ask(yesQuestion(question, 'lists it', send));
		else send();
	};

	const saveJoinRule = (room: RoomRow, value: JoinRule): void => {
		const send = (): void => save(room.roomId, {kind: 'joinRule', value});
		if (value === 'public') model.question.ask(yesQuestion(`Let everybody into ${room.name}?`, 'opens it', send));
		else send();
	};

	const saveNotifications = (roomId: string, level: NotificationLevel): void =>
		steps.run(async () => {
			await session.setNotifications({roomId, level});
			model.say('Saved.', 'ok');
		});

	const enter = (room: RoomRow, key: string, value: string): void => {
		const {roomId} = room;
		if (key === 'name' || key === 'topic' || key === 'alias' || key === 'ownName')
			save(roomId, {kind: key, value: value.trim()});
		else if (key === 'joinRule' && isOneOf(joinRules, value)) saveJoinRule(room, value);
		else if (key === 'history' && isOneOf(historyVisibilities, value))
			save(roomId, {kind: 'history', value: value satisfies HistoryVisibility});
		else if (key === 'notifications' && isOneOf(notificationLevels, value)) saveNotifications(roomId, value);
		else if (key === 'encryption') {
			const question = `Encrypt ${room.name} from now on? It cannot be turned off again.`;
			model.question.ask(yesQuestion(question, 'encrypts', () => save(roomId, {kind: 'encryption'})));
		}
	};

	const copyLink = ({rid}: RoomRow): void => {
		const room = reader.room(rid);
		if (room !== undefined && port.copy(linkOf(room))) model.say('The link is copied to the clipboard.', 'ok');
	};

	return (room: RoomRow): void => {
		let listing: Listing = {value: '', lock: 'The server is asked for it.'};
		const learn = (next: Listing): void => {
			listing = next;
			model.inPanel(panels => panels.refresh());
		};
		const askListing = async (): Promise<void> => {
			try {
				const {isListed} = await session.isListed({roomId: room.roomId});
				learn({value: isListed ? 'yes' : 'no'});
			} catch (error) {
				learn({value: '', lock: reportOf(error).message});
			}
		};
		const form = createForm({
			scope: 'settings',
			place: 'over',
			title: literal`Settings of the room`,
			hint: literal`Enter saves · ${model.keyOf('list-left')} ${model.keyOf('list-right')} choose`,
			fields: () => fieldsOf(room.rid, listing),
			onLocked: reason => model.say(reason, 'warning'),
			onEnter(key, values: FormValues, isChanged) {
				const {members, leave, upgrade, picture} = ways();
				if (key === 'copy') copyLink(room);
				else if (key === 'members') members();
				else if (key === 'leave') leave();
				else if (key === 'upgrade') upgrade();
				else if (key === 'picture') picture();
				else if (isChanged && key === 'listed') {
					const value = values[key] === 'yes' ? 'yes' : 'no';
					saveListed(room, value === 'yes', () => learn({value}));
				} else if (isChanged) enter(room, key, values[key] ?? '');
				else model.inPanel(panels => panels.move(1));
			},
		});
		model.openPanel(form.source);
		void askListing();
	};
};
