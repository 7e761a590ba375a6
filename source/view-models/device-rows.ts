/** Devices as lists show them: the own ones, and those of another person in a profile. */
import type {DeviceTrust, IdentityTrust, KnownDevice, OwnDevice, PersonDevices} from '../domain/device-requests.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {MenuItem} from './menu-rows.ts';
import type {PanelRow} from './panel.ts';
import {boldSpan, emptyLine, joinParts, span, spreadLine, type ScreenLine, type ThemeRole} from './screen-line.ts';
import {shortTimeText} from './time-text.ts';

/** Devices that a profile lists. */
const mostListed = 8;

type Words = readonly [text: SafeText, role: ThemeRole];

const ownWords: Readonly<Record<DeviceTrust, Words>> = {
	verified: [literal`verified`, 'ok'],
	// This device is not verified itself, so it cannot tell whose signature that is.
	signed: [literal`verified elsewhere`, 'muted'],
	unverified: [literal`not verified`, 'warning'],
	'no-keys': [literal`without encryption`, 'muted'],
};

const theirWords: Readonly<Record<DeviceTrust, Words>> = {
	verified: [literal`verified`, 'ok'],
	signed: [literal`vouched for by them`, 'muted'],
	unverified: [literal`not vouched for by them`, 'warning'],
	'no-keys': [literal`without encryption`, 'muted'],
};

const identityWords: Readonly<Record<IdentityTrust, Words>> = {
	verified: [literal`You have verified who they are.`, 'ok'],
	unverified: [literal`You have not verified who they are.`, 'muted'],
	changed: [literal`Their identity is another one than the one you verified.`, 'error'],
	none: [literal`They have no identity that could be verified.`, 'muted'],
};

/** What a device without a name is called. */
const nameOf = ({name, deviceId}: KnownDevice): SafeText => safeText(name, 'name', deviceId);

const seenText = ({lastSeen, isThis}: OwnDevice, now: number): ScreenLine => {
	if (isThis) return [boldSpan(literal` this one `, 'accent')];
	return lastSeen === undefined ? emptyLine : [span(literal` seen ${shortTimeText(lastSeen, now)} `, 'muted')];
};

const deviceLines = (device: OwnDevice, now: number, width: number): readonly ScreenLine[] => {
	const seen = seenText(device, now);
	return [
		spreadLine([span(literal` `), boldSpan(nameOf(device), 'name')], seen, width),
		[
			span(literal`   `),
			...joinParts([[span(safeText(device.deviceId, 'name'), 'muted')], [span(...ownWords[device.trust])]]),
		],
	];
};

/** The one in use is on top, then those that were seen last. @param now milliseconds since the Unix epoch */
export const deviceRows = (devices: readonly OwnDevice[], now: number): readonly PanelRow[] =>
	devices
		.toSorted(
			(first, second) => Number(second.isThis) - Number(first.isThis) || (second.lastSeen ?? 0) - (first.lastSeen ?? 0),
		)
		.map(device => ({key: device.deviceId, lines: width => deviceLines(device, now, width)}));

/** What a profile says of the encryption of a person. */
export const personDeviceItems = ({identity, devices}: PersonDevices): readonly MenuItem[] => {
	const [text, role] = identityWords[identity];
	const more = devices.length - mostListed;
	return [
		{kind: 'blank'},
		{kind: 'text', text, role},
		...devices.slice(0, mostListed).flatMap(device => {
			const [words, wordsRole] = theirWords[device.trust];
			const id = safeText(device.deviceId, 'name');
			return [
				{kind: 'text', text: device.name === undefined ? id : literal`${nameOf(device)}  ${id}`},
				{kind: 'text', text: literal`  ${words}`, role: wordsRole},
			] as const;
		}),
		...(more > 0 ? ([{kind: 'text', text: literal` and ${more} more devices`, role: 'muted'}] as const) : []),
		...(devices.length === 0
			? ([{kind: 'text', text: literal`None of their devices takes part in encryption.`, role: 'muted'}] as const)
			: []),
	];
};
