/** Which key a sentence names for a command: keys can be given to other commands while mx runs. */
import type {SafeText} from '../text/safe-text.ts';

/** @param command its name. @returns its first key as people write it; the name itself where it has none now */
export type KeyOf = (command: string) => SafeText;
