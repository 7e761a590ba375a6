/** Numbers that come with a request. */

/** @returns a whole number from 1 to `maximum`, as near as can be to what was asked for. */
export const limit = (count: number, maximum: number): number => Math.max(1, Math.min(Math.trunc(count) || 1, maximum));
