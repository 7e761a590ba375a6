/** The two letters of a network, in the colour of its brand where the terminal has enough of them. */
import {protocolOf} from '../bridges/protocols.ts';
import {safeText} from '../text/safe-text.ts';
import type {ScreenSpan, ScreenStyle} from './screen-line.ts';

/** Styles are compared by reference. */
const styles = new Map<string, ScreenStyle>();

const styleOf = (brand: string): ScreenStyle => {
	const style = styles.get(brand) ?? {role: 'heading', brand, isBold: true};
	styles.set(brand, style);
	return style;
};

/** @param protocol id of the registry; Matrix without. @returns two cells */
export const networkLabel = (protocol: string | undefined): ScreenSpan => {
	const {label, colour} = protocolOf(protocol);
	return {text: safeText(label, 'name'), style: styleOf(colour)};
};
