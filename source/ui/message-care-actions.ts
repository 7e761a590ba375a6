/** Joins what is done about messages without changing what they say: pins, forwarding, reports. */
import type {MessageCareActions} from '../commands/message-care-actions.ts';
import {safeText} from '../text/safe-text.ts';
import {yesQuestion} from '../view-models/question.ts';
import {createForwardActions, type ForwardOptions} from './forward-actions.ts';
import type {createMessageTargets} from './message-target.ts';
import {createPinActions, type PinOptions} from './pin-actions.ts';
import {sayFailure} from './screen-port.ts';

export type MessageCareOptions = Omit<PinOptions & ForwardOptions, 'find' | 'findAll'> & {
	readonly targets: Pick<ReturnType<typeof createMessageTargets>, 'find' | 'findAll'>;
};

export const createMessageCareActions = (options: MessageCareOptions): MessageCareActions => {
	const {model, session, targets} = options;
	return {
		...createPinActions({...options, find: targets.find}),
		...createForwardActions({...options, findAll: targets.findAll}),
		report(reason) {
			const message = targets.find('report');
			const room = model.openedRoom();
			if (typeof message === 'string') return model.say(message, 'warning');
			if (room === undefined) return;
			const name = safeText(message.senderName, 'name', message.sender);
			model.question.ask(
				yesQuestion(`Report this message of ${name} to those who run your server?`, 'reports', () => {
					void sayFailure(options, async () => {
						await session.report({roomId: room.roomId, eventId: message.eventId, reason});
						model.say('Reported. /ignore hides what somebody says.', 'ok');
					});
				}),
			);
		},
	};
};
