/** How wide a modern terminal draws characters: the xterm model by itself knows Unicode 6 only, in which emoji are narrow. */
import type headless from '@xterm/headless';
import stringWidth from 'string-width';

/** What the last character was, as far as the next one may join it. */
const afterOther = 0;
const afterEmoji = 1;
const afterJoiner = 2;
const afterOneFlagLetter = 3;

const zeroWidthJoiner = 0x20_0d;
const emojiSelector = 0xfe_0f;

const widthOf = (codePoint: number): 0 | 1 | 2 => {
	const width = stringWidth(String.fromCodePoint(codePoint));
	return width === 0 || width === 1 ? width : 2;
};

const stateAfter = (codePoint: number, before: number): number => {
	const character = String.fromCodePoint(codePoint);
	if (/\p{Regional_Indicator}/u.test(character)) return before === afterOneFlagLetter ? afterOther : afterOneFlagLetter;
	if (/\p{Emoji}/u.test(character)) return afterEmoji;
	if (widthOf(codePoint) !== 0) return afterOther;
	return codePoint === zeroWidthJoiner && before === afterEmoji ? afterJoiner : before;
};

/** Whether it belongs to the character before (Unicode Annex 29, as far as terminals go). */
const doesJoin = (codePoint: number, before: number): boolean => {
	const character = String.fromCodePoint(codePoint);
	if (/\p{Regional_Indicator}/u.test(character)) return before === afterOneFlagLetter;
	if (/\p{Emoji_Modifier}/u.test(character)) return before === afterEmoji;
	return widthOf(codePoint) === 0 || (before === afterJoiner && /\p{Extended_Pictographic}/u.test(character));
};

/** What the model packs into a number: a state of ours, the width, and whether the character joins the one before. */
const pack = (state: number, width: number, isJoined: boolean): number => state * 8 + width * 2 + (isJoined ? 1 : 0);

/** Makes the terminal use these widths, from the next character on. */
export const setModernWidths = ({unicode}: headless.Terminal): void => {
	unicode.register({
		version: 'modern',
		wcwidth: widthOf,
		charProperties(codePoint, preceding) {
			const [before, widthBefore] = [Math.floor(preceding / 8), Math.floor(preceding / 2) % 4];
			const width = widthOf(codePoint);
			if (preceding === 0 || widthBefore === 0 || !doesJoin(codePoint, before)) {
				return pack(stateAfter(codePoint, afterOther), width, false);
			}
			const isWidened = before === afterOneFlagLetter || (before === afterEmoji && codePoint === emojiSelector);
			return pack(stateAfter(codePoint, before), isWidened ? 2 : Math.max(width, widthBefore), true);
		},
	});
	unicode.activeVersion = 'modern';
};
