/** Honest text of many scripts that must pass the sanitizer unchanged, and all fully-qualified emoji. */
import {readFileSync} from 'node:fs';

/** Texts by what they are. */
export const legitimateTexts: Readonly<Record<string, string>> = {
	Hebrew: 'שלום 123',
	'Hebrew with points': 'שָׁלוֹם',
	Arabic: 'مرحبا بالعالم',
	'Arabic with marks': 'الْعَرَبِيَّةُ',
	'Persian with a non-joiner': 'می\u200Cخواهم',
	Hindi: 'क्षत्रिय हिन्दी नमस्ते',
	'Malayalam chillu by joiner': 'ന\u0D4D\u200D അവന്\u200D',
	Bengali: 'বাংলা ক্ষেত্র',
	Tamil: 'தமிழ் க்ஷத்ரிய',
	Sinhala: 'ශ්\u200Dරී ලංකා',
	Thai: 'กำลังทำงานที่นี้',
	'Vietnamese, decomposed': 'Tiếng Việt ệ'.normalize('NFD'),
	'Korean, decomposed': '한국어'.normalize('NFD'),
	Korean: '한국어',
	Chinese: '漢字仮名交じり文、日本語。',
	Tibetan: 'བོད་སྐད་ སྒྲུབ',
	Myanmar: 'မြန်မာ',
	Khmer: 'ភាសាខ្មែរ',
	Georgian: 'ქართული',
	Amharic: 'አማርኛ',
	Keycap: '1️⃣',
	'Flag of England': '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
	'Text and emoji selectors': '☎\uFE0E ☎\uFE0F',
	Mathematics: '∑∫≠ 𝛼²',
	Code: 'if (x) {\n  return 1;\n}',
	'Phonetic tie bar': 't\u0361ʃ',
};

/** The fully-qualified emoji of Unicode 15.0, 3,655 of them. */
export const readEmoji = (): readonly string[] =>
	readFileSync(new URL('emoji.txt', import.meta.url), 'utf8')
		.split('\n')
		.filter(line => !line.startsWith('# ') && line.trim() !== '')
		.flatMap(line => line.split(' '));
