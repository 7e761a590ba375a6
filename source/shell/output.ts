/** Data on stdout, in the form that was asked for: text, one JSON document, or JSON lines. */
import type {OutputView, ShellResult} from '../commands/define-command.ts';
import type {GlobalOptions} from '../commands/parse-arguments.ts';
import type {JsonObject} from '../domain/json.ts';
import {escapedJson} from '../domain/redaction.ts';

/** Version of what --json and --jsonl print (docs/json.md); a change that breaks a reader raises it. */
const formatVersion = 1;

/** The part of `process.stdout` that is needed. */
export type OutputStream = {
	readonly isTTY?: boolean;
	readonly columns?: number;
	readonly write: (text: string) => unknown;
};

const jsonLine = (value: JsonObject): string => `${escapedJson({v: formatVersion, ...value})}\n`;

/** @returns what a verb prints with. Controls and hidden characters of JSON are escaped; text is SafeText already. */
export const createPrint = (stream: OutputStream, format: GlobalOptions['format']): ((result: ShellResult) => void) => {
	const view: OutputView = {isTerminal: stream.isTTY === true, columns: stream.columns ?? 80};
	return ({text, document, items = [document]}) => {
		switch (format) {
			case 'json':
				stream.write(jsonLine(document));
				return;
			case 'jsonl':
				stream.write(items.map(jsonLine).join(''));
				return;
			case 'text':
		}
		stream.write(
			text(view)
				.map(line => `${line}\n`)
				.join(''),
		);
	};
};
