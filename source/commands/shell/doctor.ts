/** `mx doctor`: checks what mx needs, and says for each finding what to do. */
import {ExpectedError} from '../../domain/errors.ts';
import {joinSafe, literal, safeText, type SafeText} from '../../text/safe-text.ts';
import type {pad} from '../../text/width.ts';
import {defineShellCommand, type DoctorCheck} from '../define-command.ts';

const marks: Readonly<Record<DoctorCheck['state'], SafeText>> = {
	ok: literal`ok`,
	warning: literal`warning`,
	problem: literal`problem`,
};

type Pad = typeof pad;

/** @param pad loaded late: measuring text needs tables */
const checkLines = ({name, state, message, next}: DoctorCheck, isTerminal: boolean, pad: Pad): readonly SafeText[] => {
	const cells = [marks[state], safeText(name, 'name'), safeText(message, 'line')];
	const step = safeText(next, 'line');
	if (!isTerminal) return [joinSafe([...cells, ...(next === undefined ? [] : [step])], literal`\t`)];
	const [mark = literal``, label = literal``, sentence = literal``] = cells;
	const line = joinSafe([pad(mark, 9), pad(label, 13), sentence]);
	return next === undefined ? [line] : [line, joinSafe([pad(literal``, 22), literal`→ ${step}`])];
};

/** What `mx doctor` runs. */
export const doctorCommand = defineShellCommand({
	name: 'doctor',
	summary: 'Check terminal, files, keys, server and encryption',
	group: 'help',
	parameters: {},
	flags: {},
	exits: [],
	examples: ['mx doctor', 'mx doctor --json'],
	async run(_values, _flags, context) {
		const checks = await context.shell.doctor();
		const {pad} = await import('../../text/width.ts');
		const items = checks.map(({name, state, message, next}) => ({name, state, message, next: next ?? null}));
		context.print({
			text: ({isTerminal}) => checks.flatMap(check => checkLines(check, isTerminal, pad)),
			document: {checks: items},
			items,
		});
		const count = checks.filter(({state}) => state === 'problem').length;
		if (count === 0) return;
		throw new ExpectedError({
			message: count === 1 ? 'There is a problem.' : `There are ${count} problems.`,
			reason: 'error',
		});
	},
});
