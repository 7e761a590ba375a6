/** Words for the full-text index: Chinese, Japanese and Korean Han characters are indexed one by one, as a phrase query finds them. */

const cjkCharacter = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/** @returns `text` with a space around each CJK character, for writing to the index and for queries alike. */
export const spaceCjk = (text: string): string => text.replaceAll(cjkCharacter, ' $& ');
