/** What a person is told of damaged files. */
import {basename} from 'node:path';
import {ExpectedError} from '../domain/errors.ts';
import type {EngineNotice} from '../domain/session.ts';
import {CryptoDamaged, isDamaged, StoreCorrupt, storageTrouble} from '../store/store-errors.ts';
import type {ArchiveDamage} from '../store/replace-archive.ts';

/** @throws ExpectedError `notSignedIn` */
export const notSignedIn = (damage: ArchiveDamage | undefined): never => {
	throw new ExpectedError({
		message:
			damage === undefined
				? 'The sign-in of this account is missing.'
				: `The archive was damaged, and with it the sign-in is lost. The damaged file is kept as ${damage.asideName}.`,
		next: 'Run `mx login` to sign in again on the same device.',
		reason: 'notSignedIn',
	});
};

/** What was lost and what was not, in one sentence. */
export const damageNotice = ({asideName, waiting, drafts, left}: ArchiveDamage): EngineNotice => {
	const lost = left === 0 ? '' : `; ${left} more stay in it, for their rooms cannot be read`;
	return {
		kind: 'alert',
		message: `The archive was damaged and is fetched anew; kept: ${waiting} unsent messages, ${drafts} drafts, and the damaged file as ${basename(asideName)}${lost}.`,
		next: 'If what you see is old, quit mx and start it again.',
	};
};

/** @returns in a few words why the files cannot be used; `undefined` for a bug, which is no failure of theirs. */
export const fenceCause = (failure: Error): string | undefined => {
	if (isDamaged(failure) || failure instanceof CryptoDamaged) return 'a file is damaged';
	const words = failure instanceof ExpectedError ? failure.report.message.replace(/\.$/, '') : undefined;
	return storageTrouble(failure) ?? words;
};

/** A message is stored, but the files that it is sent with cannot be used: the next engine sends it. */
export const waitsForStore = ({report: {message, next}}: ExpectedError): ExpectedError =>
	new ExpectedError({message: next === undefined ? message : `${message} ${next}`, reason: 'notReady'});

/** What a person is told of a file that turns out to be damaged while mx runs. */
export const runningDamage = (failure: Error): readonly EngineNotice[] => {
	if (failure instanceof CryptoDamaged) return [{kind: 'alert', ...failure.report, isEnd: true}];
	if (!(failure instanceof StoreCorrupt)) return [];
	return [
		{
			kind: 'alert',
			message: 'The archive is damaged on disk. It is set aside and fetched anew.',
			next: 'Quit mx and start it again to see it.',
			isEnd: true,
		},
	];
};
