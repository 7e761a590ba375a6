/** IndexedDB keys as bytes whose order is the order of the keys: number < date < string < binary < array. */
import {domError} from './dom-error.ts';

/** A key as it is given back. (Indexed Database API 3.0 §2.4) */
export type IndexedDBKey = number | string | Date | ArrayBuffer | readonly IndexedDBKey[];

// The first byte of a key says its type; no key begins or is followed by a byte outside of these.
const numberTag = 0x10;
const dateTag = 0x20;
const stringTag = 0x30;
const binaryTag = 0x40;
const arrayTag = 0x50;
/** Ends strings, binaries and arrays; smaller than the first byte of any unit and of any key. */
const endTag = 0x00;

/** Arrays may nest this deep; it also ends the walk through an array that holds itself. */
const maximumDepth = 64;
const numberLength = 9;

// A unit (a UTF-16 code unit, or one byte of a binary) takes one, two or three bytes, by size. UTF-8 would not do: it
// orders surrogates differently.
const largestShortUnit = 0x7e;
const largestMiddleUnit = 0x3f7e;
const firstMiddleUnit = 0x7f;
const middleMark = 0x80;
const longMark = 0xc0;
const longestUnit = 3;

const invalidKey = (): DOMException => domError('DataError', 'The value is not a valid key');

const bytesOf = (value: ArrayBuffer | ArrayBufferView): Uint8Array =>
	value instanceof ArrayBuffer
		? new Uint8Array(value)
		: new Uint8Array(value.buffer, value.byteOffset, value.byteLength);

/** @returns an upper bound of the encoded length, bytes */
const spaceFor = (key: unknown, depth = 0): number => {
	if (typeof key === 'string') return key.length * longestUnit + 2;
	if (Array.isArray(key)) {
		if (depth > maximumDepth) throw invalidKey();
		return key.reduce<number>((total, item) => total + spaceFor(item, depth + 1), 2);
	}
	if (key instanceof ArrayBuffer || ArrayBuffer.isView(key)) return key.byteLength * longestUnit + 2;
	return numberLength;
};

class KeyWriter {
	readonly #bytes: Buffer<ArrayBuffer>;
	#length = 0;

	constructor(space: number) {
		this.#bytes = Buffer.allocUnsafe(space);
	}

	get written(): Uint8Array {
		return this.#bytes.subarray(0, this.#length);
	}

	write(key: unknown): void {
		if (typeof key === 'string') this.#writeString(key);
		else if (typeof key === 'number') this.#writeNumber(numberTag, key);
		else if (key instanceof Date) this.#writeNumber(dateTag, key.getTime());
		else if (Array.isArray(key)) {
			this.#writeByte(arrayTag);
			// A hole is `undefined`, which is no key.
			for (const item of key) this.write(item);
			this.#writeByte(endTag);
		} else if (key instanceof ArrayBuffer || ArrayBuffer.isView(key)) {
			this.#writeByte(binaryTag);
			for (const unit of bytesOf(key)) this.#writeUnit(unit);
			this.#writeByte(endTag);
		} else throw invalidKey();
	}

	#writeByte(byte: number): void {
		this.#bytes[this.#length++] = byte;
	}

	#writeString(text: string): void {
		this.#writeByte(stringTag);
		for (let index = 0; index < text.length; index++) this.#writeUnit(text.charCodeAt(index));
		this.#writeByte(endTag);
	}

	/** Big-endian with the sign bit flipped; a negative number has all bits flipped, so that a larger size sorts first. */
	#writeNumber(tag: number, value: number): void {
		if (Number.isNaN(value)) throw invalidKey();
		this.#writeByte(tag);
		const start = this.#length;
		// -0 and 0 are one key.
		this.#bytes.writeDoubleBE(value === 0 ? 0 : value, start);
		const isNegative = value < 0;
		for (let index = start; index < start + 8; index++) {
			const mask = isNegative ? 0xff : index === start ? 0x80 : 0;
			this.#bytes[index] = (this.#bytes[index] ?? 0) ^ mask;
		}
		this.#length += 8;
	}

	#writeUnit(unit: number): void {
		if (unit <= largestShortUnit) {
			this.#writeByte(unit + 1);
		} else if (unit <= largestMiddleUnit) {
			const rest = unit - firstMiddleUnit;
			this.#writeByte(middleMark | (rest >> 8));
			this.#writeByte(rest & 0xff);
		} else {
			this.#writeByte(longMark | (unit >> 10));
			this.#writeByte((unit >> 2) & 0xff);
			this.#writeByte((unit & 3) << 6);
		}
	}
}

class KeyReader {
	readonly #bytes: Uint8Array;
	#position = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	read(): IndexedDBKey {
		const tag = this.#readByte();
		switch (tag) {
			case numberTag:
				return this.#readNumber();
			case dateTag:
				return new Date(this.#readNumber());
			case stringTag:
				return this.#readString();
			case binaryTag:
				return Uint8Array.from(this.#readUnits()).buffer;
			case arrayTag:
				return this.#readArray();
			default:
				throw new Error(`A stored key begins with ${tag}`);
		}
	}

	#readByte(): number {
		const byte = this.#bytes[this.#position++];
		if (byte === undefined) throw new Error('A stored key ends too early');
		return byte;
	}

	#readArray(): IndexedDBKey[] {
		const items: IndexedDBKey[] = [];
		while (this.#bytes[this.#position] !== endTag) items.push(this.read());
		this.#position++;
		return items;
	}

	#readNumber(): number {
		const view = new DataView(new ArrayBuffer(8));
		const first = this.#readByte();
		const isNegative = (first & 0x80) === 0;
		view.setUint8(0, first ^ (isNegative ? 0xff : 0x80));
		for (let index = 1; index < 8; index++) view.setUint8(index, this.#readByte() ^ (isNegative ? 0xff : 0));
		return view.getFloat64(0);
	}

	#readString(): string {
		let text = '';
		for (const unit of this.#readUnits()) text += String.fromCharCode(unit);
		return text;
	}

	#readUnits(): number[] {
		const units: number[] = [];
		for (;;) {
			const first = this.#readByte();
			if (first === endTag) return units;
			if (first < middleMark) units.push(first - 1);
			else if (first < longMark) units.push((((first & 0x3f) << 8) | this.#readByte()) + firstMiddleUnit);
			else units.push(((first & 0x3f) << 10) | (this.#readByte() << 2) | (this.#readByte() >> 6));
		}
	}
}

/**
 * @returns bytes whose order (memcmp, as SQLite compares blobs) is the order of the keys
 * @throws DataError when `key` is not a number (but NaN), a string, a date, a buffer or an array of such
 */
export const encodeKey = (key: unknown): Uint8Array => {
	const writer = new KeyWriter(spaceFor(key));
	writer.write(key);
	return writer.written;
};

/** @returns the key that `encodeKey` made these bytes from; a buffer comes back as an ArrayBuffer. */
export const decodeKey = (bytes: Uint8Array): IndexedDBKey => new KeyReader(bytes).read();
