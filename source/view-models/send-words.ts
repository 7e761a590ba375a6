/** What became of an own message behind a bridge, in words: below the message, and as a whole story. */
import {failureReason, type FailedChange, type SendStatus, type SendStep} from '../domain/send-status.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {span, type ScreenLine} from './screen-line.ts';
import {wrapLine} from './wrap-line.ts';

/** Rows of a reason. */
const reasonRows = 4;

/** What can be done about a message that failed; it is never cut off by the reason. */
export const failedActions = (width: number): ScreenLine => {
	const hasWords = width >= 48;
	return [
		span(literal`/retry`, 'accent'),
		span(hasWords ? literal` sends it again · ` : literal` · `, 'muted'),
		span(literal`/discard`, 'accent'),
		...(hasWords ? [span(literal` takes it back`, 'muted')] : []),
	];
};

/** That it may arrive twice is said however narrow the screen is. */
const retryLine = (width: number, isCertain: boolean): ScreenLine => {
	const certain = width >= 48 ? literal` sends it again` : literal``;
	const words = isCertain ? certain : literal` sends it again, perhaps a second time`;
	return [span(literal`/retry`, 'accent'), span(words, 'muted')];
};

const changeNames: Readonly<Record<FailedChange['kind'], SafeText>> = {
	edit: literal`the edit`,
	reaction: literal`the reaction`,
	removal: literal`the removal`,
};

const failureWords = ({isCertain, ...status}: SendStatus, network: string): SafeText => {
	const reason = safeText(failureReason(status, network), 'name', 'no reason given');
	const where = safeText(network, 'name');
	return isCertain ? literal`did not reach ${where}: ${reason}` : literal`may not have reached ${where}: ${reason}`;
};

/** @returns what stands below a message that, or of which a change, did not get to the other network */
export const sendNotes = (
	{status, changes}: {readonly status: SendStatus | undefined; readonly changes: readonly FailedChange[]},
	network: string,
	width: number,
): readonly ScreenLine[] => {
	const own =
		status?.stage !== 'failed'
			? []
			: [
					...wrapLine(
						[span(literal`✗ ${failureWords(status, network)}`, status.isCertain ? 'error' : 'warning')],
						width,
						reasonRows,
					),
					...wrapLine(retryLine(width, status.isCertain), width, reasonRows),
				];
	const others = changes.flatMap(({kind, key, status: failed}) => {
		const what = key === undefined ? changeNames[kind] : literal`${changeNames[kind]} ${safeText(key, 'name')}`;
		return wrapLine([span(literal`✗ ${what} ${failureWords(failed, network)}`, 'error')], width, reasonRows);
	});
	return [...own, ...others];
};

/** @returns what is said of a message of which the bridge says nothing */
export const awaitedWords = (awaited: 'pending' | 'unanswered', network: string): SafeText =>
	awaited === 'pending'
		? literal`on its way to ${safeText(network, 'name')}`
		: literal`no answer from the bridge to ${safeText(network, 'name')}`;

/** @returns one step of the story */
export const stepWords = ({stage, deliveredTo, ...why}: SendStep, network: string): SafeText => {
	const where = safeText(network, 'name');
	switch (stage) {
		case 'sent':
			return literal`at the server`;
		case 'pending':
			return literal`the bridge works on it`;
		case 'bridged':
			return literal`at ${where}`;
		case 'delivered':
			return deliveredTo === undefined || deliveredTo === 1 ? literal`delivered` : literal`delivered to ${deliveredTo}`;
		case 'read':
			return literal`read`;
		case 'failed':
			return literal`failed: ${safeText(failureReason({text: why.text, reason: why.reason}, network), 'name')}`;
		default:
			return stage satisfies never;
	}
};
