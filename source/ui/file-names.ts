/** Names of files and folders, for completion. Folders are read aside; what comes in too late comes with the next look. */
import {opendir} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';

export type FileNames = {
	/**
	 * @param query the beginning of a path; `~` is the home folder
	 * @returns paths that begin so, folders with a slash at the end; `undefined` while the folder is being read
	 */
	readonly find: (query: string, limit: number) => readonly {readonly path: string}[] | undefined;
};

/** Entries of a folder that are read. */
const mostEntries = 2000;

/** Names in a folder; those of folders end in a slash. Empty where it cannot be read. */
const readFolder = async (folder: string): Promise<readonly string[]> => {
	const names: string[] = [];
	try {
		for await (const entry of await opendir(folder)) {
			names.push(entry.isDirectory() ? `${entry.name}/` : entry.name);
			if (names.length >= mostEntries) break;
		}
	} catch {
		return [];
	}
	return names.sort(
		(first, second) => Number(second.endsWith('/')) - Number(first.endsWith('/')) || (first < second ? -1 : 1),
	);
};

/** @param onLoaded a folder was read */
export const createFileNames = (onLoaded: () => void): FileNames => {
	let read: {readonly folder: string; readonly names: readonly string[] | undefined} | undefined;
	return {
		find(query, limit) {
			const cut = query.lastIndexOf('/') + 1;
			const [typed, start] = query.startsWith('~') && cut === 0 ? ['~/', ''] : [query.slice(0, cut), query.slice(cut)];
			const folder = path.resolve(typed.startsWith('~/') ? path.join(homedir(), typed.slice(2)) : typed);
			if (read?.folder !== folder) {
				read = {folder, names: undefined};
				void readFolder(folder).then(names => {
					if (read?.folder !== folder) return;
					read = {folder, names};
					onLoaded();
				});
			}
			return read.names
				?.filter(name => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
				.slice(0, limit)
				.map(name => ({path: typed + name}));
		},
	};
};
