/** What came of a verification, in plain words (client-server API §Key verification framework, cancel codes). */

/** How it ended before it was done. */
export type Cancelling = {
	readonly code: string;
	readonly isByUs: boolean;
	/** The person has asked for it here. */
	readonly isAsked: boolean;
	readonly isOwn: boolean;
};

const nothing = 'Nothing was verified.';
const inBetween = 'Somebody may stand in between: do not trust this device or person before you have found out.';

const mismatched = `The keys do not fit what was compared. ${nothing} ${inBetween}`;

export const cancelWords = ({code, isByUs, isAsked, isOwn}: Cancelling): string => {
	const they = isOwn ? 'The other device' : 'They';
	switch (code) {
		case 'm.mismatched_sas':
			if (!isByUs) return `${they} said that the emoji, or the keys behind them, do not match. ${nothing} ${inBetween}`;
			return isAsked ? `You said that the emoji do not match. ${nothing} ${inBetween}` : mismatched;
		case 'm.key_mismatch':
		case 'm.mismatched_commitment':
			return mismatched;
		case 'm.timeout':
			return `It took longer than the ten minutes that there are. ${nothing}`;
		case 'm.accepted':
			return 'Another device of yours has answered it.';
		case 'm.unknown_method':
			return `The other side can compare no emoji. ${nothing}`;
		case 'm.user':
			if (isByUs && isAsked) return `You cancelled it. ${nothing}`;
			// The crypto ends both of two that go on at once with the same side.
			return isByUs
				? `There were two at once, and both are ended. ${nothing} Ask again.`
				: `${they} cancelled it. ${nothing}`;
		default:
			return `The two programs did not understand each other. ${nothing}`;
	}
};

export const doneWords = ({isOwn, isTrusted}: {readonly isOwn: boolean; readonly isTrusted: boolean}): string => {
	if (isTrusted) return isOwn ? 'Both devices trust each other now.' : 'You have verified who they are.';
	return isOwn
		? 'The emoji match, but the signatures are not on the server yet. If /devices does not show them soon, use the recovery key: /recovery.'
		: 'The emoji match, but the signature that says so is not on the server yet.';
};

export const answeredElsewhere = 'Another device of yours has answered it.';
