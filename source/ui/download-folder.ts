/** Where the person's downloads go: the folder of the desktop (xdg-user-dirs), else ~/Downloads, else home. */
import {readFileSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import path from 'node:path';

const isFolder = (folder: string): boolean => {
	try {
		return statSync(folder).isDirectory();
	} catch {
		return false;
	}
};

/** @returns what a line of user-dirs.dirs names: `XDG_DOWNLOAD_DIR="$HOME/Downloads"` */
const folderOfDesktop = (config: string, home: string): string | undefined => {
	try {
		const text = readFileSync(path.join(config, 'user-dirs.dirs'), 'utf8');
		return /^XDG_DOWNLOAD_DIR="(.*)"$/m.exec(text)?.[1]?.replace(/^\$HOME(?=\/|$)/, home);
	} catch {
		return undefined;
	}
};

/** @returns an absolute path of a folder that is there */
export const downloadFolder = (environment: Readonly<Record<string, string | undefined>>): string => {
	const home = environment['HOME'] ?? homedir();
	const config = environment['XDG_CONFIG_HOME'] ?? path.join(home, '.config');
	const wished = [environment['XDG_DOWNLOAD_DIR'], folderOfDesktop(config, home), path.join(home, 'Downloads')];
	return wished.find(folder => folder !== undefined && path.isAbsolute(folder) && isFolder(folder)) ?? home;
};
