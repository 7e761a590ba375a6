/** What the parts behind the screen share: the model, the session, and how a failure is said. */
import {reportOf} from '../domain/errors.ts';
import type {Session} from '../domain/session.ts';
import type {Logger} from '../store/log-file.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';

export type ScreenPort = {
	readonly model: ScreenModel;
	readonly session: Session;
	readonly log: Logger;
};

/** @returns the sentence of a failure, with its next step. */
export const failureText = (error: unknown): string => {
	const {message, next} = reportOf(error);
	return next === undefined ? message : `${message} ${next}`;
};

/** Runs a request whose failure is said in the status line. */
export const sayFailure = async (
	{model, log}: Pick<ScreenPort, 'model' | 'log'>,
	request: () => Promise<unknown>,
): Promise<void> => {
	try {
		await request();
	} catch (error) {
		log.warn('screen', 'a request failed', {error});
		model.say(failureText(error), 'error');
	}
};
