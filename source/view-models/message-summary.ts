/** What a message says in one line of a list. */
import type {Message} from '../domain/message.ts';
import {plainSummary} from '../text/message-text.ts';
import {literal, type SafeText} from '../text/safe-text.ts';

/** @returns its first words, or what became of it. */
export const messageSummary = ({redactedBy, encryption, content, type}: Message): SafeText => {
	if (redactedBy !== undefined) return literal`a removed message`;
	if (encryption === 'undecrypted') return literal`a message that cannot be read`;
	return plainSummary(content, type);
};
