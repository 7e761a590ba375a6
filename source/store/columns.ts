/** Reads columns of a row with the type that the schema gives them. */
import {parseJson} from '../domain/json.ts';
import type {Row} from './open-database.ts';

/** @returns a text column, `undefined` for NULL. */
export const optionalText = (row: Row | undefined, column: string): string | undefined => {
	const value = row?.[column];
	return typeof value === 'string' ? value : undefined;
};

/** @returns a text column, empty for NULL. */
export const text = (row: Row | undefined, column: string): string => optionalText(row, column) ?? '';

/** @returns an integer column, 0 for NULL. */
export const integer = (row: Row | undefined, column: string): number => Number(row?.[column] ?? 0);

/** @returns an integer column, `undefined` for NULL. */
export const optionalInteger = (row: Row | undefined, column: string): number | undefined => {
	const value = row?.[column];
	return value === undefined || value === null ? undefined : Number(value);
};

/** @returns a boolean column. */
export const flag = (row: Row | undefined, column: string): boolean => row?.[column] === 1;

/** @returns the value of a JSON column, `undefined` for NULL. */
export const json = (row: Row | undefined, column: string): unknown => {
	const value = optionalText(row, column);
	return value === undefined ? undefined : parseJson(value);
};
