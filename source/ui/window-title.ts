/** The name of the terminal's window: how much is unread, and which room is open. */
import type {OscSequence} from '../terminal/osc.ts';
import {titleSequence} from '../terminal/osc.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {roomName} from '../view-models/inbox-row.ts';
import type {ScreenModel} from '../view-models/screen-model.ts';

/** Milliseconds that a name must hold: who walks through rooms does not write one for each. */
const settleTime = 200;

export type WindowTitleOptions = {
	readonly model: Pick<ScreenModel, 'openedRoom' | 'opened' | 'store'>;
	readonly reader: Pick<AccountReader, 'totals'>;
	readonly tell: (sequence: OscSequence) => void;
	/** The terminal may not read UTF-8. */
	readonly isAscii: boolean;
};

export type WindowTitle = {
	/** Writes the name again: the terminal may have another one meanwhile. */
	readonly renew: () => void;
	readonly dispose: () => void;
};

/** @returns `(12) mx · Sunday lunch`; the count stands first, as a tab shows only the beginning. */
const titleOf = ({model, reader}: WindowTitleOptions): string => {
	const {unread} = reader.totals();
	const room = model.openedRoom();
	return `${unread > 0 ? `(${unread}) ` : ''}mx${room === undefined ? '' : ` · ${model.opened.via()?.person ?? roomName(room)}`}`;
};

/** Names the window from now on. */
export const createWindowTitle = (options: WindowTitleOptions): WindowTitle => {
	const {model, tell, isAscii} = options;
	let seen = model.store.get();
	let shown: string | undefined;
	let timer: NodeJS.Timeout | undefined;

	const write = (): void => {
		timer = undefined;
		const title = titleOf(options);
		if (title === shown) return;
		shown = title;
		tell(titleSequence(title, isAscii));
	};
	const plan = (): void => {
		timer ??= setTimeout(write, settleTime).unref();
	};
	const end = model.store.subscribe(() => {
		const next = model.store.get();
		// The counts stand in the first line, the room in the header.
		const isSame = next.title === seen.title && next.header === seen.header;
		seen = next;
		if (!isSame) plan();
	});
	plan();
	return {
		renew() {
			shown = undefined;
			plan();
		},
		dispose() {
			end();
			clearTimeout(timer);
		},
	};
};
