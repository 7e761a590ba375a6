/** Of which networks, and at which hours, mx notifies: said, and chosen for this device. */
import {networkNamed, protocolOf} from '../bridges/protocols.ts';
import type {NotifyActions} from '../commands/notify-actions.ts';
import {
	levelOf,
	networkLevel,
	networkLevels,
	parseQuietHours,
	quietHoursText,
	type NetworkLevel,
	type NetworkLevels,
} from '../domain/notify-rules.ts';
import type {RoomRow} from '../domain/room.ts';
import type {Settings} from '../store/settings.ts';
import {safeText, type SafeText} from '../text/safe-text.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type NotifyOptions = Pick<ScreenPort, 'model' | 'log'> & {
	readonly settings: () => Partial<Settings>;
	readonly keepSetting: <Name extends keyof Settings>(name: Name, value: Settings[Name]) => Promise<void>;
};

const levelWords: Readonly<Record<NetworkLevel, string>> = {
	all: 'all that its rooms let through',
	direct: 'direct chats and mentions',
	mentions: 'mentions',
	off: 'nothing',
};

const usage = `Write /notify ${networkLevels.join(', ')} or default; behind it network, bridged, matrix or a network.`;

/** @returns what a key of the setting is called */
const scopeName = (key: string): SafeText => {
	if (key === 'bridged') return safeText('Bridged networks', 'name');
	return safeText(key === 'matrix' ? 'Matrix' : protocolOf(key).name, 'name');
};

export const createNotifyActions = (options: NotifyOptions): NotifyActions => {
	const {model, settings, keepSetting} = options;

	/** @param key of the setting */
	const levelOfKey = (levels: NetworkLevels, key: string): NetworkLevel =>
		key === 'bridged' ? (levels[key] ?? 'all') : levelOf(levels, {protocol: key === 'matrix' ? undefined : key}).level;

	const say = (room: RoomRow): void => {
		const {level, by} = levelOf(settings().notifyNetworks ?? {}, room);
		const why = by === 'bridged' ? ', as of all bridged networks' : '';
		model.say(`${scopeName(room.protocol ?? 'matrix')}: you are notified of ${levelWords[level]}${why}.`);
	};

	/** @returns the key of the setting; a sentence where nothing is meant */
	const keyOf = (where: string, room: RoomRow | undefined): {readonly key: string} | {readonly reason: string} => {
		if (where === 'bridged' || where === 'matrix') return {key: where};
		if (where === 'network')
			return room === undefined
				? {reason: 'Not now: no room is open. /notify off bridged, for example, needs none.'}
				: {key: room.protocol ?? 'matrix'};
		const id = networkNamed(where);
		return id === undefined ? {reason: `There is no network ${safeText(where, 'name')}. ${usage}`} : {key: id};
	};

	const choose = async (level: NetworkLevel | undefined, key: string): Promise<void> => {
		const {[key]: _, ...others} = settings().notifyNetworks ?? {};
		const levels = level === undefined ? others : {...others, [key]: level};
		await keepSetting('notifyNetworks', levels);
		const words = levelWords[levelOfKey(levels, key)];
		model.say(`${scopeName(key)}: you are notified of ${words} from now on, on this device.`, 'ok');
	};

	const chooseHours = async (value: string): Promise<void> => {
		await keepSetting('quietHours', value);
		const words = value === '' ? 'You are notified at all hours' : `Nothing is notified ${value}`;
		model.say(`${words} from now on, on this device.`, 'ok');
	};

	return {
		setLevel(word, where) {
			const room = model.openedRoom();
			const level = networkLevel(word);
			if (word === undefined && room !== undefined) return say(room);
			if (word === undefined) return model.say(`Not now: no room is open. ${usage}`, 'warning');
			if (level === undefined && word !== 'default') return model.say(usage, 'warning');
			const found = keyOf(where?.trim().toLowerCase() ?? 'network', room);
			if ('reason' in found) return model.say(found.reason, 'warning');
			return void sayFailure(options, async () => choose(level, found.key));
		},
		setQuiet(word) {
			const now = settings().quietHours ?? '';
			if (word === undefined)
				return model.say(
					now === '' ? 'You are notified at all hours.' : `Nothing is notified ${now}: /quiet off ends that.`,
				);
			if (word.trim() === 'off') return void sayFailure(options, async () => chooseHours(''));
			const hours = parseQuietHours(word);
			if (hours === undefined)
				return model.say('Write /quiet with two times, as 22:00-07:00, or /quiet off.', 'warning');
			return void sayFailure(options, async () => chooseHours(quietHoursText(hours)));
		},
	};
};
