/** Rows about bridges: how their logins are, and people on their networks. */
import {healthWords} from '../bridges/explain.ts';
import {protocolOf} from '../bridges/protocols.ts';
import type {BridgeHealth} from '../domain/bridge-health.ts';
import type {BridgeContact} from '../domain/bridge-login.ts';
import type {KnownBridge} from '../domain/portal.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {PanelRow} from './panel.ts';
import {boldSpan, cutLine, span, spreadLine, type ScreenLine, type ThemeRole} from './screen-line.ts';

/** A bridge, and of its logins one, if it spoke of any. */
export type BridgeRow = {
	readonly bridge: Pick<KnownBridge, 'bot' | 'protocol' | 'rooms'>;
	readonly health: BridgeHealth | undefined;
};

export const bridgeRowKey = ({bridge, health}: BridgeRow): string => `${bridge.bot} ${health?.account ?? ''}`;

const marks: Readonly<Record<BridgeHealth['condition'], readonly [sign: SafeText, role: ThemeRole]>> = {
	connected: [literal`✓`, 'ok'],
	connecting: [literal`…`, 'warning'],
	disconnected: [literal`✗`, 'error'],
	'logged-out': [literal`✗`, 'error'],
	failed: [literal`✗`, 'error'],
};

const stateOf = (health: BridgeHealth): ScreenLine => {
	const [sign, role] = marks[health.condition];
	return [span(literal`${sign} ${safeText(healthWords[health.condition], 'name')}`, role)];
};

const roomsText = (rooms: number): SafeText => (rooms === 1 ? literal`1 chat` : literal`${rooms} chats`);

const nextOf = ({remedy}: BridgeHealth): SafeText | undefined => {
	switch (remedy) {
		case 'connect':
			return literal`r connects again`;
		case 'relogin':
			return literal`r signs in again`;
		case 'restart':
			return literal`whoever runs the bridge has to restart it`;
		case 'open-native':
			return literal`open the app on the phone`;
		default:
			return undefined;
	}
};

const linesOf = ({bridge, health}: BridgeRow, width: number): readonly ScreenLine[] => {
	const {name, label} = protocolOf(bridge.protocol);
	const login =
		health === undefined || health.account === '' ? literal`` : safeText(health.name, 'name', health.account);
	const title: ScreenLine = [
		span(literal`${safeText(label, 'name')} `, 'muted'),
		boldSpan(safeText(name, 'name')),
		span(login === '' ? login : literal` ${login}`),
	];
	const state = health === undefined ? [span(roomsText(bridge.rooms), 'muted')] : stateOf(health);
	const lines = [spreadLine(title, state, width)];
	if (health === undefined || health.condition === 'connected') return lines;
	// What helps is not to be cut off by what the bridge says of it.
	for (const words of [safeText(health.message, 'name'), nextOf(health) ?? literal``])
		if (words !== '') lines.push(cutLine([span(literal`   ${words}`, 'muted')], width));
	return lines;
};

export const bridgeRows = (rows: readonly BridgeRow[]): readonly PanelRow[] =>
	rows.map(row => ({key: bridgeRowKey(row), lines: width => linesOf(row, width)}));

const contactText = ({id, name, identifiers}: BridgeContact): string => [name ?? '', id, ...identifiers].join(' ');

/** @param query what their name, number or user name has in it */
export const contactRows = (contacts: readonly BridgeContact[], query: string): readonly PanelRow[] => {
	const wanted = query.trim().toLowerCase();
	return contacts
		.filter(contact => contactText(contact).toLowerCase().includes(wanted))
		.map(({id, name, identifiers}) => ({
			key: id,
			lines: width => [
				spreadLine(
					[span(safeText(name, 'name', id))],
					[span(safeText(identifiers[0]?.replace(/^[a-z]+:/, '') ?? '', 'name'), 'muted')],
					width,
				),
			],
		}));
};
