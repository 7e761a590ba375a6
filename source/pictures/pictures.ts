/** Looks at pictures without ever decoding one in this process: asks one of its own, one question at a time, with a limit. */
import {fork, type ChildProcess} from 'node:child_process';
import {stat} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import type {PictureAnswer, PictureRequest, Thumbnail} from './picture-messages.ts';

export type PictureFacts = {
	/** Pixels, as it is to be seen. */
	readonly width: number;
	readonly height: number;
	/** Of a large picture. */
	readonly thumbnail: Thumbnail | undefined;
};

export type ScaledPicture = {
	readonly width: number;
	readonly height: number;
	/** Red, green, blue and alpha, row by row. */
	readonly pixels: Uint8Array;
};

/** `width`, `height`: pixels. */
export type EncodedPicture = {readonly width: number; readonly height: number; readonly png: Uint8Array};

/** `width`, `height`: pixels. `sixel`: what stands behind the raster attributes, printable ASCII. */
export type SixelPicture = {readonly width: number; readonly height: number; readonly sixel: string};

export type Pictures = {
	/** @returns what is known of a picture; `undefined` for what is none, for one that is too large, and without sharp */
	readonly inspect: (path: string) => Promise<PictureFacts | undefined>;
	/** @returns the picture within a box of pixels; `undefined` as above */
	readonly scale: (
		path: string,
		box: {readonly width: number; readonly height: number},
	) => Promise<ScaledPicture | undefined>;
	/** @returns as `scale`, as a PNG file; a large one has 256 colours */
	readonly encode: (
		path: string,
		box: {readonly width: number; readonly height: number},
	) => Promise<EncodedPicture | undefined>;
	/** @returns as `scale`, for a sequence of its own */
	readonly sixel: (
		path: string,
		box: {readonly width: number; readonly height: number},
	) => Promise<SixelPicture | undefined>;
	/** Ends the process. */
	readonly stop: () => void;
};

/** Milliseconds that one picture may take. */
const patience = 15_000;
/** Milliseconds after which the process goes when nobody asks. */
const idleTime = 30_000;
/** Bytes of the largest file that is looked at. */
const largestFile = 64 * 1024 * 1024;

/** In the sources it is a .ts file, which Node runs as it is; in the bundle a .js file beside this one. */
const defaultScript = (): string =>
	fileURLToPath(new URL(`./picture-process.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url));

/** @param script path of the program that decodes. @default picture-process beside this file */
export const createPictures = (script = defaultScript()): Pictures => {
	let child: ChildProcess | undefined;
	/** Takes the answer to the question that is open. */
	let settle: ((answer: PictureAnswer) => void) | undefined;
	let last: Promise<unknown> = Promise.resolve();
	let idle: NodeJS.Timeout | undefined;

	/** Native code hears nothing else. */
	const stop = (): void => {
		clearTimeout(idle);
		child?.kill('SIGKILL');
		child = undefined;
		settle?.({ok: false, error: 'the decoder was stopped'});
	};

	const start = (): ChildProcess => {
		const started = fork(script, [], {
			// Nothing of what this process knows: no tokens, no passphrases.
			env: {},
			execArgv: ['--max-old-space-size=256'],
			serialization: 'advanced',
			stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
		});
		started.unref();
		started.channel?.unref();
		const end = (): void => {
			if (child !== started) return;
			child = undefined;
			settle?.({ok: false, error: 'the decoder ended'});
		};
		started.on('message', message => {
			if (child === started) settle?.(message as PictureAnswer);
		});
		started.once('exit', end);
		started.on('error', end);
		return started;
	};

	const ask = async (request: PictureRequest): Promise<PictureAnswer> => {
		clearTimeout(idle);
		const limit = setTimeout(stop, patience);
		const answer = await new Promise<PictureAnswer>(resolve => {
			settle = resolve;
			child ??= start();
			// A failure to send is the end of the process, which is heard.
			child.send(request, () => undefined);
		});
		settle = undefined;
		clearTimeout(limit);
		idle = setTimeout(stop, idleTime);
		idle.unref();
		return answer;
	};

	/** One after the other: two large pictures at once would take the memory of both. */
	const inTurn = async (request: PictureRequest): Promise<PictureAnswer> => {
		const turn = last.then(async (): Promise<PictureAnswer> => {
			const {size} = await stat(request.path);
			return size > largestFile ? {ok: false, error: 'the file is too large'} : ask(request);
		});
		last = turn.catch(() => undefined);
		return turn.catch((error: unknown) => ({ok: false, error: String(error)}));
	};

	return {
		async inspect(path) {
			const answer = await inTurn({kind: 'inspect', path});
			return answer.ok ? {width: answer.width, height: answer.height, thumbnail: answer.thumbnail} : undefined;
		},
		async scale(path, box) {
			const answer = await inTurn({kind: 'scale', path, ...box});
			if (!answer.ok || answer.pixels === undefined) return undefined;
			const {width, height, pixels} = answer;
			return pixels.length === width * height * 4 ? {width, height, pixels} : undefined;
		},
		async encode(path, box) {
			const answer = await inTurn({kind: 'encode', path, ...box});
			if (!answer.ok || answer.png === undefined) return undefined;
			const {width, height, png} = answer;
			return {width, height, png};
		},
		async sixel(path, box) {
			const answer = await inTurn({kind: 'sixel', path, ...box});
			// The process may be in other hands: nothing but the characters of a body comes through.
			if (!answer.ok || answer.sixel === undefined || !/^[#;0-9$!?-~-]*$/.test(answer.sixel)) return undefined;
			const {width, height, sixel} = answer;
			return {width, height, sixel};
		},
		stop,
	};
};
