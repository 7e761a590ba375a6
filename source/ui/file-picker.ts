/** A list of the files of this machine to choose one from: folders are gone into, typing narrows it or names a path. */
import path from 'node:path';
import type {PanelScope} from '../commands/define-command.ts';
import {formatSize} from '../text/message-text.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import {createFuzzy} from '../view-models/fuzzy.ts';
import type {PanelRow, PanelSource} from '../view-models/panel.ts';
import {span, spreadLine} from '../view-models/screen-line.ts';
import {shortTimeText} from '../view-models/time-text.ts';
import {absolutePath, shortPath, type FolderEntry, type FolderReader} from './folder-reader.ts';

export type FilePickerOptions = {
	readonly reader: FolderReader;
	/** Where it begins; absolute. */
	readonly folder: string;
	readonly title: SafeText;
	readonly hint: SafeText;
	/** A file was chosen; its path is absolute. */
	readonly take: (file: string, entry: FolderEntry) => void;
	/** Another folder is shown: what was typed goes. */
	readonly reopen: (picker: PanelSource<PanelScope>) => void;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

/** Rows that can be walked through. */
const mostRows = 500;

const above = '..';

/** What is typed as a path: the folder that it names, and the beginning of a name in it. */
const splitPath = (query: string, folder: string): {readonly folder: string; readonly start: string} | undefined => {
	if (!/[/~]/.test(query)) return undefined;
	const cut = query.lastIndexOf('/') + 1;
	return cut === 0 ? undefined : {folder: absolutePath(query.slice(0, cut), folder), start: query.slice(cut)};
};

export const createFilePicker = (options: FilePickerOptions): PanelSource<PanelScope> => {
	const {reader, folder, take, reopen, now} = options;
	/** What the rows of the last query stand for. */
	const shown = new Map<string, FolderEntry>();

	const placeOf = (query: string) => splitPath(query, folder) ?? {folder, start: query};

	const entriesIn = (place: string, start: string): readonly FolderEntry[] => {
		const entries = reader.entries(place);
		if (entries === undefined || typeof entries === 'string') return [];
		const seen = entries.filter(({name}) => start.startsWith('.') || !name.startsWith('.'));
		if (start === '') return seen;
		const fuzzy = createFuzzy(seen, ({name}) => ({name: safeText(name, 'name', '?'), others: undefined}));
		return fuzzy.find(start, mostRows).map(({item}) => item);
	};

	const rowOf = (place: string, entry: FolderEntry): PanelRow => {
		const key = path.join(place, entry.name);
		shown.set(key, entry);
		const {isFolder, size, changedAt} = entry;
		const name = safeText(entry.name, 'name', '?');
		const details = isFolder ? literal`` : literal`${formatSize(size)}  ${shortTimeText(changedAt, now())} `;
		return {
			key,
			lines: width => [
				spreadLine(
					[span(literal` `), isFolder ? span(literal`${name}/`, 'accent') : span(name)],
					[span(details, 'muted')],
					width,
				),
			],
		};
	};

	const upRow: PanelRow = {key: above, lines: () => [[span(literal` ../`, 'accent')]]};

	return {
		scope: 'files',
		place: 'over',
		title: literal`${options.title} · ${safeText(shortPath(folder), 'name')}`,
		prompt: literal`a name, or a path`,
		hint: options.hint,
		rows(query) {
			shown.clear();
			const {folder: place, start} = placeOf(query.trimStart());
			const rows = entriesIn(place, start)
				.slice(0, mostRows)
				.map(entry => rowOf(place, entry));
			return query === '' && path.dirname(folder) !== folder ? [upRow, ...rows] : rows;
		},
		empty(query) {
			const entries = reader.entries(placeOf(query.trimStart()).folder);
			if (entries === undefined) return literal`Reading…`;
			return typeof entries === 'string' ? safeText(entries, 'name') : literal`Nothing here is called like that.`;
		},
		choose(key) {
			const entry = shown.get(key);
			if (key === above) reopen(createFilePicker({...options, folder: path.dirname(folder)}));
			else if (entry?.isFolder === true) reopen(createFilePicker({...options, folder: key}));
			else if (entry !== undefined) take(key, entry);
		},
	};
};
