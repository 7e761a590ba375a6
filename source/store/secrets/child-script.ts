/** Where the programs are that mx runs as processes of their own. */
import {fileURLToPath} from 'node:url';

/**
 * @param name of a script in this folder, without its ending
 * @returns its path. In the sources it is a .ts file, which Node runs as it is; in the bundle a .js file beside the
 * file that this function ended up in, so all of dist is one flat folder.
 */
export const childScript = (name: string): string => {
	const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
	return fileURLToPath(new URL(`./${name}.${ending}`, import.meta.url));
};
