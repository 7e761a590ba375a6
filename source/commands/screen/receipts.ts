/** Commands about who sees what was read. */
import {defineScreenCommand, type ScreenCommand} from '../define-command.ts';

export const receiptCommands: readonly ScreenCommand[] = [
	defineScreenCommand({
		name: 'receipts',
		summary: 'Say who sees what you have read, or choose it: public, private, off or default',
		group: 'room',
		keys: [],
		scope: 'everywhere',
		isSlash: true,
		parameters: {
			mode: {
				kind: 'word',
				summary: 'public, private, off or default',
				isOptional: true,
				words: ['public', 'private', 'off', 'default'],
			},
			where: {
				kind: 'text',
				summary: 'here, network, bridged, matrix, or a network (here)',
				isOptional: true,
				isRest: true,
				words: ['here', 'network', 'bridged', 'matrix'],
			},
		},
		run: ({mode, where}, {receipts}) => receipts.set(mode, where),
	}),
];
