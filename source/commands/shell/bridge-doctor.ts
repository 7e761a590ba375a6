/** `mx bridge doctor`: why what is read may not be read on the phone, for each bridge. */
import {protocolOf} from '../../bridges/protocols.ts';
import {receiptFindings, type FindingState, type ReceiptFinding} from '../../bridges/receipt-doctor.ts';
import type {BridgeReading} from '../../domain/bridge-reading.ts';
import {ExpectedError} from '../../domain/errors.ts';
import type {JsonObject} from '../../domain/json.ts';
import {joinSafe, literal, safeText, type SafeText} from '../../text/safe-text.ts';
import type {pad} from '../../text/width.ts';
import type {ShellContext} from '../define-command.ts';

const marks: Readonly<Record<FindingState, SafeText>> = {
	ok: literal`ok`,
	warning: literal`warning`,
	problem: literal`problem`,
	unknown: literal`unknown`,
};

type Pad = typeof pad;

/** A bridge, and what was found. */
type Examined = {readonly reading: BridgeReading; readonly findings: readonly ReceiptFinding[]};

/** @param pad loaded late: measuring text needs tables */
const terminalLines = ({reading, findings}: Examined, pad: Pad): readonly SafeText[] => {
	const name = safeText(protocolOf(reading.protocol).name, 'name');
	const chats = reading.chats === 1 ? literal`1 chat` : literal`${reading.chats} chats`;
	return [
		literal`${name}  ${safeText(reading.bot, 'name')}  ${chats}`,
		...findings.flatMap(({state, message, next}) => [
			joinSafe([literal`  `, pad(marks[state], 9), safeText(message, 'line')]),
			...(next === undefined ? [] : [joinSafe([pad(literal``, 11), literal`→ ${safeText(next, 'line')}`])]),
		]),
	];
};

const tableLines = ({reading, findings}: Examined): readonly SafeText[] =>
	findings.map(({name, state, message, next}) =>
		joinSafe(
			[
				safeText(reading.protocol, 'name'),
				marks[state],
				safeText(name, 'name'),
				safeText(message, 'line'),
				...(next === undefined ? [] : [safeText(next, 'line')]),
			],
			literal`\t`,
		),
	);

/** @returns what was found, as JSON (docs/json.md §Bridge). */
const examinedJson = ({reading, findings}: Examined): JsonObject => ({
	bot: reading.bot,
	network: reading.protocol,
	chats: reading.chats,
	checks: findings.map(({name, state, message, next}) => ({name, state, message, next: next ?? null})),
});

/**
 * @param network its id; all without
 * @param heals whether bridges are told once more what they may have lost
 * @throws ExpectedError `notFound` where there is no such bridge; `error` where something is wrong
 */
export const examineBridges = async (
	context: ShellContext,
	{network, heals}: {readonly network: string | undefined; readonly heals: boolean},
): Promise<void> => {
	const session = await context.session();
	const {bridges} = await session.bridgeReading({network});
	if (bridges.length === 0)
		throw new ExpectedError({
			message:
				network === undefined
					? 'There is no bridge that is certain.'
					: `There is no bridge to ${protocolOf(network).name} that is certain.`,
			next: 'mx bridge lists what there is; mx bridge trust BOT makes one certain.',
			reason: 'notFound',
		});
	const repeated = heals ? (await session.healReceipts({network})).count : undefined;
	const examined = bridges.map(reading => ({reading, findings: receiptFindings(reading, context.now())}));
	const {pad} = await import('../../text/width.ts');
	const done = repeated === 1 ? literal`1 receipt is repeated.` : literal`${repeated ?? 0} receipts are repeated.`;
	context.print({
		text: ({isTerminal}) => [
			...examined.flatMap(each => (isTerminal ? terminalLines(each, pad) : tableLines(each))),
			...(repeated === undefined ? [] : [done]),
		],
		document: {bridges: examined.map(examinedJson), repeated: repeated ?? null},
	});
	const problems = examined.flatMap(({findings}) => findings).filter(({state}) => state === 'problem').length;
	if (problems === 0) return;
	throw new ExpectedError({
		message: problems === 1 ? 'There is a problem.' : `There are ${problems} problems.`,
		reason: 'error',
	});
};
