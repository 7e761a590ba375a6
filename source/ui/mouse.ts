/** The mouse: the wheel scrolls what is under the pointer, a click goes to what is there. */
import type {ScreenContext} from '../commands/define-command.ts';
import type {MouseEvent} from '../terminal/input-event.ts';
import type {TerminalModes} from '../terminal/terminal-modes.ts';
import type {Completion} from '../view-models/completion.ts';
import {sectionOfRow} from '../view-models/inbox.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import {placeAt, type ScreenPlace} from '../view-models/screen-place.ts';
import type {Sender} from './sender.ts';

export type MouseOptions = {
	readonly model: ScreenModel;
	readonly context: () => ScreenContext;
	readonly modes: Pick<TerminalModes, 'setMouse'>;
	readonly sender: Pick<Sender, 'hold'>;
	readonly completion: Pick<Completion, 'chooseRow'>;
	/** @returns the id of a room by its number. */
	readonly roomIdOf: (rid: number) => string | undefined;
	/** Whether it is used at first. */
	readonly isOn: boolean;
};

export type Mouse = {
	readonly accept: (event: MouseEvent) => void;
	readonly isOn: () => boolean;
	/** Uses the mouse, or leaves it to the terminal. */
	readonly set: (isOn: boolean) => void;
	readonly dispose: () => void;
};

/** Lines of one notch of the wheel. */
const notch = 3;

/** Cells at the right of a list's first line that say how it is closed. */
const closeWidth = 12;

export const createMouse = (options: MouseOptions): Mouse => {
	const {model, context, modes, sender, completion, roomIdOf} = options;
	let {isOn} = options;
	let isReported = isOn;

	/** In the bare view the terminal's own selection works. */
	const follow = (): void => {
		const isWanted = isOn && !model.panes.isBare();
		if (isWanted === isReported) return;
		isReported = isWanted;
		modes.setMouse(isWanted);
	};

	const scroll = (place: ScreenPlace, steps: -1 | 1): void => {
		const {screen} = context();
		switch (place.kind) {
			case 'inbox':
				model.scrollInbox(steps * notch);
				break;
			case 'panel': {
				// What is stood on in some lists is shown at once: there each step counts.
				const isShown = model.panels.source()?.onMove !== undefined;
				model.inPanel(panels => panels.move(isShown ? steps : steps * notch));
				break;
			}
			default:
				screen.scrollLines(steps * notch);
		}
	};

	/** Who goes elsewhere is done with a list; a thread stays beside the room that it belongs to. */
	const leaveLists = (): void => {
		if (model.panels.isOpen() && model.panels.scope() !== 'thread') model.closePanel('all');
	};

	const clickPanel = (row: number, column: number): void => {
		const {frame} = model.store.get();
		const width = frame.sideWidth || frame.conversationWidth;
		model.focusPanel();
		if (row === 0 && column >= width - closeWidth) {
			context().panel.close();
			return;
		}
		let isMeant = false;
		model.inPanel(panels => {
			isMeant = panels.pointAt(row);
		});
		if (isMeant) context().panel.choose();
	};

	const clickTimeline = (row: number): void => {
		leaveLists();
		if (model.timeline.selectRow(row)) model.focusTimeline();
		else model.update();
	};

	const clickComposer = (event: MouseEvent, cell: {readonly row: number; readonly column: number}): void => {
		if (sender.hold(event)) return;
		leaveLists();
		model.focusComposer();
		model.pointInComposer(cell);
	};

	const click = (event: MouseEvent, place: ScreenPlace): void => {
		switch (place.kind) {
			case 'inbox': {
				const section = place.rid === undefined ? undefined : sectionOfRow(place.rid);
				if (section !== undefined) {
					model.focusInbox();
					return context().sections.toggleFold(section);
				}
				const roomId = place.rid === undefined ? undefined : roomIdOf(place.rid);
				if (roomId === undefined) return model.focusInbox();
				leaveLists();
				return context().screen.openRoom(roomId);
			}
			case 'timeline':
				return clickTimeline(place.row);
			case 'separator':
				return context().screen.scrollToEnd('newest');
			case 'menu':
				if (completion.chooseRow(place.row)) context().composer.complete();
				return undefined;
			case 'composer':
				return clickComposer(event, place);
			case 'panel':
				return clickPanel(place.row, place.column);
			case 'help':
			case 'nothing':
				return undefined;
			default:
				return place satisfies never;
		}
	};

	const end = model.store.subscribe(follow);
	follow();
	return {
		accept(event) {
			const {action, button} = event;
			const place = placeAt(model.store.get(), event);
			if (action === 'wheel-up' || action === 'wheel-down') scroll(place, action === 'wheel-up' ? -1 : 1);
			// A question waits for its key; with a modifier the click is the terminal's, or nobody's.
			const isHeld = event.hasShift || event.hasAlt || event.hasCtrl;
			if (action !== 'press' || button !== 'left' || isHeld || model.question.current() !== undefined) return;
			model.fadeSentence();
			click(event, place);
		},
		isOn: () => isOn,
		set(isNowOn) {
			isOn = isNowOn;
			follow();
		},
		dispose: end,
	};
};
