/** Tells when a file is replaced or written to, by whatever program. */
import {watch} from 'node:fs';
import path from 'node:path';

/** Milliseconds of quiet before it is told: editors write in several steps. */
const quiet = 100;

/**
 * Watches the folder, so that a file that an editor replaces, or that is not there yet, is seen too. Where the system cannot
 * watch (no such folder, too many watches), nothing is ever told.
 * @returns the end of it
 */
export const watchFile = (file: string, onChange: () => void): (() => void) => {
	const name = path.basename(file);
	let timer: NodeJS.Timeout | undefined;
	try {
		const watcher = watch(path.dirname(file), {persistent: false}, (_, changed) => {
			if (changed !== name) return;
			clearTimeout(timer);
			timer = setTimeout(onChange, quiet);
			timer.unref();
		});
		watcher.on('error', () => watcher.close());
		return () => {
			clearTimeout(timer);
			watcher.close();
		};
	} catch {
		return () => undefined;
	}
};
