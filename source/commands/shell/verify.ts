/** `mx verify`: verifies the own devices, one of them, or a person, by emoji; or answers a request. */
import type {JsonObject} from '../../domain/json.ts';
import {ExpectedError} from '../../domain/errors.ts';
import type {Verification} from '../../domain/verification-requests.ts';
import {joinSafe, literal, safeText, type SafeText} from '../../text/safe-text.ts';
import {defineShellCommand, type OutputView} from '../define-command.ts';
import {isoTime} from './printed-time.ts';

const verificationJson = (verification: Verification): JsonObject => {
	const {expiresAt} = verification;
	return {
		id: verification.id,
		step: verification.step,
		user_id: verification.userId,
		own: verification.isOwn,
		device_id: verification.deviceId ?? null,
		device_name: verification.deviceName ?? null,
		room_id: verification.roomId ?? null,
		incoming: verification.isIncoming,
		emoji: verification.emoji?.map(({symbol, name}) => ({symbol, name})) ?? null,
		decimals: verification.decimals ?? null,
		expires: expiresAt === undefined ? null : isoTime(expiresAt),
		expires_ms: expiresAt ?? null,
		trusted: verification.isTrusted,
		cancel_code: verification.cancelCode ?? null,
		ending: verification.ending ?? null,
	};
};

const whoOf = ({isOwn, userId, deviceId, deviceName}: Verification): SafeText => {
	if (!isOwn) return safeText(userId, 'name');
	if (deviceId === undefined) return literal`your other devices`;
	const id = safeText(deviceId, 'name');
	return deviceName === undefined ? literal`device ${id}` : literal`${safeText(deviceName, 'name')} (${id})`;
};

const textOf = (verification: Verification, {isTerminal}: OutputView): readonly SafeText[] => {
	const {step, isIncoming, emoji = [], decimals = []} = verification;
	const who = whoOf(verification);
	switch (step) {
		case 'requested':
			return [isIncoming ? literal`${who} asks for a verification` : literal`asked ${who}: accept it there`];
		case 'ready':
		case 'started':
			return [];
		case 'compare':
			return [
				...(isTerminal ? [literal``] : []),
				joinSafe(
					emoji.map(({symbol, name}) => literal`${safeText(symbol, 'name')} ${safeText(name, 'name')}`),
					isTerminal ? literal`   ` : literal`\t`,
				),
				safeText(decimals.join(isTerminal ? '   ' : '\t'), 'line'),
				...(isTerminal ? [literal``] : []),
			];
		case 'confirmed':
			return [literal`waiting for the other side`];
		case 'done':
		case 'cancelled':
			return [];
		default:
			return step satisfies never;
	}
};

/** What runs against trust, not what was only given up. */
const alarming: ReadonlySet<string | undefined> = new Set([
	'm.mismatched_sas',
	'm.key_mismatch',
	'm.mismatched_commitment',
]);

/** What `mx verify` runs. */
export const verifyCommand = defineShellCommand({
	name: 'verify',
	summary: 'Verify your devices, or a person, by comparing emoji',
	group: 'account',
	parameters: {
		target: {
			kind: 'word',
			summary: '@anna:example.org, or the id of a device of yours; without, all your other devices are asked',
			isOptional: true,
		},
	},
	flags: {
		own: {kind: 'switch', summary: 'Ask all your other devices, as without a target'},
		incoming: {kind: 'switch', summary: 'Wait for a request of another device or person, and answer it'},
		timeout: {kind: 'number', placeholder: 'SECONDS', summary: 'Give up after so long (600)'},
	},
	exits: ['notSignedIn', 'notReady', 'notFound', 'encryption'],
	examples: ['mx verify', 'mx verify @bob:example.org', 'mx verify --incoming --json'],
	async run({target}, {own, incoming, timeout}, context) {
		if (target !== undefined && (own || incoming))
			throw new ExpectedError({
				message: `${incoming ? '--incoming' : '--own'} takes no target.`,
				next: 'Name a target, or give the flag.',
				reason: 'usage',
			});
		if (own && incoming)
			throw new ExpectedError({message: '--own asks, and --incoming waits: give one of them.', reason: 'usage'});
		const end = await context.shell.verify({
			target,
			isIncoming: incoming,
			timeout: (timeout ?? 600) * 1000,
			tell: verification =>
				context.print({
					text: view => textOf(verification, view),
					document: verificationJson(verification),
				}),
		});
		const {ending = 'The verification has ended.', isTrusted, step, cancelCode} = end;
		if (step === 'done' && isTrusted) return context.say(ending);
		throw new ExpectedError({
			message: ending,
			reason: step === 'done' || alarming.has(cancelCode) ? 'encryption' : 'error',
		});
	},
});
