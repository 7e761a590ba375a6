/** The form of a new room. */
import type {CreateRoomRequest} from '../domain/room-requests.ts';
import {literal, type SafeText} from '../text/safe-text.ts';
import {createForm, type FormField, type FormOption, type FormValues} from '../view-models/form.ts';
import {roomName} from '../view-models/inbox-row.ts';
import {createRoomSteps, type RoomsPort} from './rooms-port.ts';

type Access = CreateRoomRequest['access'];

const accessWords: Readonly<Record<Access, SafeText>> = {
	invited: literal`the invited`,
	space: literal`members of the space`,
	public: literal`everybody`,
	listed: literal`everybody, in the directory`,
};

const accesses = Object.keys(accessWords) as readonly Access[];
const accessOptions = accesses.map(value => ({value, label: accessWords[value]}));

const yesOrNo: readonly FormOption[] = [
	{value: 'yes', label: literal`yes`},
	{value: 'no', label: literal`no`},
];

/** Stands for no space among the choices. */
const noSpace = '';

export type CreateDefaults = {readonly name?: string | undefined; readonly spaceId?: string | undefined};

export const createRoomCreation = (port: RoomsPort) => {
	const {model, session, reader, userId: self} = port;
	const {details} = reader;
	const steps = createRoomSteps(port);

	/** Spaces that the person may add rooms to. */
	const spaceOptions = (): readonly FormOption[] => {
		const spaces = details.spaces().filter(rid => {
			const power = details.power(rid);
			return power.of(self) >= power.toSetState('m.space.child');
		});
		const rooms = spaces.flatMap(rid => reader.room(rid) ?? []);
		return [
			{value: noSpace, label: literal`none`},
			...rooms.map(room => ({value: room.roomId, label: roomName(room)})),
		];
	};

	const server = self.slice(self.indexOf(':') + 1);

	const fieldsOf = ({name = '', spaceId = noSpace}: CreateDefaults, isSpace: boolean): readonly FormField[] => [
		{kind: 'text', key: 'name', label: literal`Name`, value: name},
		{kind: 'text', key: 'topic', label: literal`Topic`, value: ''},
		{
			kind: 'choice',
			key: 'kind',
			label: literal`Kind`,
			value: 'room',
			options: [
				{value: 'room', label: literal`room`},
				{value: 'space', label: literal`space, for rooms`},
			],
		},
		{kind: 'choice', key: 'space', label: literal`In space`, value: spaceId, options: spaceOptions()},
		{
			kind: 'choice',
			key: 'access',
			label: literal`Who joins`,
			value: spaceId === noSpace ? 'invited' : 'space',
			options: accessOptions,
		},
		{
			kind: 'choice',
			key: 'encrypted',
			label: literal`Encrypted`,
			value: 'yes',
			options: yesOrNo,
			lock: isSpace ? 'a space has no messages' : undefined,
		},
		{kind: 'text', key: 'alias', label: literal`Address`, value: '', placeholder: literal`kitchen`},
		{kind: 'text', key: 'invite', label: literal`Invite`, value: '', placeholder: literal`@anna:example.org, …`},
		{kind: 'heading', key: 'end', label: literal``},
		{kind: 'action', key: 'create', label: literal`Make it`},
	];

	/** `#kitchen:own.server` and `kitchen` are the same. */
	const aliasName = (text: string): string | undefined => {
		const name = text.trim().replace(/^#/, '');
		return name.endsWith(`:${server}`) ? name.slice(0, -server.length - 1) : name;
	};

	const requestOf = (values: FormValues): CreateRoomRequest => {
		const access = accesses.find(each => each === values['access']) ?? 'invited';
		const isSpace = values['kind'] === 'space';
		const spaceId = values['space'] ?? noSpace;
		return {
			name: (values['name'] ?? '').trim(),
			topic: (values['topic'] ?? '').trim(),
			access,
			// What is in a space is said in its rooms.
			isEncrypted: !isSpace && values['encrypted'] === 'yes',
			alias: aliasName(values['alias'] ?? ''),
			invite: (values['invite'] ?? '').split(/[\s,]+/).filter(id => id !== ''),
			spaceId: spaceId === noSpace ? undefined : spaceId,
			isSpace,
		};
	};

	const submit = (values: FormValues): void => {
		const request = requestOf(values);
		if (request.name === '') return model.say('Give it a name first.', 'warning');
		if (request.alias?.includes(':'))
			return model.say(`Its address is on your server, ${server}: write only the part before it.`, 'warning');
		model.say('Making it…');
		steps.run(async () => {
			const {roomId} = await session.createRoom(request);
			// Nobody writes into a space.
			if (request.isSpace === true) {
				model.closePanel('all');
				model.say(`The space is made: ${model.keyOf('spaces')} shows it.`, 'ok');
			} else steps.enter(roomId, 'The room is made.');
		});
	};

	return (defaults: CreateDefaults = {}): void => {
		let wasEncryptionChosen = false;
		let isSpace = false;
		const form = createForm({
			scope: 'create',
			place: 'over',
			title: literal`A new room`,
			hint: literal`${model.keyOf('list-up')} ${model.keyOf('list-down')} fields · ${model.keyOf('list-left')} ${model.keyOf('list-right')} choose · Enter goes on`,
			fields: () => fieldsOf(defaults, isSpace),
			onLocked: reason => model.say(reason, 'warning'),
			onChoose(key, value) {
				if (key === 'encrypted') wasEncryptionChosen = true;
				if (key === 'kind') {
					isSpace = value === 'space';
					wasEncryptionChosen = false;
				}
				const access = form.values()['access'];
				// Whoever may come in may read it anyway; until the person says otherwise.
				if ((key === 'access' || key === 'kind') && !wasEncryptionChosen)
					form.set('encrypted', isSpace || access === 'public' || access === 'listed' ? 'no' : 'yes');
				if (key === 'space' && access === 'invited' && value !== noSpace) form.set('access', 'space');
				if (key === 'space' && access === 'space' && value === noSpace) form.set('access', 'invited');
			},
			onEnter(key, values) {
				if (key === 'create') submit(values);
				else model.inPanel(panels => panels.move(1));
			},
		});
		model.openPanel(form.source);
	};
};
