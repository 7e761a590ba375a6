/** What commands do to choose which rooms the inbox shows: filters, and narrowing by a name as it is typed. */
import type {ScreenContext} from '../commands/define-command.ts';
import {screenTable} from '../commands/screen-table.ts';
import {parseInput} from '../commands/slash.ts';
import type {RoomRow} from '../domain/room.ts';
import {graphemesOf} from '../text/graphemes.ts';
import {isSameFilter} from '../view-models/inbox-filters.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';

export type FilterOptions = {
	readonly model: ScreenModel;
	/** Opens a room; the keys stay where they are. */
	readonly goTo: (room: RoomRow | undefined) => void;
	/** Opens a room, ready to write there. */
	readonly enterRoom: (room: RoomRow) => void;
	readonly context: () => ScreenContext;
};

/** Characters of a name: more are nobody's doing. */
const maxLength = 200;

/** More than any account has. */
const mostRooms = 100_000;

export const createFilterActions = ({model, goTo, enterRoom, context}: FilterOptions) => {
	const {inbox} = model;
	let hasPaste = false;

	const show = (number: number): void => {
		const named = inbox.filters()[number - 1];
		if (named === undefined) model.say('There is no such space: each has a number, behind the other filters.');
		else model.inPanel(() => inbox.setFilter(named.filter));
	};

	const narrow = (text: string | undefined): void => model.inPanel(() => inbox.setNarrow(text));

	/** A command that was meant for the composer. @returns whether it was one */
	const runAsCommand = (text: string): boolean => {
		if (hasPaste) return false;
		const parsed = parseInput(`/${text}`, screenTable);
		if (parsed.kind !== 'command') return false;
		parsed.command.run(parsed.values as Record<string, string>, context());
		return true;
	};

	return {
		showFilter: show,
		showFilterNamed(name: string): void {
			const wanted = name.toLowerCase();
			const names = inbox.filters().map(each => each.name.toLowerCase());
			const index = names.includes(wanted) ? names.indexOf(wanted) : names.findIndex(each => each.startsWith(wanted));
			if (index === -1) model.say(`There is no filter or space ${name}.`, 'warning');
			else show(index + 1);
		},
		stepFilter(steps: number): void {
			const filters = inbox.filters();
			const index = filters.findIndex(({filter}) => isSameFilter(filter, inbox.filter()));
			show(((Math.max(0, index) + steps + filters.length) % filters.length) + 1);
		},
		startNarrowing(): void {
			hasPaste = false;
			narrow('');
		},
		typeNarrowing(text: string, isPasted: boolean): void {
			hasPaste ||= isPasted;
			narrow(`${inbox.narrow() ?? ''}${text.replaceAll(/\s+/g, ' ')}`.slice(0, maxLength));
		},
		eraseNarrowing(what: 'character' | 'all'): void {
			const text = inbox.narrow() ?? '';
			if (text === '') narrow(undefined);
			else narrow(what === 'all' ? '' : graphemesOf(text).slice(0, -1).join(''));
		},
		stopNarrowing: (): void => narrow(undefined),
		finishNarrowing(): void {
			const text = inbox.narrow() ?? '';
			const found = inbox.found();
			narrow(undefined);
			if (found !== undefined) enterRoom(found);
			else if (text.trim() !== '' && !runAsCommand(text)) model.say(`No room is called ${text}.`, 'warning');
		},
		moveToEnd: (end: 'first' | 'last'): void => goTo(model.inbox.neighbour(end === 'first' ? -mostRooms : mostRooms)),
		previousUnread(): void {
			const room = inbox.previousUnread();
			if (room === undefined) model.say('Nothing else is unread.');
			else enterRoom(room);
		},
	};
};
