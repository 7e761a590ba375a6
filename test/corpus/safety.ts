/** What safe text may not hold, written independently of the sanitizer's own tables. */

const unsafe =
	/[\0-\t\v-\u001f\u007f-\u009f\u00ad]|\u034f|[\u115f\u1160]|[\u180b-\u180f]|[\u200b\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\p{Cs}\p{Co}\p{Cn}]|[\u{e0100}-\u{e01ef}]/u;
const tags = /[\u{e0000}-\u{e007f}]/u;
const tagFlags = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,5}\u{e007f}/gu;

/** @returns the first character that has no business on a terminal as `U+001B`, or `undefined` if there is none. */
export const findUnsafe = (text: string): string | undefined => {
	const found = unsafe.exec(text)?.[0] ?? tags.exec(text.replaceAll(tagFlags, ''))?.[0];
	return found === undefined
		? undefined
		: `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
};
