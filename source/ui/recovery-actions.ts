/** How the recovery of the account stands, and the one thing to do next. */
import type {EncryptionActions} from '../commands/encryption-actions.ts';
import type {EncryptionSetup} from '../domain/session.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {createForm} from '../view-models/form.ts';
import {menuRows, type MenuItem} from '../view-models/menu-rows.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

/** States that the recovery key ends. */
const endedByKey: ReadonlySet<EncryptionSetup['state']> = new Set(['unverified', 'unverified-alone', 'backup-broken']);

export type RecoveryActionOptions = ScreenPort & {
	/** Verifies this device by another one. */
	readonly verify: () => void;
};

export const createRecoveryActions = (options: RecoveryActionOptions): Pick<EncryptionActions, 'openRecovery'> => {
	const {model, session} = options;
	let setup: EncryptionSetup | undefined;

	const load = async (): Promise<void> => {
		setup = await session.recovery({});
		model.inPanel(panels => panels.refresh());
	};

	const items = (): readonly MenuItem[] => {
		if (setup === undefined) return [];
		const {state, message, next} = setup;
		const sentence = {
			kind: 'text',
			text: safeText(message, 'name'),
			role: state === 'ready' ? 'ok' : 'warning',
		} as const;
		if (endedByKey.has(state))
			return [
				sentence,
				{kind: 'blank'},
				{kind: 'action', key: 'key', label: literal`Enter the recovery key`},
				...(state === 'unverified'
					? ([{kind: 'action', key: 'verify', label: literal`Compare emoji with another device`}] as const)
					: []),
			];
		const what = state === 'ready' ? literal`There is nothing to do.` : safeText(next && `${next}.`, 'name');
		return what === '' ? [sentence] : [sentence, {kind: 'blank'}, {kind: 'text', text: what}];
	};

	const askKey = (): void => {
		let isRunning = false;
		const form = createForm({
			scope: 'recovery-key',
			place: 'over',
			title: literal`Recovery key`,
			hint: literal`Enter verifies this device`,
			fields: () => [
				{kind: 'text', key: 'key', label: literal`Recovery key`, value: '', isSecret: true},
				{kind: 'fact', key: 'what', label: literal``, value: literal`12 groups of 4 characters, or your passphrase`},
			],
			onLocked: reason => model.say(reason, 'warning'),
			onEnter(_, {key = ''}) {
				if (key.trim() === '') return model.say('Type the recovery key first.', 'warning');
				if (isRunning) return;
				isRunning = true;
				model.say('Checking the recovery key, and restoring the backup…', 'muted', true);
				void sayFailure(options, async () => {
					try {
						const {keys} = await session.unlock({recoveryKey: key});
						// The person may have gone elsewhere meanwhile.
						if (model.panels.scope() === 'recovery-key') model.closePanel();
						model.say(
							keys === undefined
								? 'This device is verified. The backup cannot be read with this recovery key.'
								: `This device is verified, and the backup gave ${keys === 1 ? '1 room key' : `${keys} room keys`}.`,
							'ok',
						);
						await load();
					} finally {
						isRunning = false;
						form.set('key', '');
						model.inPanel(panels => panels.refresh());
					}
				});
			},
		});
		model.openPanel(form.source);
	};

	return {
		openRecovery() {
			setup = undefined;
			model.openPanel({
				scope: 'recovery',
				place: 'over',
				title: literal`Recovery`,
				hint: literal`Enter does what is chosen`,
				rows: () => menuRows(items()),
				empty: () => literal`Asking the server…`,
				choose: key => (key === 'verify' ? options.verify() : askKey()),
			});
			void sayFailure(options, load);
		},
	};
};
