/** Commands about which networks, and at which hours, mx notifies. */
import {networkLevels} from '../../domain/notify-rules.ts';
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';

export const notifyCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'notify',
		summary: 'Say what of a network you are notified of, or choose it: all, direct, mentions, off or default',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {
			level: {
				kind: 'word',
				summary: 'all, direct, mentions, off or default',
				isOptional: true,
				words: [...networkLevels, 'default'],
			},
			where: {
				kind: 'text',
				summary: 'network, bridged, matrix, or a network (that of the room)',
				isOptional: true,
				isRest: true,
				words: ['network', 'bridged', 'matrix'],
			},
		},
		run: ({level, where}, {notify}) => notify.setLevel(level, where),
	}),
	defineScreenCommand({
		name: 'quiet',
		summary: 'Say at which hours you are not notified, or choose them: 22:00-07:00, or off',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {hours: {kind: 'text', summary: '22:00-07:00, or off', isOptional: true, isRest: true}},
		run: ({hours}, {notify}) => notify.setQuiet(hours),
	}),
];
