/** Which characters the terminal can show: by its locale and by what it is. */

/** `ascii-frames`: text as it is, but lines and marks in ASCII. `ascii`: nothing else, as UTF-8 would come out as something else. */
export type CharacterSet = 'unicode' | 'ascii-frames' | 'ascii';

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns what the locale says of the encoding, as setlocale(3) reads it. */
const localeOf = ({LC_ALL, LC_CTYPE, LANG}: Environment): string => LC_ALL || LC_CTYPE || LANG || '';

/** @returns the set that a locale allows. Without a locale it is believed to have been lost: few terminals are not UTF-8 today. */
const setOfLocale = (locale: string): CharacterSet => {
	if (locale === '' || /utf-?8/i.test(locale)) return 'unicode';
	return /^(?:C|POSIX)$/.test(locale) ? 'ascii-frames' : 'ascii';
};

/** @param isWanted whether the person asked for ASCII; `undefined`: the terminal decides */
export const characterSetOf = (
	environment: Environment,
	isWanted: boolean | undefined,
	platform: NodeJS.Platform,
): CharacterSet => {
	if (isWanted === false) return 'unicode';
	const bySystem = platform === 'win32' ? 'unicode' : setOfLocale(localeOf(environment));
	if (bySystem === 'unicode' && (isWanted === true || environment['TERM'] === 'linux')) return 'ascii-frames';
	return bySystem;
};
