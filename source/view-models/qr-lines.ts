/** A QR code as lines of the screen. */
import {qrRows} from '../text/qr-code.ts';
import {literal, type SafeText} from '../text/safe-text.ts';
import type {ScreenLine, ScreenStyle} from './screen-line.ts';

/** Light is the foreground: where there are no colours, that is right on a dark terminal. */
const style: ScreenStyle = {colours: {foreground: '#ffffff', background: '#000000'}};

/** The signs are four of mx's own. */
const safeRow = (row: string): SafeText => literal`${row as SafeText}`;

/** @returns a QR code, light on dark whatever the theme; none for a text that is too long. */
export const qrLines = (text: string): readonly ScreenLine[] => qrRows(text).map(row => [{text: safeRow(row), style}]);
