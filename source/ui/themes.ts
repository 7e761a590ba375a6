/** The themes that come with mx, by name. */
import dark from '../../themes/dark.json' with {type: 'json'};
import gruvbox from '../../themes/gruvbox.json' with {type: 'json'};
import highContrast from '../../themes/high-contrast.json' with {type: 'json'};
import light from '../../themes/light.json' with {type: 'json'};
import nord from '../../themes/nord.json' with {type: 'json'};
import plain from '../../themes/plain.json' with {type: 'json'};
import solarized from '../../themes/solarized.json' with {type: 'json'};
import {parseTheme, type Theme} from './theme.ts';

const files: Readonly<Record<string, unknown>> = {
	dark,
	light,
	'high-contrast': highContrast,
	solarized,
	nord,
	gruvbox,
	plain,
};

/** Dark or light, as the terminal is. */
export const automatic = 'auto';

/** What a person may choose from. */
export const themeNames: readonly string[] = [automatic, ...Object.keys(files)];

/** @returns the theme of that name; `undefined` for `auto`, and where there is none. */
export const findTheme = (name: string): Theme | undefined => {
	const file = Object.hasOwn(files, name) ? files[name] : undefined;
	return file === undefined ? undefined : parseTheme(file);
};
