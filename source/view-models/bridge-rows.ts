/** Rows about bridges: how their logins are, and people on their networks. */
import {healthWords, quietWords} from '../bridges/explain.ts';
import {protocolOf} from '../bridges/protocols.ts';
import type {BridgeHealth, QuietLogin} from '../domain/bridge-health.ts';
import type {BridgeContact} from '../domain/bridge-login.ts';
import type {KnownBridge} from '../domain/portal.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {PanelRow} from './panel.ts';
import {boldSpan, cutLine, lineWidth, span, spreadLine, type ScreenLine, type ThemeRole} from './screen-line.ts';

/** A bridge, and of its logins one, if it spoke of any. */
export type BridgeRow = {
	readonly bridge: Pick<KnownBridge, 'bot' | 'protocol' | 'rooms'>;
	readonly health: BridgeHealth | undefined;
	/** A login of which it has said nothing. */
	readonly quiet?: QuietLogin;
};

/** @returns id of the login; empty for a bridge as a whole */
export const accountOf = ({health, quiet}: BridgeRow): string => (health ?? quiet)?.account ?? '';

export const bridgeRowKey = (row: BridgeRow): string => `${row.bridge.bot} ${accountOf(row)}`;

/** @returns a row for each login; for each bridge that has none that is known, one of the bridge */
export const loginRows = (
	bridges: readonly BridgeRow['bridge'][],
	{health, quiet}: {readonly health: readonly BridgeHealth[]; readonly quiet: readonly QuietLogin[]},
): readonly BridgeRow[] =>
	bridges.flatMap((bridge): readonly BridgeRow[] => {
		const isOwn = ({bot}: {readonly bot: string}): boolean => bot === bridge.bot;
		const told = health.filter(isOwn).map(each => ({bridge, health: each}));
		const others = quiet.filter(isOwn).map(each => ({bridge, health: undefined, quiet: each}));
		return told.length + others.length === 0 ? [{bridge, health: undefined}] : [...told, ...others];
	});

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

const linesOf = (row: BridgeRow, width: number): readonly ScreenLine[] => {
	const {bridge, health, quiet} = row;
	const {name, label} = protocolOf(bridge.protocol);
	const account = accountOf(row);
	const login = account === '' ? literal`` : safeText((health ?? quiet)?.name, 'name', account);
	const unsaid = quiet === undefined ? roomsText(bridge.rooms) : safeText(quietWords, 'name');
	const sign = span(literal`${safeText(label, 'name')} `, 'muted');
	const whole: ScreenLine = [sign, boldSpan(safeText(name, 'name')), span(login === '' ? login : literal` ${login}`)];
	const state = health === undefined ? [span(unsaid, 'muted')] : stateOf(health);
	// Of two logins the names differ, not the network.
	const isShort = login !== '' && lineWidth(whole) + 2 + lineWidth(state) > width;
	const lines = [spreadLine(isShort ? [sign, boldSpan(login)] : whole, state, width)];
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
