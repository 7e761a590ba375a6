/** How the person is told of what comes in: by the terminal, or by a program of theirs, as the settings say. */
import {parseQuietHours} from '../domain/notify-rules.ts';
import type {Settings} from '../store/settings.ts';
import {notificationSequence, notificationWay} from '../terminal/notification-sequence.ts';
import {runNotifyCommand} from '../terminal/notify-command.ts';
import type {NewsText} from '../view-models/news-text.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';
import {createNotifier, type Notifier, type NotifierOptions} from './notifier.ts';
import {sayFailure} from './screen-port.ts';
import type {ControllerTerminal} from './screen-terminal.ts';

export type NotificationOptions = Pick<NotifierOptions, 'reader' | 'log' | 'userId' | 'now'> & {
	readonly model: ScreenModel;
	readonly terminal: Pick<ControllerTerminal, 'output' | 'probe' | 'characters'>;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** @default what holds without a file */
	readonly settings: Partial<Settings>;
};

const silent: Notifier = {
	hear: () => undefined,
	setFocus: () => undefined,
	noteInput: () => undefined,
	dispose: () => undefined,
};

/** Tells as some settings say. */
const createWithSettings = (options: NotificationOptions): Notifier => {
	const {model, log, environment, terminal, settings} = options;
	const {notify = 'auto', notifyWhen = 'away', notifyText = 'all', notifyCommand = []} = settings;
	const {notifyNetworks: levels = {}, quietHours} = settings;
	/** While the program runs, what comes after is told when it has ended. */
	let running: Promise<void> | undefined;

	const run = (text: NewsText): void => {
		const task = async () => runNotifyCommand(text, {command: notifyCommand, environment});
		running = (running ?? Promise.resolve()).then(async () => sayFailure({model, log}, task));
	};

	const tell = (text: NewsText): void => {
		const way = notify === 'auto' ? notificationWay(environment, terminal.probe.capabilities().name) : notify;
		if (way === 'off') return;
		terminal.output.tell(notificationSequence(way, text, {environment, isAscii: terminal.characters === 'ascii'}));
	};

	if (notify === 'off' && notifyCommand.length === 0) return silent;
	return createNotifier({
		...options,
		when: notifyWhen,
		detail: notifyText,
		levels,
		quiet: parseQuietHours(quietHours),
		notify: notifyCommand.length > 0 ? run : tell,
	});
};

export type Notifications = Notifier & {
	/** What holds from now on. */
	readonly use: (settings: Partial<Settings>) => void;
};

/** What of the settings is about telling. */
const settingsOf = (settings: Partial<Settings>): string => {
	const {notify, notifyWhen, notifyText, notifyCommand, notifyNetworks, quietHours} = settings;
	return JSON.stringify([notify, notifyWhen, notifyText, notifyCommand, notifyNetworks, quietHours]);
};

export const createNotifications = (options: NotificationOptions): Notifications => {
	let {settings} = options;
	let notifier = createWithSettings(options);
	let isFocused: boolean | undefined;
	return {
		hear: notice => notifier.hear(notice),
		setFocus(isNowFocused) {
			isFocused = isNowFocused;
			notifier.setFocus(isNowFocused);
		},
		noteInput: () => notifier.noteInput(),
		dispose: () => notifier.dispose(),
		use(next) {
			if (settingsOf(next) === settingsOf(settings)) return;
			settings = next;
			notifier.dispose();
			notifier = createWithSettings({...options, settings});
			if (isFocused !== undefined) notifier.setFocus(isFocused);
		},
	};
};
