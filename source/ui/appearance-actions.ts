/** Choosing a theme: shown while it is stood on, kept when it is chosen. */
import type {AppearanceActions} from '../commands/appearance-actions.ts';
import type {ReceiptActions} from '../commands/receipt-actions.ts';
import {settingChoices, type Settings} from '../store/settings.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {span} from '../view-models/screen-line.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';
import {themeNames} from './themes.ts';
import type {Mouse} from './mouse.ts';
import type {Theming} from './theming.ts';

export type AppearanceOptions = Pick<ScreenPort, 'model' | 'log'> & {
	readonly theming: Theming;
	readonly mouse: Pick<Mouse, 'isOn' | 'set'>;
	/** Kept with the account, as they hold on all devices. */
	readonly receipts: ReceiptActions;
	readonly keepSetting: <Name extends keyof Settings>(name: Name, value: Settings[Name]) => Promise<void>;
};

/** They hold as soon as they are in the file. */
type Choice = keyof typeof settingChoices;

export const createAppearanceActions = (options: AppearanceOptions): AppearanceActions => {
	const {model, theming, mouse, receipts, keepSetting} = options;

	const keep = (name: string): void => {
		theming.show(name);
		void sayFailure(options, async () => keepSetting('theme', name));
	};

	const keepChoice = (name: Choice, value: string): void => {
		const values: readonly Settings[Choice][] = settingChoices[name];
		const chosen = values.find(each => each === value);
		if (chosen === undefined)
			return model.say(`${name} can be ${values.join(', ')}, not ${safeText(value, 'name')}.`, 'warning');
		void sayFailure(options, async () => {
			await keepSetting(name, chosen);
			model.say(`${name} is ${chosen} from now on.`, 'ok');
		});
	};

	const setMouse = (way: string | undefined): void => {
		if (way !== undefined && way !== 'on' && way !== 'off')
			return model.say(`The mouse can be on or off, not ${way}: /mouse alone takes the other one.`, 'warning');
		const isOn = way === undefined ? !mouse.isOn() : way === 'on';
		mouse.set(isOn);
		model.say(
			isOn
				? `The mouse scrolls and selects; ${model.keyOf('bare')} frees it for a while.`
				: 'The mouse is left to the terminal.',
		);
		void sayFailure(options, async () => keepSetting('mouse', isOn));
	};

	const setTheme = (name: string): void => {
		if (themeNames.includes(name)) keep(name);
		else model.say(`There is no theme ${name}: try one of ${themeNames.join(', ')}.`, 'warning');
	};

	return {
		setMouse,
		setTheme,
		keep(name, value) {
			if (name === 'theme') setTheme(value);
			else if (name === 'mouse') setMouse(value === 'true' ? 'on' : value === 'false' ? 'off' : value);
			else if (Object.hasOwn(settingChoices, name)) keepChoice(name as Choice, value);
			else if (name === 'receiptsBridged') receipts.set(value, 'bridged');
			else if (name === 'receiptsMatrix') receipts.set(value, 'matrix');
			else
				model.say(
					`/set knows theme, mouse, ${Object.keys(settingChoices).join(', ')}, receiptsBridged, receiptsMatrix; the file of the settings has more.`,
					'warning',
				);
		},
		toggleBare() {
			if (!model.panes.isBare() && model.isHelpOpen()) model.setHelpOpen(false);
			model.panes.setBare(!model.panes.isBare());
			model.update();
		},
		openThemes() {
			const before = theming.name();
			let isKept = false;
			model.openPanel({
				scope: 'themes',
				place: 'side',
				title: literal`Themes`,
				prompt: literal`part of a name`,
				hint: literal`Enter keeps it · ${model.keyOf('list-close')} goes back`,
				empty: () => literal`There is no theme of that name.`,
				rows: query =>
					themeNames
						.filter(name => name.includes(query.trim().toLowerCase()))
						.map(name => ({
							key: name,
							lines: () => [
								[
									span(name === before ? literal`▸ ` : literal`  `),
									span(safeText(name, 'name')),
									...(name === 'auto' ? [span(literal`  dark or light, as the terminal is`, 'muted')] : []),
								],
							],
						})),
				onMove(name) {
					if (name !== undefined && !isKept) theming.show(name);
				},
				onClose() {
					if (!isKept) theming.show(before);
				},
				choose(name) {
					isKept = true;
					model.closePanel();
					keep(name);
				},
			});
		},
	};
};
