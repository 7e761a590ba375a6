/** Signing in at another network on the screen: what the bridge says, a code to scan, what it wants to know. */
import {loginDoneWords} from '../bridges/explain.ts';
import {protocolOf} from '../bridges/protocols.ts';
import type {BridgeLogin} from '../domain/bridge-login.ts';
import {literal, safeText} from '../text/safe-text.ts';
import {createForm, type FormField} from '../view-models/form.ts';
import type {PanelRow} from '../view-models/panel.ts';
import {qrLines} from '../view-models/qr-lines.ts';
import {boldSpan, lineWidth, span, type ScreenLine} from '../view-models/screen-line.ts';
import {wrapLine} from '../view-models/wrap-line.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type BridgeLoginRequest = {
	/** Id of a network, or user id of a bot. */
	readonly bridge: string;
	readonly flow?: string | undefined;
	readonly account?: string | undefined;
};

/** Rows of the panel besides the code: its title, its hint. */
const otherRows = 2;

/** Sentences of the bridge that are seen. */
const lastSaid = 3;
const saidRows = 6;

/** A sign-in on the screen. */
type Shown = {readonly request: BridgeLoginRequest; login: BridgeLogin | undefined; isClosed: boolean};

const waiting = literal`Asking the bridge…`;

export const createBridgeLoginPanel = (port: ScreenPort) => {
	const {model, session} = port;
	const refresh = (): void => model.inPanel(panels => panels.refresh());

	/** A code that is cut off is of no use to anybody. @param rows that there are for it and what stands above it */
	const codeLines = (code: readonly ScreenLine[], width: number, rows: number): readonly ScreenLine[] => {
		const codeWidth = code[0] === undefined ? 0 : lineWidth(code[0]);
		if (code.length > 0 && codeWidth <= width && code.length <= rows) return code;
		const {frame} = model.store.get();
		const wide = codeWidth + frame.columns - frame.conversationWidth;
		const high = code.length + otherRows + frame.rows - frame.paneRows;
		const text = literal`The code needs a terminal of ${wide} columns and ${high} rows: make it larger, or its letters smaller.`;
		return wrapLine([span(text, 'warning')], width, saidRows);
	};

	const codeRow = (code: readonly ScreenLine[]): PanelRow => ({
		key: 'code',
		isHeading: true,
		lines: (width, rows) => codeLines(code, width, rows),
	});

	const saidLines = (sentences: readonly string[], width: number): readonly ScreenLine[] =>
		sentences.flatMap(sentence =>
			sentence.split('\n').flatMap(line => wrapLine([span(safeText(line, 'line'))], width, saidRows)),
		);

	const saidRow = ({said}: BridgeLogin): PanelRow => ({
		key: 'said',
		isHeading: true,
		lines: width => saidLines(said.slice(-lastSaid), width).slice(-saidRows),
	});

	/** What to do with the code is to be read before it; where it is as large as the screen, the title says so alone. */
	const saidAboveRow = ({said}: BridgeLogin, code: readonly ScreenLine[]): PanelRow => ({
		key: 'said',
		isHeading: true,
		lines(width, rows) {
			const room = Math.min(saidRows, rows - codeLines(code, width, rows).length);
			const counts = Array.from({length: lastSaid}, (_, index) => lastSaid - index);
			const choices = counts.map(count => saidLines(said.slice(-count), width));
			return choices.find(lines => lines.length <= room) ?? [];
		},
	});

	const typedRow = (data: string): PanelRow => ({
		key: 'typed',
		isHeading: true,
		lines: () => [[span(literal`Type on the phone: `), boldSpan(safeText(data, 'name'), 'accent')]],
	});

	const infoRows = (login: BridgeLogin): readonly PanelRow[] => {
		const {display} = login;
		if (display?.kind === 'qr') {
			const code = qrLines(display.data);
			return [saidAboveRow(login, code), codeRow(code)];
		}
		return [saidRow(login), ...(display === undefined ? [] : [typedRow(display.data)])];
	};

	const fieldsOf = ({fields, version}: BridgeLogin): readonly FormField[] =>
		fields.map(({id, name, options, isSecret}): FormField => {
			const label = safeText(name, 'name', id);
			// What was asked for before is another question.
			const key = `${version} ${id}`;
			if (options.length === 0) return {kind: 'text', key, label, value: '', isSecret};
			return {
				kind: 'choice',
				key,
				label,
				value: options[0]?.id ?? '',
				options: options.map(option => ({value: option.id, label: safeText(option.name, 'name', option.id)})),
			};
		});

	/** Follows it until it is over, or the person goes. */
	const follow = async (one: Shown): Promise<void> => {
		one.login = await session.startBridgeLogin(one.request);
		if (one.isClosed) await session.stopBridgeLogin({id: one.login.id});
		while (!one.isClosed) {
			refresh();
			const {id, version, outcome} = one.login;
			if (outcome !== undefined) return end(one.login);
			const next: BridgeLogin = await session.bridgeLogin({id, seen: version});
			one.login = next;
		}
	};

	const end = (login: BridgeLogin): void => {
		const {protocol, outcome, said, warning} = login;
		if (model.panels.scope() === 'bridge-login') model.closePanel();
		const {name} = protocolOf(protocol);
		if (warning !== undefined) model.say(`${name}: ${warning}`, 'warning');
		else if (outcome === 'done') model.say(loginDoneWords(login), 'ok');
		else model.say(`${name}: ${said.at(-1) ?? 'nothing came of it.'}`, 'error');
	};

	const answer = async (one: Shown, values: Readonly<Record<string, string>>): Promise<void> => {
		const {login} = one;
		if (login === undefined) return;
		const answers = Object.fromEntries(
			login.fields.map(({id}) => [id, values[`${login.version} ${id}`]?.trim() ?? '']),
		);
		if (Object.values(answers).some(value => value === '')) return model.say('Fill it in first.', 'warning');
		const next = await session.answerBridgeLogin({id: login.id, answers});
		if (next.version > (one.login?.version ?? 0)) one.login = next;
		refresh();
	};

	return {
		open(request: BridgeLoginRequest): void {
			const one: Shown = {request, login: undefined, isClosed: false};
			const form = createForm({
				scope: 'bridge-login',
				place: 'over',
				title: literal`Sign in`,
				hint: literal`Enter answers · Esc gives it up`,
				fields: () => (one.login === undefined ? [] : fieldsOf(one.login)),
				onLocked: reason => model.say(reason, 'warning'),
				onEnter: (_, values) => void sayFailure(port, async () => answer(one, values)),
			});
			model.openPanel({
				...form.source,
				get title() {
					const {login} = one;
					if (login === undefined) return literal`Sign in`;
					const name = safeText(protocolOf(login.protocol).name, 'name');
					const isScanned = login.display?.kind === 'qr';
					return isScanned ? literal`Scan it with ${name} on the phone` : literal`Sign in at ${name}`;
				},
				get hint() {
					const asks = (one.login?.fields.length ?? 0) > 0;
					return asks ? literal`Enter answers · Esc gives it up` : literal`Esc gives it up`;
				},
				rows: query => [...(one.login === undefined ? [] : infoRows(one.login)), ...form.source.rows(query)],
				empty: () => waiting,
				isSaidAnew: true,
				onClose() {
					one.isClosed = true;
					const {login} = one;
					if (login === undefined || login.outcome !== undefined) return;
					void sayFailure(port, async () => session.stopBridgeLogin({id: login.id}));
				},
			});
			void sayFailure(port, async () => {
				try {
					await follow(one);
				} catch (error) {
					// The person went while the bridge was asked.
					if (one.isClosed) return;
					if (model.panels.scope() === 'bridge-login') model.closePanel();
					throw error;
				}
			});
		},
	};
};
