/** Lists for finding rooms, people and commands, and the way back to where one was. */
import type {ScreenCommand, ScreenContext} from '../commands/define-command.ts';
import type {FindActions} from '../commands/find-actions.ts';
import {screenTable} from '../commands/screen-table.ts';
import {findSlash} from '../commands/slash.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {literal} from '../text/safe-text.ts';
import type {RoomTrail} from '../view-models/room-trail.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import {createCommandList, type CommandList} from './command-list.ts';
import {createSwitcher} from './switcher.ts';

export type FindOptions = {
	readonly model: ScreenModel;
	readonly reader: AccountReader;
	readonly trail: RoomTrail<undefined>;
	/** Opens a room, ready to write there. */
	readonly enterRoom: (room: RoomRow) => void;
	/** Opens a room without noting it as a new stop. */
	readonly returnTo: (room: RoomRow) => void;
	readonly context: () => ScreenContext;
	/** All commands, with the keys that they have now. */
	readonly commands: () => readonly ScreenCommand[];
	/** The text of the composer has changed. */
	readonly onFill: () => void;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

export const createFindActions = (options: FindOptions): FindActions => {
	const {model, reader, trail, enterRoom, returnTo, now} = options;

	/** What was written is put back by ^Y. */
	const fill = (text: string): void => {
		// It may be about the message that is selected.
		model.focusComposer(model.focusedPane() === 'timeline');
		model.edit({kind: 'move', to: 'text-end'});
		model.edit({kind: 'kill', to: 'text-start'});
		model.edit({kind: 'insert', text});
		options.onFill();
	};

	/** A chat is begun by a command, once there is one. */
	const writeTo = (userId: string): void => {
		const word = ['dm', 'query'].find(each => findSlash(each, screenTable) !== undefined);
		if (word === undefined) model.say(`There is no chat with ${userId} yet.`, 'warning');
		else fill(`/${word} ${userId}`);
	};

	/** Made when it is opened: the keys may have changed. */
	const commandList = (): CommandList =>
		createCommandList({
			table: options.commands(),
			context: options.context,
			facts: () => ({room: model.openedRoom()}),
			fill,
			say: sentence => model.say(sentence, 'warning'),
			label: model.keyLabel,
		});

	/** Rooms that were left meanwhile are passed over. */
	const travel = (step: () => {readonly rid: number} | undefined, sentence: string): void => {
		for (let stop = step(); stop !== undefined; stop = step()) {
			const room = reader.room(stop.rid);
			if (room !== undefined && model.opened.roomOf(room.rid) === undefined) {
				returnTo(room);
				return;
			}
		}
		model.say(sentence);
	};

	/** @param sign what stands before a name that there is not */
	const openCommands = (sign: string, words?: string): void => {
		const commands = commandList();
		model.openPanel(
			{
				scope: 'commands',
				place: 'over',
				title: literal`Commands`,
				prompt: literal`what you want to do`,
				hint: literal`Enter runs it · ${model.keyOf('list-up')} ${model.keyOf('list-down')} choose`,
				empty: () => literal`No command is called like that.`,
				rows: query => commands.rows(query),
				isFirstMeant: commands.isNamed,
				choose(key) {
					model.closePanel('all');
					commands.run(key);
				},
				chooseNone: query => commands.sayNone(query, sign),
			},
			words,
		);
	};

	return {
		openSwitcher() {
			model.openPanel(
				createSwitcher({
					reader,
					recent: trail.recent,
					openRid: () => model.openedRoom()?.rid,
					enterRoom,
					writeTo,
					commands: commandList(),
					keyOf: model.keyOf,
					close: () => model.closePanel('all'),
					now,
				}),
			);
		},
		openCommands: words => openCommands('command ', words),
		openCommandLine: () => openCommands(':'),
		goBack: () => travel(trail.back, 'There is no room to go back to.'),
		goForward: () => travel(trail.forward, 'There is no room to go forward to.'),
		goToLast() {
			const rid = trail.recent().find(each => model.opened.roomOf(each) === undefined);
			const room = rid === undefined ? undefined : reader.room(rid);
			if (room === undefined) model.say('No other room was open yet.');
			else enterRoom(room);
		},
	};
};
