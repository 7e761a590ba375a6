/** Everything behind the screen: model, keys, commands and what the engine tells, joined. */
import {randomUUID} from 'node:crypto';
import type {ScreenActions, ScreenContext} from '../commands/define-command.ts';
import type {EngineNotice} from '../domain/session.ts';
import type {EditorOptions} from '../terminal/external-editor.ts';
import type {InputEvent} from '../terminal/input-event.ts';
import {clipboardSequence} from '../terminal/osc.ts';
import {createHighlighter} from '../text/highlighter.ts';
import {createScreenModel, type ScreenModel} from '../view-models/screen-model.ts';
import {createComposerParts} from './composer-parts.ts';
import {createDispatcher} from './dispatcher.ts';
import {createDraftKeeper} from './draft-keeper.ts';
import {helpLines} from './help-lines.ts';
import {createHistoryLoader} from './history-loader.ts';
import {scopesBelowHelp} from './key-scopes.ts';
import {createKeyTable} from './key-table.ts';
import {createMouse, type Mouse} from './mouse.ts';
import {createNoticeBatch} from './notice-batch.ts';
import {createNotifications} from './notifications.ts';
import {createPicturePort} from './picture-port.ts';
import {createRoomVisits} from './room-visits.ts';
import {createScreenActions} from './screen-actions.ts';
import type {ControllerTerminal} from './screen-terminal.ts';
import {createSender} from './sender.ts';
import type {ScreenOptions, SettingsListener} from './screen-options.ts';
import {createSettingsCheck} from './settings-check.ts';
import type {Theming} from './theming.ts';
import {createVimKeys, type VimKeys} from './vim-keys.ts';
import {createWindowTitle, type WindowTitle} from './window-title.ts';

/** Milliseconds without the focus after which all is drawn again. */
const longAbsence = 60_000;

/** Everything behind the screen; `start` subscribes it to keys and notices, `stop` ends that. */
export const createController = (
	options: ScreenOptions,
	terminal: ControllerTerminal,
	ways: Pick<ScreenActions, 'quit' | 'redraw' | 'suspend'> & {
		readonly theming: Theming;
		readonly away: EditorOptions['away'];
	},
) => {
	const {theming} = ways;
	const {modes, input, output, probe, characters} = terminal;
	const {reader, session, log, account, now = Date.now} = options;
	const {columns, rows} = output.stream;
	const keys = createKeyTable(characters);
	let vim: VimKeys | undefined;
	const {menu, hintOf, mentionRules, ...composing} = createComposerParts({
		reader,
		userId: account.userId,
		log,
		now,
		keyOf: keys.keyOf,
		onLoaded: () => model.update(),
	});
	const highlighter = createHighlighter(
		() => model.update(),
		error => log.warn('screen', 'code is shown without colours', {error}),
	);
	const model: ScreenModel = createScreenModel({
		source: reader,
		menu,
		userId: account.userId,
		loginCommand: options.loginCommand,
		now,
		size: {columns, rows},
		onError: error => log.error('screen', 'a part could not be shown', {error}),
		highlighter,
		hints: keys.hints,
		keyOf: keys.keyOf,
		keyLabel: keys.label,
		commandHint: hintOf,
		modeHint: () => vim?.hint(),
		markedText: () => vim?.selected(),
		helpLines: width =>
			helpLines(keys.commands(), width, scopesBelowHelp(model), {label: keys.label, vim: vim?.mode()}),
	});
	const port = {model, session, log};
	const drafts = createDraftKeeper(port, {
		roomIdOf: rid => reader.room(rid)?.roomId,
		kept: (rid, thread) => reader.draft(rid, thread),
	});
	const visits = createRoomVisits(port, reader);
	const history = createHistoryLoader(port);
	let settings = options.settings ?? {};
	const sender = createSender({
		...port,
		reader,
		mentionRules,
		now,
		createKey: randomUUID,
		keepsMetadata: () => settings.keepMetadata ?? false,
		replay: event => dispatch(event),
		onSending: composer => {
			drafts.setSending(composer);
			if (composer === undefined) void drafts.flush();
		},
	});
	const {learn, ...picturePort} = createPicturePort({
		terminal,
		environment: options.environment,
		settings: () => settings,
	});
	let lostFocusAt = Number.POSITIVE_INFINITY;
	const mouse: Mouse = createMouse({
		model,
		context: () => context,
		modes,
		sender,
		completion: composing.completion,
		roomIdOf: rid => reader.room(rid)?.roomId,
		isOn: options.settings?.mouse ?? true,
	});
	const copy = (text: string): boolean => {
		const sequence = clipboardSequence(text, options.environment);
		if (sequence !== undefined) output.tell(sequence);
		return sequence !== undefined;
	};
	const context: ScreenContext = createScreenActions({
		...port,
		mouse,
		...ways,
		...composing,
		userId: account.userId,
		openLink: options.openLink ?? (async () => undefined),
		openPath: options.openFile ?? (async () => undefined),
		copy,
		commands: keys.commands,
		environment: options.environment,
		...picturePort,
		pictures: options.pictures,
		characters,
		isLinear: terminal.isLinear,
		settings: () => settings,
		async keepSetting(name, value) {
			await options.keepSetting?.(name, value);
			settings = {...settings, [name]: value};
			notifier.use(settings);
			if (name === 'keys' || name === 'theme') check(settings);
		},
		reader,
		sender,
		drafts,
		visits,
		history,
		highlighter,
		now,
	});
	vim = createVimKeys({model, context, isOn: () => keys.set() === 'vim', onEdit: drafts.touch, copy});
	const dispatch = createDispatcher({
		model,
		vim,
		keymap: keys.keymap,
		context,
		sender,
		drafts,
		onMouse: mouse.accept,
		onFocus(isFocused) {
			// Who was away for long may find a terminal that drew something else meanwhile.
			if (isFocused && now() - lostFocusAt > longAbsence) ways.redraw();
			lostFocusAt = isFocused ? Number.POSITIVE_INFINITY : now();
			model.timeline.setWatched(isFocused);
			visits.setTerminalFocus(isFocused);
			notifier.setFocus(isFocused);
		},
		onReply(reply) {
			modes.acceptReply(reply);
			if (!probe.accept(reply)) return;
			theming.acceptCapabilities(probe.capabilities());
			context.media.checkPictures();
		},
	});
	const notifier = createNotifications({
		...port,
		reader,
		userId: account.userId,
		now,
		terminal,
		environment: options.environment,
		settings: options.settings ?? {},
	});
	const check = createSettingsCheck(model, keys);
	/** What the person wrote into the file while mx runs. */
	const applySettings: SettingsListener = (next, problems) => {
		settings = next;
		const theme = settings.theme ?? theming.name();
		if (theme !== theming.name()) theming.show(theme);
		if (settings.mouse !== undefined && settings.mouse !== mouse.isOn()) mouse.set(settings.mouse);
		notifier.use(settings);
		if (check(settings, problems)) model.say('The settings are read anew.', 'ok');
	};
	const batch = createNoticeBatch(model);
	const ends: (() => void)[] = [];
	let title: WindowTitle | undefined;
	const nameWindow = (): void => {
		const isAscii = characters === 'ascii';
		title = createWindowTitle({model, reader, isAscii, tell: output.tell});
		ends.push(title.dispose);
	};
	let {startRoom} = options;
	const openStartRoom = (): void => {
		const room = startRoom === undefined ? undefined : reader.roomByAlias(startRoom);
		if (model.openedRoom() !== undefined) startRoom = undefined;
		if (startRoom === undefined || room === undefined) return;
		startRoom = undefined;
		context.screen.openRoom(room.roomId);
	};
	return {
		model,
		drafts,
		context,
		start(): void {
			const hear = (notice: EngineNotice): void => {
				batch.add(notice);
				notifier.hear(notice);
				context.verification.hear(notice);
				// A new engine is to know what is on the screen.
				if (notice.kind === 'changed' && notice.rids === 'all') visits.enter();
				if (notice.kind === 'net' && notice.net.state === 'online') history.ask();
			};
			const noteKey = (event: InputEvent): void => {
				if (event.kind !== 'reply' && event.kind !== 'focus') notifier.noteInput();
			};
			ends.push(input.subscribe(noteKey), input.subscribe(dispatch), options.subscribe(hear));
			check(settings, options.settingsProblems);
			if (options.watchSettings !== undefined) ends.push(options.watchSettings(applySettings));
			let seen = model.store.get();
			let room = model.openedRoom()?.rid;
			const look = (): void => {
				const next = model.store.get();
				// Nothing moves that the person did not move: only with another room.
				if (model.openedRoom()?.rid !== room) {
					room = model.openedRoom()?.rid;
					if (model.panes.setLinkSlow(output.isSlow()))
						model.say(`The link is slow: ${keys.keyOf('toggle-inbox')} shows the inbox.`);
				}
				// Typing changes neither what is read nor what is missing.
				const isSame = next.main === seen.main && next.inbox === seen.inbox && next.panel === seen.panel;
				seen = next;
				if (isSame) return;
				openStartRoom();
				visits.check();
				history.check();
				context.media.checkPictures();
			};
			ends.push(model.store.subscribe(look));
			openStartRoom();
			input.start();
			void learn().then(context.media.checkPictures);
			if (options.settings?.title !== false) nameWindow();
		},
		/** mx ends: keeps what is not kept yet, and does what could still be taken back. Never rejects. */
		async finish(): Promise<void> {
			await Promise.all([drafts.flush(), context.sections.finish()]);
		},
		/** The terminal was in other hands. */
		resume: (): void => title?.renew(),
		stop(): void {
			for (const end of ends) end();
			batch.dispose();
			mouse.dispose();
			notifier.dispose();
			visits.dispose();
		},
	};
};
