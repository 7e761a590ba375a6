/** The one store of the screen: joins room list, timeline, composers and status to what is drawn. React-free. */
import {reportOf} from '../domain/errors.ts';
import type {RoomRow} from '../domain/room.ts';
import type {SafeText} from '../text/safe-text.ts';
import type {AccountSource} from './account-source.ts';
import {closedMenu, type ComposerMenu} from './composer-menu.ts';
import type {Composer, ComposerAction} from './composer.ts';
import {aroundConversation} from './around-conversation.ts';
import {emptyLines, invitationOf} from './conversation-lines.ts';
import {closedReason} from './composer-hint.ts';
import {divideFrame, isCompact, isNarrow} from './frame.ts';
import {createHelpView} from './help-view.ts';
import {createInbox} from './inbox.ts';
import {sectionFacts} from './inbox-sections.ts';
import {createInputBox, type InputBoxPlace} from './input-box.ts';
import {createComposers, type ComposerPart} from './input-lines.ts';
import type {KeyOf} from './key-of.ts';
import type {ScreenLine, ScreenSpan, ThemeRole} from './screen-line.ts';
import {createOpenRoom} from './open-room.ts';
import {createPaneChoice} from './pane-choice.ts';
import {createPanels, type PanelSource, type Panels} from './panel.ts';
import {placePanel} from './panel-place.ts';
import {createQuestionHolder} from './question.ts';
import {cursorCell} from './screen-cursor.ts';
import {keepParts, type MainView, type Pane, type ScreenState} from './screen-state.ts';
import {createSayings} from './sayings.ts';
import {bareStatusLine, statusLines, titleLine, type StatusFacts} from './status-lines.ts';
import {createStore} from './store.ts';
import {createTold, type ToldNotice} from './told.ts';
import {createTimeline, type TimelineOptions} from './timeline.ts';
import {createTyping} from './typing.ts';
import {viaWidth} from './via.ts';
import {createWritings} from './writings.ts';

/** What the screen needs from outside; all text of it is mx's own. */
export type ScreenModelOptions = {
	readonly source: AccountSource;
	readonly userId: string;
	/** What signs in again, typed into a shell. @default `mx login` */
	readonly loginCommand?: string | undefined;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly size: {readonly columns: number; readonly rows: number};
	/** A failure that was shown where it happened and belongs in the log. */
	readonly onError: (error: unknown) => void;
	/** Reminders of keys for the status line, most important first. */
	readonly hints: () => readonly SafeText[];
	readonly keyOf: KeyOf;
	/** How keys are written for people. */
	readonly keyLabel: (keys: string) => string;
	/** @returns what the text in the composer will do as a command, or whom it will wake; `undefined` where there is nothing to say. */
	readonly commandHint: (composer: Composer, room: RoomRow | undefined) => ScreenSpan | undefined;
	/** @returns the mode of the composer and what its keys do, at length and in short. @default there is none */
	readonly modeHint?: () => readonly ScreenSpan[] | undefined;
	/** @returns the part of the text in the composer that is marked. @default none is */
	readonly markedText?: () => ComposerPart | undefined;
	/** Colours code. @default nothing does */
	readonly highlighter?: TimelineOptions['highlighter'];
	/** What is offered above the composer. @default nothing */
	readonly menu?: ComposerMenu;
	/** @returns all lines of the help, for a width. */
	readonly helpLines: (width: number) => readonly ScreenLine[];
};

export type ScreenModel = ReturnType<typeof createScreenModel>;

/** Stands for the number of a room where none is open: commands can be written there too. */
const noRoom = -1;

export const createScreenModel = (options: ScreenModelOptions) => {
	const {source, userId, now, onError, keyOf, menu = closedMenu, loginCommand = 'mx login'} = options;
	const inbox = createInbox(source, now, () => isInInbox());
	const timeline = createTimeline({source, userId, now, keyOf, highlighter: options.highlighter, onError});
	const writings = createWritings(keyOf);
	const composers = createComposers(source, writings.placeOf);
	const box = createInputBox({...options, composers, writings, timeline, menu});
	const panels = createPanels(keyOf);
	const panes = createPaneChoice();
	const help = createHelpView(options.helpLines);
	const sayings = createSayings(now);
	const question = createQuestionHolder(isAsked => {
		// What was said before it is not news when it is answered.
		if (isAsked) sayings.forget();
		update();
	});
	const typing = createTyping(userId, source);
	const told = createTold(sayings, typing);
	let {size} = options;
	const leave = (rid: number): void => writings.leave(rid, composers.get(writings.composerOf(rid)).text !== '');
	const opened = createOpenRoom({source, timeline, writings, select: rid => inbox.select(rid), leave});
	let focus: Pane = 'inbox';
	/** Where the keys go back to when the last panel closes. */
	let focusBelow: Exclude<Pane, 'panel'> = 'composer';
	let sending: number | undefined;
	let totals = {unread: 0, highlights: 0};

	const isInInbox = (): boolean => (focus === 'panel' && panels.scope() !== 'thread' ? focusBelow : focus) === 'inbox';

	/** A failed read is shown and logged; the rest of the screen goes on. */
	const attempt = (read: () => void): void => {
		try {
			source.atOnce(read);
		} catch (error) {
			onError(error);
			const {message, next} = reportOf(error);
			sayings.warn({message: `What is stored could not be read: ${message}`, next});
		}
	};

	/** The number of the composer that is written in. */
	const composerNumber = (): number => {
		const room = opened.room();
		return room === undefined ? noRoom : writings.composerOf(room.rid);
	};
	const composer = (): Composer => composers.get(composerNumber());

	/** What is selected among the messages is so only while the keys are there. */
	const setFocus = (pane: Pane, keepsSelection = false): void => {
		if (!keepsSelection) timeline.deselect();
		focus = pane;
	};

	const boxOf = (width: number): InputBoxPlace => ({
		room: opened.room(),
		via: opened.via(),
		composer: composerNumber(),
		width,
		terminalRows: size.rows,
		isWithoutKeys: focus === 'inbox',
	});

	const isStoring = (): boolean => sending !== undefined && sending === opened.room()?.rid;

	const hintOf = (width: number): ScreenLine => {
		const facts = {...told.reach(), isStoring: isStoring(), pane: focus, target: inbox.found()};
		return box.hint(boxOf(width), {...facts, section: sectionFacts(inbox.currentSection(), inbox.isOnHeader())});
	};

	const mainOf = (width: number): MainView => {
		const open = opened.room();
		if (open !== undefined && open.membership !== 'invite') return {kind: 'timeline', timeline: timeline.view()};
		const facts = {hasRooms: inbox.count() > 0, isSynced: told.net()?.state === 'online', unread: totals.unread, keyOf};
		return {kind: 'lines', lines: open === undefined ? emptyLines(facts, width) : invitationOf(open, source, width)};
	};

	const compute = (): ScreenState => {
		const open = opened.room();
		// The width does not depend on the height of the composer, so the first frame only serves for its width.
		const isInboxShown = panes.isInboxShown({...size, focus, hasRoom: open !== undefined, hasPanel: panels.isOpen()});
		const said = {userId, loginCommand, totals, ...told.facts(), ...sayings.facts()};
		const facts: StatusFacts = {...said, question: question.current(), hints: options.hints(), keyOf};
		const isBare = panes.isBare();
		const status = isBare ? [bareStatusLine(facts, size.columns)] : statusLines(facts, size);
		const parts = {...size, isInboxShown, hasSide: panels.place() === 'side', isBare, statusRows: status.length};
		const {conversationWidth: width} = divideFrame({...parts, composerRows: 1});
		const input = box.input(boxOf(width));
		const isWriting = focus === 'composer' && input.cursor !== undefined && !help.isOpen();
		menu.look({composer: composer(), rid: open?.rid ?? noRoom, isActive: isWriting && !isStoring()});
		const wanted = {composerRows: input.lines.length, menuRows: menu.wanted(width)};
		const frame = divideFrame({...parts, ...wanted});
		if (width > 0) timeline.resize({width, rows: frame.timelineRows});
		const {main = mainOf(width), panel} = placePanel(panels, frame, focus);
		return {
			frame,
			title: titleLine(facts, frame.columns),
			inbox: inbox.view({width: frame.inboxWidth, height: frame.paneRows, isFocused: focus === 'inbox'}),
			main,
			...aroundConversation({source, opened, timeline, typing, keyOf, now}, {main, width}),
			composer: {menu: menu.lines({width, height: frame.menuRows}), lines: input.lines, hint: hintOf(width)},
			cursor: help.isOpen() || panes.isBare() ? undefined : cursorCell(frame, {focus, input, panel}),
			status,
			panel,
			help: help.view({columns: frame.columns, rows: frame.paneRows}),
		};
	};

	attempt(() => {
		inbox.refresh();
		totals = source.totals();
		// Without rooms there is nothing to choose from, but a command to write.
		if (inbox.count() === 0) focus = 'composer';
	});
	const store = createStore(compute());
	const update = (): void => attempt(() => store.set(keepParts(store.get(), compute())));

	const openRoom = (rid: number | undefined): void => {
		attempt(() => {
			opened.open(rid);
			if (opened.room() === undefined && inbox.count() > 0) focus = 'inbox';
			else if (focus === 'timeline') focus = 'composer';
		});
		update();
	};

	const readLists = (): void =>
		attempt(() => {
			inbox.refresh();
			totals = source.totals();
			panels.refresh();
		});

	const readConversation = (rids: ReadonlySet<number> | 'all'): void => attempt(() => opened.refresh(rids));

	return {
		store,
		update,
		keyOf,
		keyLabel: options.keyLabel,
		openRoom,
		timeline,
		composers,
		writings,
		composerNumber,
		panels,
		/** What is asked in the status line. */
		question,
		/** What mx says in the status line; `update` follows. */
		sayings,
		openedRoom: opened.room,
		/** What else is open with it: the other chats of a person. */
		opened,
		/** Another one of `opened.rooms` is written in; the timeline stays where it is. */
		turn(rid: number): void {
			attempt(() => opened.turn(rid));
			update();
		},
		/** As it was told last. */
		connection: told.net,
		loginCommand,
		focusedPane: (): Pane => focus,
		/** Whether the keys are in the inbox, or in a list that was opened from there. */
		isInInbox,
		/** Whether keys mean something to the menu above the composer first. */
		menuTakesKeys: (): boolean => menu.takesKeys(),
		isHelpOpen: help.isOpen,
		isCovered: (): boolean => store.get().frame.conversationWidth === 0,
		isNarrow: (): boolean => isNarrow(size.columns),
		/** Which of them are wanted; `update` follows. */
		panes,
		inbox,
		/** Cells for what is written, with its prompt. */
		composerWidth: (): number => store.get().frame.conversationWidth - viaWidth(opened.via()),
		/** The composer of the open room; where none is open, the one for commands. */
		composer,
		/** @returns why nothing can be written in the open room. */
		closedReason(): SafeText | undefined {
			const room = opened.room();
			return room === undefined ? undefined : closedReason(room);
		},

		resize(next: {readonly columns: number; readonly rows: number}): void {
			const wasNarrow = isNarrow(size.columns);
			panes.resize({from: size.columns, to: next.columns, focus});
			size = next;
			if (wasNarrow && opened.room() !== undefined && !isNarrow(size.columns)) focus = 'composer';
			update();
		},

		/** Reads again what is listed; `update` follows. */
		readLists,
		/** Reads the open room again if it changed; `update` follows. @param rids rooms with new rows */
		readConversation,
		/** Reads again what changed, and shows it. @param rids rooms with new rows */
		refresh(rids: ReadonlySet<number> | 'all'): void {
			readLists();
			readConversation(rids);
			update();
		},

		/** What the engine tells, besides changes and files; `update` follows. */
		hear: (notice: ToldNotice): void => told.hear(notice),
		/** As `hear`, and shows it. */
		notice(notice: ToldNotice): void {
			told.hear(notice);
			update();
		},

		/** Puts the cursor of the composer into a cell of it, from 0. */
		pointInComposer(cell: {readonly row: number; readonly column: number}): void {
			box.point(boxOf(store.get().frame.conversationWidth), cell);
			update();
		},

		/** The list scrolls under the pointer; the open room stays open. */
		scrollInbox(rows: number): void {
			attempt(() => inbox.scroll(rows));
			update();
		},

		edit(action: ComposerAction): void {
			composers.apply(composerNumber(), action);
			update();
		},

		/** @param rid room whose text is on its way to the store. */
		setSending(rid: number | undefined): void {
			sending = rid;
			update();
		},

		/** @param isUntilNet what is known of the connection next takes the sentence away. */
		say(text: string, role: ThemeRole = 'muted', isUntilNet = false): void {
			sayings.say(text, role, isUntilNet);
			update();
		},

		/** A key was pressed: what was said before it has been read. */
		fadeSentence(): void {
			if (sayings.fade()) update();
		},

		/** @returns whether there was something to dismiss. */
		dismiss(): boolean {
			const hadSome = sayings.dismiss();
			update();
			return hadSome;
		},

		/** Drops the sentence about the encryption until it stands otherwise; the title still reminds. @returns whether it was there */
		dismissReminder(): boolean {
			const wasThere = told.dismissReminder();
			update();
			return wasThere;
		},

		focusInbox(): void {
			setFocus('inbox');
			update();
		},

		/** The keys go to the messages, one of which is selected. */
		focusTimeline(): void {
			setFocus('timeline', true);
			update();
		},

		/** Where the inbox covers the conversation, it goes away. */
		focusComposer(keepsSelection = false): void {
			panes.uncover(size.columns);
			setFocus('composer', keepsSelection);
			update();
		},

		/** Where the inbox covers the conversation or takes much of it, it takes the keys as well. */
		setInboxShown(isShown: boolean): void {
			panes.setInboxShown(size.columns, isShown);
			setFocus(isShown && (isCompact(size.columns) || opened.room() === undefined) ? 'inbox' : 'composer');
			update();
		},

		/** Opens a list, which takes the keys. @param query what it is narrowed by at first */
		openPanel(source: PanelSource, query?: string): void {
			if (focus !== 'panel') focusBelow = focus;
			focus = 'panel';
			attempt(() => panels.open(source, query));
			update();
		},

		/** The keys go to the list that is open. */
		focusPanel(): void {
			if (focus !== 'panel') focusBelow = focus;
			focus = 'panel';
			update();
		},

		/** Closes the topmost list, or all of them; the last one gives the keys back. */
		closePanel(which: 'top' | 'all' = 'top'): void {
			if (which === 'all') panels.closeAll();
			else panels.close();
			if (!panels.isOpen() && focus === 'panel') focus = focusBelow;
			update();
		},

		/** A step within a list: the open one, or the inbox. */
		inPanel(step: (panels: Panels) => void): void {
			attempt(() => step(panels));
			update();
		},

		setHelpOpen(isOpen: boolean): void {
			help.setOpen(isOpen);
			update();
		},

		scrollHelp(lines: number): void {
			help.scroll(lines);
			update();
		},
	};
};
