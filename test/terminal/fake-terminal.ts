/** Streams that stand for a terminal. */
import {EventEmitter} from 'node:events';

/** A terminal's input: `emit('data', …)` is a read; it remembers whether it is raw and read. */
export const createFakeStdin = () => {
	const state = {isRaw: false, isReading: false};
	return Object.assign(new EventEmitter(), {
		state,
		setRawMode: (isRaw: boolean) => {
			state.isRaw = isRaw;
		},
		resume: () => {
			state.isReading = true;
		},
		pause: () => {
			state.isReading = false;
		},
	});
};

/** A terminal's output: `written` is what it got; `writableLength` can be set to a backlog. */
export const createFakeStdout = () => {
	const size: {columns: number | undefined; rows: number | undefined} = {columns: 80, rows: 24};
	const stdout = Object.assign(new EventEmitter(), {
		...size,
		writableLength: 0,
		written: '',
		write: (chunk: string, callback?: (error?: Error | null) => void): boolean => {
			stdout.written += chunk;
			callback?.();
			return stdout.writableLength === 0;
		},
	});
	return stdout;
};

/** How soon a terminal has taken what it got. */
type Pace = 'at once' | 'next turn' | 'when told';

/** A terminal's output that says when it has taken a chunk. @param onChunk what the terminal makes of it */
export const createPacedStdout = (
	size: {readonly columns: number; readonly rows: number},
	onChunk: (chunk: string) => void,
	pace: Pace = 'at once',
) => {
	const chunks: string[] = [];
	const waiting: (() => void)[] = [];
	const stdout = Object.assign(new EventEmitter(), {
		...size,
		writableLength: 0,
		write(chunk: string, callback?: (error?: Error | null) => void): boolean {
			chunks.push(chunk);
			onChunk(chunk);
			if (pace === 'when told') waiting.push(() => callback?.());
			else if (pace === 'next turn') setImmediate(() => callback?.());
			else callback?.();
			return pace !== 'when told';
		},
	});
	return {
		stdout,
		/** What it got, oldest first. */
		chunks,
		/** It takes the oldest chunk. */
		take: (): void => waiting.shift()?.(),
	};
};
