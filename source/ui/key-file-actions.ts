/** Room keys into a file and out of one; the passphrase is typed unseen, in a form of its own. */
import type {EncryptionActions} from '../commands/encryption-actions.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {createForm, type FormField, type FormValues} from '../view-models/form.ts';
import {yesQuestion} from '../view-models/question.ts';
import {absolutePath} from './folder-reader.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

/** Characters: whoever has the file may guess as long as they like. */
const shortestPassphrase = 8;

const keysText = (count: number): string => (count === 1 ? '1 room key' : `${count} room keys`);

export const createKeyFileActions = (
	options: ScreenPort,
): Pick<EncryptionActions, 'exportKeys' | 'importKeys' | 'sayKeyUsage'> => {
	const {model, session} = options;

	const closeForm = (): void => {
		// The person may have gone elsewhere meanwhile.
		if (model.panels.scope() === 'keys') model.closePanel();
	};

	type Ask = {
		readonly title: SafeText;
		readonly file: string;
		/** Typed twice: what nobody can read again must not be mistyped. */
		readonly isNew: boolean;
		readonly run: (passphrase: string) => Promise<void>;
	};

	const askPassphrase = ({title, file, isNew, run}: Ask): void => {
		let isRunning = false;
		const again: readonly FormField[] = isNew
			? [{kind: 'text', key: 'again', label: literal`Once more`, value: '', isSecret: true}]
			: [];
		const problem = ({passphrase = '', again: repeated = ''}: FormValues): string | undefined => {
			if (passphrase === '') return 'Type the passphrase first.';
			if (!isNew) return undefined;
			if (passphrase.length < shortestPassphrase) return `Take at least ${shortestPassphrase} characters.`;
			return passphrase === repeated ? undefined : 'The two are not the same.';
		};
		const form = createForm({
			scope: 'keys',
			place: 'over',
			title,
			hint: isNew ? literal`Enter goes on, and exports at the end` : literal`Enter imports`,
			fields: () => [
				{kind: 'fact', key: 'file', label: literal`File`, value: safeText(file, 'line')},
				{kind: 'text', key: 'passphrase', label: literal`Passphrase`, value: '', isSecret: true},
				...again,
			],
			onLocked: reason => model.say(reason, 'warning'),
			onEnter(key, values) {
				if (isNew && key !== 'again') return model.inPanel(panels => panels.move(1));
				const said = problem(values);
				if (said !== undefined) return model.say(said, 'warning');
				if (isRunning) return;
				isRunning = true;
				model.say(isNew ? 'Exporting…' : 'Importing…', 'muted', true);
				void sayFailure(options, async () => {
					try {
						await run(values['passphrase'] ?? '');
					} finally {
						isRunning = false;
						form.set('passphrase', '');
						form.set('again', '');
						model.inPanel(panels => panels.refresh());
					}
				});
			},
		});
		model.openPanel(form.source);
		model.inPanel(panels => panels.select('passphrase'));
	};

	const write = async (file: string, passphrase: string, isReplacing: boolean): Promise<void> => {
		const {isDone, count} = await session.exportKeys({file, passphrase, isReplacing});
		closeForm();
		if (isDone) return model.say(`${file} holds ${keysText(count)} now.`, 'ok');
		model.question.ask(
			yesQuestion(`${file} exists. Replace it?`, 'replaces it', () => {
				model.say('Exporting…', 'muted', true);
				void sayFailure(options, async () => write(file, passphrase, true));
			}),
		);
	};

	return {
		sayKeyUsage: () => model.say('Write /keys export FILE, or /keys import FILE.', 'warning'),
		exportKeys(typed) {
			const file = absolutePath(typed);
			askPassphrase({
				title: literal`Export room keys`,
				file,
				isNew: true,
				run: async passphrase => write(file, passphrase, false),
			});
		},
		importKeys(typed) {
			const file = absolutePath(typed);
			askPassphrase({
				title: literal`Import room keys`,
				file,
				isNew: false,
				async run(passphrase) {
					const {count} = await session.importKeys({file, passphrase});
					closeForm();
					model.say(`${keysText(count)} imported: messages that waited for them are read now.`, 'ok');
				},
			});
		},
	};
};
