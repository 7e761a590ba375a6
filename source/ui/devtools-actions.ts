/** Events as they are: the state of a room listed and set, events of any type sent. */
import {randomUUID} from 'node:crypto';
import type {DevtoolsActions} from '../commands/devtools-actions.ts';
import {isObject, parseJson, type JsonObject} from '../domain/json.ts';
import type {RoomRow} from '../domain/room.ts';
import {lackOfPower} from '../domain/room-power.ts';
import type {AccountReader} from '../store/account-reader.ts';
import type {StateName} from '../store/state-reader.ts';
import {literal, safeText} from '../text/safe-text.ts';
import type {PanelRow} from '../view-models/panel.ts';
import {yesQuestion} from '../view-models/question.ts';
import {cutLine, span} from '../view-models/screen-line.ts';
import type {MessageReading} from './message-reading.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type DevtoolsOptions = ScreenPort & {
	readonly reader: Pick<AccountReader, 'details' | 'state'>;
	readonly userId: string;
	/** What is written is not in a composer, and cannot be given back. @default false */
	readonly isLinear?: boolean | undefined;
	readonly showSource: MessageReading['showSource'];
};

/** State events, and memberships, that are listed of a room. */
const mostRows = 5000;

/** UTF-16 units of a content that a row has room for. */
const glimpseLength = 200;

const keyOf = ({type, stateKey}: StateName): string => JSON.stringify([type, stateKey]);

/** As people write it. */
const nameOf = ({type, stateKey}: StateName): string => (stateKey === '' ? type : `${type} of ${stateKey}`);

export const createDevtoolsActions = (options: DevtoolsOptions): DevtoolsActions => {
	const {model, session, reader, showSource} = options;

	const withRoom = (run: (room: RoomRow) => void): void => {
		const room = model.openedRoom();
		if (room?.membership === 'join') run(room);
		else model.say(room === undefined ? 'Open a room first.' : 'You are not in this room.', 'warning');
	};

	const show = (name: StateName, event: JsonObject): void =>
		showSource(safeText(nameOf(name), 'name'), {received: event, decrypted: undefined});

	const rowOf = (rid: number, name: StateName): PanelRow => {
		let glimpse: string | undefined;
		return {
			key: keyOf(name),
			lines(width) {
				glimpse ??= JSON.stringify(reader.state.event(rid, name)?.['content'] ?? {}).slice(0, glimpseLength);
				const key = name.stateKey === '' ? [] : [span(literal` ${safeText(name.stateKey, 'name')}`)];
				const content = span(literal`  ${safeText(glimpse, 'line')}`, 'muted');
				return [cutLine([span(safeText(name.type, 'name', '(no type)'), 'name'), ...key, content], width)];
			},
		};
	};

	const openList = ({rid}: RoomRow): void =>
		model.openPanel({
			scope: 'state',
			place: 'side',
			title: literal`State of the room`,
			prompt: literal`part of a type or key`,
			hint: literal`Enter shows it`,
			empty: query =>
				query.trim() === '' ? literal`Nothing is known of it.` : literal`Nothing has that in its type or key.`,
			rows(query) {
				const words = query.toLowerCase().split(/\s+/);
				return reader.state
					.names(rid, mostRows)
					.filter(name => words.every(word => `${name.type} ${name.stateKey}`.toLowerCase().includes(word)))
					.map(name => rowOf(rid, name));
			},
			choose(key) {
				const name = reader.state.names(rid, mostRows).find(each => keyOf(each) === key);
				const event = name === undefined ? undefined : reader.state.event(rid, name);
				if (name !== undefined && event !== undefined) show(name, event);
			},
		});

	/** What was written by hand is not lost when it was wrong. */
	const giveBack = (line: string): void => {
		if (options.isLinear !== true && model.composer().text === '') model.edit({kind: 'set', text: line});
	};

	/** @returns content as JSON; says what is wrong with it */
	const contentOf = (text: string, line: string): JsonObject | undefined => {
		const content = parseJson(text);
		if (isObject(content)) return content;
		giveBack(line);
		model.say('The content must be a JSON object, such as {"body": "hello"}.', 'warning');
		return undefined;
	};

	/** Runs a request; where it fails, what was written is given back. */
	const attempt = (line: string, request: () => Promise<void>): void =>
		void sayFailure(options, async () => {
			try {
				await request();
			} catch (error) {
				giveBack(line);
				throw error;
			}
		});

	const setState = ({rid, roomId}: RoomRow, name: StateName, content: JsonObject, line: string): void => {
		const {type, stateKey} = name;
		const power = reader.details.power(rid);
		const isOwn = type === 'm.room.member' && stateKey === options.userId;
		const lack = isOwn ? undefined : lackOfPower(power.of(options.userId), power.toSetState(type), `set ${type}`);
		if (lack !== undefined) {
			giveBack(line);
			model.say(lack, 'warning');
			return;
		}
		const isThere = reader.state.event(rid, name) !== undefined;
		const question = `${isThere ? 'Replace' : 'Set'} ${nameOf(name)} in this room, for everybody?`;
		model.question.ask(
			yesQuestion(question, isThere ? 'replaces it' : 'sets it', () =>
				attempt(line, async () => {
					await session.setState({roomId, type, stateKey, content});
					model.say(`${nameOf(name)} is set.`, 'ok');
				}),
			),
		);
	};

	return {
		openState: () => withRoom(openList),
		sendRaw: (type, text) =>
			withRoom(room => {
				const line = `/raw ${type} ${text}`;
				const content = contentOf(text, line);
				if (content === undefined) return;
				const transactionKey = randomUUID();
				const request = {to: room.roomId, type, content, isRaw: true, transactionKey, isWaiting: false, timeout: 0};
				attempt(line, async () => {
					await session.send(request);
					model.refresh(new Set([room.rid]));
				});
			}),
		rawState: (type, rest) =>
			withRoom(room => {
				// A key may hold anything, but what is set is an object, and that is at the end.
				const brace = rest.search(/(?:^|\s)\{/);
				const name = {type, stateKey: (brace === -1 ? rest : rest.slice(0, brace)).trim()};
				const line = `/rawstate ${type} ${rest}`.trimEnd();
				if (brace !== -1) {
					const content = contentOf(rest.slice(brace).trim(), line);
					if (content !== undefined) setState(room, name, content, line);
					return;
				}
				const event = reader.state.event(room.rid, name);
				if (event === undefined) model.say(`There is no ${nameOf(name)} here.`, 'warning');
				else show(name, event);
			}),
	};
};
