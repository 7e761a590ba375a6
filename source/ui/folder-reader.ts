/** What is in the folders of this machine, read aside: the screen never waits for a disk. */
import {opendir, stat} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';

/** A file or folder. */
export type FolderEntry = {
	readonly name: string;
	readonly isFolder: boolean;
	/** Bytes. */
	readonly size: number;
	/** Milliseconds since the Unix epoch. */
	readonly changedAt: number;
};

export type FolderReader = {
	/** @returns folders by name, then files, the newest first; `undefined` while it is read, a sentence where it cannot be. */
	readonly entries: (folder: string) => readonly FolderEntry[] | string | undefined;
};

/** Entries of a folder that are read. */
const mostEntries = 5000;

/** @param typed absolute, relative to `from`, or with `~` for the home folder. @returns an absolute path */
export const absolutePath = (typed: string, from = process.cwd()): string =>
	path.resolve(from, /^~(?:\/|$)/.test(typed) ? path.join(homedir(), typed.slice(1)) : typed);

/** UTF-16 units of a path that is shown whole. */
const longestShown = 24;

/** @returns the path with `~` for the home folder; of a long one its end */
export const shortPath = (folder: string, longest = longestShown): string => {
	const home = homedir();
	const isInHome = folder === home || folder.startsWith(`${home}/`);
	const whole = isInHome ? `~${folder.slice(home.length)}` : folder;
	return whole.length > longest ? `…/${path.basename(folder)}` : whole;
};

const byPlace = (first: FolderEntry, second: FolderEntry): number => {
	if (first.isFolder !== second.isFolder) return first.isFolder ? -1 : 1;
	return first.isFolder ? first.name.localeCompare(second.name) : second.changedAt - first.changedAt;
};

const readFolder = async (folder: string): Promise<readonly FolderEntry[] | string> => {
	const found: FolderEntry[] = [];
	try {
		for await (const {name} of await opendir(folder)) {
			// A link is what it leads to; one that leads nowhere cannot be sent.
			const stats = await stat(path.join(folder, name)).catch(() => undefined);
			const isFolder = stats?.isDirectory() ?? false;
			if (stats !== undefined && (isFolder || stats.isFile()))
				found.push({name, isFolder, size: stats.size, changedAt: stats.mtimeMs});
			if (found.length >= mostEntries) break;
		}
	} catch {
		return 'This folder cannot be read.';
	}
	return found.sort(byPlace);
};

/** Keeps one folder at a time. @param onLoaded it was read */
export const createFolderReader = (onLoaded: () => void): FolderReader => {
	let last: {readonly folder: string; readonly entries: readonly FolderEntry[] | string | undefined} | undefined;
	return {
		entries(folder) {
			if (last?.folder === folder) return last.entries;
			last = {folder, entries: undefined};
			void readFolder(folder).then(entries => {
				if (last?.folder !== folder) return;
				last = {folder, entries};
				onLoaded();
			});
			return undefined;
		},
	};
};
