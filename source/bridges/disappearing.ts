/** Messages that disappear after a time, on networks that have such: the bridge removes them. */
import {asInteger, asObject, asString, type JsonObject} from '../domain/json.ts';
import {isGrouped, type BridgeState, type Portal} from '../domain/portal.ts';

/** State of a room, and part of the messages in it. */
export const timerType = 'com.beeper.disappearing_timer';

/** @returns milliseconds, and what they are counted from; `undefined` where nothing disappears. @param content untrusted */
export const parseTimer = (
	content: JsonObject,
): {readonly type: 'after_read' | 'after_send'; readonly milliseconds: number} | undefined => {
	const milliseconds = asInteger(content['timer']);
	const type = asString(content['type']);
	if (milliseconds === undefined || milliseconds <= 0 || (type !== 'after_read' && type !== 'after_send'))
		return undefined;
	return {type, milliseconds};
};

/** What a message says of the timer of its room. @param omitsEmpty without a timer it says nothing */
export const disappearingTimer = (
	portal: Portal | undefined,
	states: readonly BridgeState[],
	omitsEmpty: boolean,
): JsonObject | undefined => {
	if (portal === undefined || !isGrouped(portal)) return undefined;
	const state = states.find(({type, stateKey}) => type === timerType && stateKey === '');
	const timer = parseTimer(asObject(state?.content));
	if (timer !== undefined) return {type: timer.type, timer: timer.milliseconds};
	return omitsEmpty ? undefined : {type: '', timer: 0};
};
