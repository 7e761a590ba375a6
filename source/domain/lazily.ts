/** Values that cost milliseconds to make, made when they are first needed: a start pays for what it uses. */

/** @returns a function that makes the value at its first call and answers the same one ever after. */
export const lazily = <Value extends object>(make: () => Value): (() => Value) => {
	let value: Value | undefined;
	return () => (value ??= make());
};
