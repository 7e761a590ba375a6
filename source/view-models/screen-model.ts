/** The one store of the screen: joins room list, timeline, composers and status to what is drawn. React-free. */
import {reportOf} from '../domain/errors.ts';
import type {RoomRow} from '../domain/room.ts';
import type {EncryptionSetup, EngineNotice, NetState} from '../domain/session.ts';
import type {SafeText} from '../text/safe-text.ts';
import type {AccountSource} from './account-source.ts';
import {closedMenu, type ComposerMenu} from './composer-menu.ts';
import type {Composer, ComposerAction} from './composer.ts';
import {emptyLines, headerLine, invitationOf, separatorLine, typingNames} from './conversation-lines.ts';
import {closedReason, closedWords, hintLine} from './composer-hint.ts';
import {selectionHint} from './selection-hint.ts';
import {divideFrame, isNarrow, maxComposerRowsOf, type Frame} from './frame.ts';
import {createInbox} from './inbox.ts';
import {closedInput, createComposers} from './input-lines.ts';
import type {ScreenLine, ScreenSpan, ThemeRole} from './screen-line.ts';
import {createPanels, type PanelSource, type Panels} from './panel.ts';
import {createQuestionHolder} from './question.ts';
import {cursorCell, withBanner, type Input} from './screen-cursor.ts';
import {keepParts, type MainView, type Pane, type ScreenState} from './screen-state.ts';
import {hasEncryptionLine, statusLine, titleLine, type Alert, type StatusFacts} from './status-lines.ts';
import {createStore} from './store.ts';
import {createTimeline} from './timeline.ts';
import {createWritings} from './writings.ts';

/** What the screen needs from outside; all text of it is mx's own. */
export type ScreenModelOptions = {
	readonly source: AccountSource;
	readonly userId: string;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	readonly size: {readonly columns: number; readonly rows: number};
	/** A failure that was shown where it happened and belongs in the log. */
	readonly onError: (error: unknown) => void;
	/** Reminders of keys for the status line, most important first. */
	readonly hints: readonly SafeText[];
	/** @returns what the text in the composer will do as a command, or whom it will wake; `undefined` where there is nothing to say. */
	readonly commandHint: (text: string, room: RoomRow | undefined) => ScreenSpan | undefined;
	/** What is offered above the composer. @default nothing */
	readonly menu?: ComposerMenu;
	/** @returns all lines of the help, for a width. */
	readonly helpLines: (width: number) => readonly ScreenLine[];
};

export type ScreenModel = ReturnType<typeof createScreenModel>;

/** Stands for the number of a room where none is open: commands can be written there too. */
const noRoom = -1;

/** Milliseconds that a sentence of mx stays at least, whatever is typed. */
const sentenceTime = 2000;

export const createScreenModel = (options: ScreenModelOptions) => {
	const {source, userId, now, onError, menu = closedMenu} = options;
	const inbox = createInbox(source, now);
	const timeline = createTimeline({source, userId, now, onError});
	const writings = createWritings();
	const composers = createComposers(source, writings.placeOf);
	const panels = createPanels();
	const question = createQuestionHolder(() => update());
	const typing = new Map<number, readonly string[]>();
	let {size} = options;
	let open: RoomRow | undefined;
	let focus: Pane = 'inbox';
	/** Where the keys go back to when the last panel closes. */
	let focusBelow: Exclude<Pane, 'panel'> = 'composer';
	/** Beside the conversation; in a narrow terminal, over it. */
	let isBeside = true;
	let isOver = true;
	let helpTop: number | undefined;
	let sending: number | undefined;
	let net: NetState | undefined;
	let encryption: EncryptionSetup | undefined;
	let isReminded = false;
	let alert: Alert | undefined;
	let sentence:
		| (NonNullable<StatusFacts['sentence']> & {readonly time: number; readonly isUntilNet: boolean})
		| undefined;
	let totals = {unread: 0, highlights: 0};

	/** A failed read is shown and logged; the rest of the screen goes on. */
	const attempt = (read: () => void): void => {
		try {
			read();
		} catch (error) {
			onError(error);
			const {message, next} = reportOf(error);
			alert = {message: `What is stored could not be read: ${message}`, next};
		}
	};

	/** The number of the composer that is written in. */
	const composerNumber = (): number => (open === undefined ? noRoom : writings.composerOf(open.rid));
	const composer = (): Composer => composers.get(composerNumber());

	/** What is selected among the messages is so only while the keys are there. */
	const setFocus = (pane: Pane, keepsSelection = false): void => {
		if (!keepsSelection) timeline.deselect();
		focus = pane;
	};

	const inputOf = (width: number): Input => {
		const reason = open === undefined ? undefined : closedReason(open);
		if (open !== undefined && reason !== undefined && composer().text === '')
			return {lines: [closedInput(closedWords(open, reason))], cursor: undefined};
		const rows = maxComposerRowsOf(size.rows);
		const banner = open === undefined || rows === 1 ? undefined : writings.banner(open.rid, width);
		return withBanner(composers.lines(composerNumber(), width, rows - Number(banner !== undefined)), banner);
	};

	const isStoring = (): boolean => sending !== undefined && sending === open?.rid;

	const hintOf = (width: number): ScreenLine => {
		if (focus === 'timeline') return selectionHint({source, room: open, userId, timeline}, width);
		const {text} = composer();
		const isOnline = net === undefined || net.state === 'online' || net.state === 'connecting';
		const command = menu.hint() ?? options.commandHint(text, open);
		const writing = open === undefined ? undefined : writings.of(open.rid)?.kind;
		const facts = {room: open, pane: focus, text, command, isStoring: isStoring(), isOnline, writing};
		return hintLine({...facts, isDiskRefusing: net?.state === 'no-storage'}, width);
	};

	const mainOf = (width: number): MainView => {
		if (open !== undefined && open.membership !== 'invite') return {kind: 'timeline', timeline: timeline.view()};
		const facts = {hasRooms: inbox.count() > 0, isSynced: net?.state === 'online', unread: totals.unread};
		return {kind: 'lines', lines: open === undefined ? emptyLines(facts, width) : invitationOf(open, source, width)};
	};

	const helpOf = (frame: Frame): readonly ScreenLine[] | undefined => {
		if (helpTop === undefined) return undefined;
		const lines = options.helpLines(frame.columns);
		helpTop = Math.max(0, Math.min(helpTop, lines.length - frame.paneRows));
		return lines.slice(helpTop, helpTop + frame.paneRows);
	};

	const compute = (): ScreenState => {
		// The width does not depend on the height of the composer, so the first frame only serves for its width.
		const isInboxShown = isNarrow(size.columns) ? isOver && !panels.isOpen() : isBeside;
		const hasSide = panels.place() === 'side';
		const {conversationWidth: width} = divideFrame({...size, isInboxShown, hasSide, composerRows: 1});
		const input = inputOf(width);
		const isWriting = focus === 'composer' && input.cursor !== undefined && helpTop === undefined;
		menu.look({composer: composer(), rid: open?.rid ?? noRoom, isActive: isWriting && !isStoring()});
		const wanted = {composerRows: input.lines.length, menuRows: menu.wanted(width)};
		const frame = divideFrame({...size, isInboxShown, hasSide, ...wanted});
		if (width > 0) timeline.resize({width, rows: frame.timelineRows});
		const main = mainOf(width);
		const isTimeline = main.kind === 'timeline';
		const panel = panels.view({width: frame.sideWidth || frame.conversationWidth, height: frame.paneRows});
		const asked = question.current();
		const said = {userId, net, encryption, isReminded, sentence, alert, totals};
		const facts: StatusFacts = {...said, question: asked, hints: options.hints};
		return {
			frame,
			title: titleLine(facts, frame.columns),
			inbox: inbox.view({width: frame.inboxWidth, height: frame.paneRows, isFocused: focus === 'inbox'}),
			header: open === undefined ? [] : headerLine(open, width),
			main,
			separator: separatorLine({
				width,
				typing: open === undefined ? [] : typingNames(typing.get(open.rid), {rid: open.rid, userId, source}),
				newBelow: isTimeline ? main.timeline.newBelow : 0,
				isAtEnd: !isTimeline || main.timeline.isAtEnd,
			}),
			composer: {menu: menu.lines({width, height: frame.menuRows}), lines: input.lines, hint: hintOf(width)},
			cursor: helpTop === undefined ? cursorCell(frame, {focus, input, panel}) : undefined,
			status: statusLine(facts, frame.columns),
			panel,
			help: helpOf(frame),
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
			open = rid === undefined ? undefined : source.room(rid);
			inbox.select(open?.rid);
			timeline.open(open?.membership === 'invite' ? undefined : open);
			if (open === undefined && inbox.count() > 0) focus = 'inbox';
			else if (focus === 'timeline') focus = 'composer';
		});
		update();
	};

	/** Reads the open room's row again; an accepted invitation becomes a room. */
	const refreshOpen = (): void => {
		if (open === undefined) return;
		const before = open.membership;
		open = source.room(open.rid);
		if (open?.membership === before) timeline.refresh();
		else timeline.open(open?.membership === 'invite' ? undefined : open);
	};

	return {
		store,
		update,
		openRoom,
		timeline,
		composers,
		writings,
		composerNumber,
		panels,
		/** What is asked in the status line. */
		question,
		openedRoom: (): RoomRow | undefined => open,
		focusedPane: (): Pane => focus,
		/** Whether keys mean something to the menu above the composer first. */
		menuTakesKeys: (): boolean => menu.takesKeys(),
		isHelpOpen: (): boolean => helpTop !== undefined,
		isCovered: (): boolean => store.get().frame.conversationWidth === 0,
		isNarrow: (): boolean => isNarrow(size.columns),
		neighbour: (steps: number): RoomRow | undefined => inbox.neighbour(steps),
		firstRoom: (): RoomRow | undefined => inbox.first(),
		nextUnread: (): RoomRow | undefined => inbox.nextUnread(),
		/** The composer of the open room; where none is open, the one for commands. */
		composer,
		/** @returns why nothing can be written in the open room. */
		closedReason: (): SafeText | undefined => (open === undefined ? undefined : closedReason(open)),

		resize(next: {readonly columns: number; readonly rows: number}): void {
			const wasNarrow = isNarrow(size.columns);
			size = next;
			// What is being read or written stays; the inbox comes back by its key.
			if (!wasNarrow && isNarrow(size.columns)) isOver = focus === 'inbox';
			else if (wasNarrow && open !== undefined && !isNarrow(size.columns)) focus = 'composer';
			update();
		},

		/** Reads again what changed. @param rids rooms with new rows */
		refresh(rids: ReadonlySet<number> | 'all'): void {
			attempt(() => {
				inbox.refresh();
				totals = source.totals();
				panels.refresh();
				if (open !== undefined && (rids === 'all' || rids.has(open.rid))) refreshOpen();
			});
			update();
		},

		/** What the engine tells, besides changes. */
		notice(notice: Exclude<EngineNotice, {readonly kind: 'changed'}>): void {
			switch (notice.kind) {
				case 'typing':
					typing.set(notice.rid, notice.users);
					if (notice.users.length === 0) typing.delete(notice.rid);
					break;
				case 'net':
					net = notice.net;
					if (sentence?.isUntilNet === true) sentence = undefined;
					break;
				case 'encryption':
					isReminded &&= notice.encryption.state === encryption?.state;
					encryption = notice.encryption;
					break;
				case 'alert':
					alert = {message: notice.message, next: notice.next};
					break;
				default:
					notice satisfies never;
			}
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
			sentence = {text, role, isUntilNet, time: now()};
			update();
		},

		/** A key was pressed: what was said before it has been read. */
		fadeSentence(): void {
			if (sentence === undefined || now() - sentence.time < sentenceTime) return;
			sentence = undefined;
			update();
		},

		/** @returns whether there was something to dismiss. */
		dismiss(): boolean {
			const hadSome = sentence !== undefined || alert !== undefined;
			sentence = undefined;
			alert = undefined;
			update();
			return hadSome;
		},

		/** Drops the sentence about the encryption until it stands otherwise; the title still reminds. @returns whether it was there */
		dismissReminder(): boolean {
			const wasThere = !isReminded && hasEncryptionLine(encryption);
			isReminded = true;
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
			if (isNarrow(size.columns)) isOver = false;
			setFocus('composer', keepsSelection);
			update();
		},

		/** In a narrow terminal the inbox covers the conversation and takes the keys. */
		setInboxShown(isShown: boolean): void {
			if (isNarrow(size.columns)) isOver = isShown;
			else isBeside = isShown;
			setFocus(isShown && (isNarrow(size.columns) || open === undefined) ? 'inbox' : 'composer');
			update();
		},

		/** Opens a list, which takes the keys. @param query what it is narrowed by at first */
		openPanel(source: PanelSource, query?: string): void {
			if (focus !== 'panel') focusBelow = focus;
			focus = 'panel';
			attempt(() => panels.open(source, query));
			update();
		},

		/** Closes the topmost list, or all of them; the last one gives the keys back. */
		closePanel(which: 'top' | 'all' = 'top'): void {
			if (which === 'all') panels.closeAll();
			else panels.close();
			if (!panels.isOpen() && focus === 'panel') focus = focusBelow;
			update();
		},

		/** A step within the open list. */
		inPanel(step: (panels: Panels) => void): void {
			attempt(() => step(panels));
			update();
		},

		setHelpOpen(isOpen: boolean): void {
			helpTop = isOpen ? 0 : undefined;
			update();
		},

		scrollHelp(lines: number): void {
			if (helpTop !== undefined) helpTop += lines;
			update();
		},
	};
};
