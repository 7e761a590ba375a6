/**
 * Pictures that the terminal keeps for us (kitty graphics protocol): sent once, piece by piece between the frames, shown
 * wherever cells stand for them, and taken away again. How many and how large they may be is bounded.
 */
import {randomInt} from 'node:crypto';
import {mostMarks, oldMarks} from './picture-cells.ts';

/** A picture, ready to be sent. `columns`, `rows`: the cells that it is drawn into. */
export type TerminalPicture = {
	readonly png: Uint8Array;
	/** Bytes that it has in the memory of the terminal: four for each pixel. */
	readonly memory: number;
	readonly columns: number;
	readonly rows: number;
};

export type KittyPictures = ReturnType<typeof createKittyPictures>;

/** The terminal keeps so many at most, and so many bytes of pixels. kitty itself takes 320 MB. */
const mostPictures = 48;
const mostMemory = 64_000_000;

/** Base64 characters in one piece; the protocol allows 4096. */
const pieceSize = 4096;
/** On a slow link a key must not wait for a long piece. */
const slowPieceSize = 1024;

/** Numbers of pictures differ in their low byte. The first 16 colours have short sequences of their own, which not all take for the same. */
const lowest = 16;
const highest = 255;

const command = (keys: string, payload = ''): string => `\u001B_G${keys}${payload === '' ? '' : `;${payload}`}\u001B\\`;

type Entry = TerminalPicture & {
	/** `sending`: in part; `kept`: the terminal has it. */
	state: 'here' | 'sending' | 'kept';
	/** Counts up; the one seen longest ago goes first. */
	seenAt: number;
};

/**
 * @param wrap makes a sequence one for the terminal around tmux. @default as it is
 * @param high what the numbers begin with, so that those of two programs in one terminal differ. @default random
 */
export const createKittyPictures = (
	wrap: (sequence: string) => string = sequence => sequence,
	high: number = randomInt(1, oldMarks),
) => {
	const entries = new Map<number, Entry>();
	/** Sizes of those that are gone: a frame that was drawn before may still speak of them. */
	const gone = new Map<number, Pick<Entry, 'columns' | 'rows'>>();
	/** What the terminal still keeps of pictures that are gone. */
	const leftOver: number[] = [];
	let last = highest;
	let seen: ReadonlySet<number> = new Set();
	let clock = 0;
	/** Counts how often the terminal got one, or lost one. */
	let version = 0;
	/** Ends an upload of which nobody knows how far it came. */
	let unended = '';
	/** The picture that is being sent, and how much of it is out. */
	let upload: {readonly id: number; readonly data: string; at: number} | undefined;

	const isKept = (id: number): boolean => entries.get(id)?.state === 'kept';

	const freeNumber = (): number | undefined => {
		for (let step = lowest; step <= highest; step++) {
			last = last >= highest ? lowest : last + 1;
			const id = high * 2 ** 24 + last;
			if (!entries.has(id) && !leftOver.includes(id)) return id;
		}
		return undefined;
	};

	/** Ends the upload that has begun: no other command may come before its last piece. */
	const breakOff = (): string => {
		if (upload === undefined) return '';
		const {id, at} = upload;
		upload = undefined;
		const entry = entries.get(id);
		if (entry !== undefined) entry.state = 'here';
		return at === 0 ? '' : wrap(command('m=0,q=2')) + wrap(command(`a=d,d=I,i=${id},q=2`));
	};

	/** Gives up what was not seen for longest. @returns whether there is room for one more */
	const makeRoom = (memory: number): boolean => {
		for (;;) {
			const kept = [...entries].filter(([, {state}]) => state === 'kept');
			const used = kept.reduce((sum, [, entry]) => sum + entry.memory, 0);
			if (kept.length < mostPictures && used + memory <= mostMemory) return true;
			const [oldest] = kept.filter(([id]) => !seen.has(id)).toSorted(([, one], [, other]) => one.seenAt - other.seenAt);
			if (oldest === undefined) return false;
			oldest[1].state = 'here';
			version += 1;
			leftOver.push(oldest[0]);
		}
	};

	const begin = (): void => {
		for (const id of seen) {
			const entry = entries.get(id);
			if (entry?.state !== 'here' || !makeRoom(entry.memory)) continue;
			entry.state = 'sending';
			upload = {id, data: Buffer.from(entry.png).toString('base64'), at: 0};
			return;
		}
	};

	const removeLeftOver = (): string =>
		leftOver
			.splice(0)
			.map(id => wrap(command(`a=d,d=I,i=${id},q=2`)))
			.join('');

	const piece = (isSlow: boolean): string => {
		if (upload === undefined) return '';
		const {id, data, at} = upload;
		const entry = entries.get(id);
		const end = Math.min(data.length, at + (isSlow ? slowPieceSize : pieceSize));
		const isLast = end === data.length;
		const keys = at === 0 ? `a=t,f=100,t=d,i=${id},q=2,` : 'q=2,';
		const sent = wrap(command(`${keys}m=${isLast ? 0 : 1}`, data.slice(at, end)));
		upload.at = end;
		if (!isLast || entry === undefined) return sent;
		upload = undefined;
		entry.state = 'kept';
		version += 1;
		return sent + wrap(command(`a=p,U=1,i=${id},c=${entry.columns},r=${entry.rows},q=2`));
	};

	return {
		/** @returns the number of a picture from now on; `undefined` where there are too many, or it is too large */
		add: (picture: TerminalPicture): number | undefined => {
			const {columns, rows, memory} = picture;
			const isFitting = columns > 0 && rows > 0 && columns <= mostMarks && rows <= mostMarks && memory <= mostMemory;
			const id = isFitting ? freeNumber() : undefined;
			if (id === undefined) return undefined;
			gone.delete(id);
			entries.set(id, {...picture, state: 'here', seenAt: 0});
			return id;
		},

		/** The picture is gone for good. */
		remove(id: number): void {
			const entry = entries.get(id);
			if (entry === undefined) return;
			entries.delete(id);
			gone.set(id, {columns: entry.columns, rows: entry.rows});
			if (entry.state !== 'here') leftOver.push(id);
		},

		/** Whether a cell is a piece of a picture that there is, or was. */
		has: (id: number, row: number, column: number): boolean => {
			const entry = entries.get(id) ?? gone.get(id);
			return entry !== undefined && row < entry.rows && column < entry.columns;
		},

		/** Whether the terminal has all of it. */
		isKept,

		/** @returns another number as soon as the answers of `isKept` may be others. */
		version: () => version,

		/** Which pictures are on the screen: they are sent, no others. */
		see(ids: ReadonlySet<number>): void {
			seen = ids;
			clock += 1;
			for (const id of ids) {
				const entry = entries.get(id);
				if (entry !== undefined) entry.seenAt = clock;
			}
		},

		/** @returns what is to be sent next, a few thousand characters at most; empty when all is done */
		next(isSlow: boolean): string {
			let output = unended;
			unended = '';
			if (upload !== undefined && (!seen.has(upload.id) || !entries.has(upload.id))) output += breakOff();
			if (upload === undefined) {
				begin();
				output += removeLeftOver();
			}
			return output + piece(isSlow);
		},

		/** Nobody knows what the terminal has: what is seen is sent again. */
		forget: (): void => {
			if (upload !== undefined && upload.at > 0) unended = wrap(command('m=0,q=2'));
			upload = undefined;
			leftOver.length = 0;
			for (const entry of entries.values()) entry.state = 'here';
		},

		/** @returns what takes all of them away, for when the terminal goes into other hands; what is seen then is sent again */
		leave(): string {
			let output = breakOff() + removeLeftOver();
			for (const [id, entry] of entries) {
				if (entry.state === 'kept') output += wrap(command(`a=d,d=I,i=${id},q=2`));
				entry.state = 'here';
			}
			return output;
		},
	};
};
