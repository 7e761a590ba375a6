/** The public rooms of a server: searched there while it is typed, paged while it is walked. */
import type {RoomSummary} from '../domain/room-requests.ts';
import {literal, safeText, type SafeText} from '../text/safe-text.ts';
import type {PanelRow} from '../view-models/panel.ts';
import {summaryName} from '../view-models/room-words.ts';
import {boldSpan, span, spreadLine} from '../view-models/screen-line.ts';
import type {RoomPreview} from './room-preview.ts';
import type {RoomsPort} from './rooms-port.ts';
import {failureText} from './screen-port.ts';

/** Milliseconds without a letter after which the server is asked. */
const pause = 300;
/** From this far before the end the next page is asked for. */
const margin = 5;

const rowOf = (room: RoomSummary): PanelRow => ({
	key: room.roomId,
	lines(width) {
		const {alias, topic, memberCount, membership} = room;
		const isIn = membership === 'join' ? [span(literal`  you are in it`, 'ok')] : [];
		const left = [boldSpan(summaryName(room)), span(literal`  ${safeText(alias, 'name')}`, 'muted'), ...isIn];
		const first = spreadLine(left, [span(literal`${memberCount ?? 0}`, 'muted')], width);
		const words = safeText(topic, 'line').trim() as SafeText;
		return words === '' ? [first] : [first, [span(literal`  ${words}`, 'muted')]];
	},
});

export const createDirectory = (port: RoomsPort, preview: RoomPreview) => {
	const {model, session, log} = port;

	return (server: string | undefined): void => {
		let term: string | undefined;
		let rooms: readonly RoomSummary[] = [];
		let next: string | undefined;
		let failure: string | undefined;
		let total: number | undefined;
		let isLoading = false;
		/** Answers to what was asked before are of no use. */
		let asked = 0;
		let timer: NodeJS.Timeout | undefined;

		const show = (): void => model.inPanel(panels => panels.refresh());

		const load = async (from?: string): Promise<void> => {
			asked += 1;
			const own = asked;
			isLoading = true;
			failure = undefined;
			try {
				const page = await session.directory({server, term, from});
				if (own !== asked) return;
				const known = new Set(from === undefined ? [] : rooms.map(({roomId}) => roomId));
				rooms = [...(from === undefined ? [] : rooms), ...page.rooms.filter(({roomId}) => !known.has(roomId))];
				({next, total} = page);
			} catch (error) {
				if (own !== asked) return;
				log.info('screen', 'a directory could not be read', {error});
				failure = failureText(error);
				next = undefined;
				if (from === undefined) rooms = [];
			}
			isLoading = false;
			show();
		};

		/** The first page is asked for at once, what is typed a moment later. */
		const ask = (query: string): void => {
			clearTimeout(timer);
			const isFirst = term === undefined;
			term = query;
			isLoading = true;
			if (isFirst) void load();
			else timer = setTimeout(() => void load(), pause);
			timer?.unref();
		};

		model.openPanel({
			scope: 'directory',
			place: 'over',
			get title() {
				const where = server === undefined ? literal`your server` : safeText(server, 'name');
				const many = total === 1 ? literal` · 1 room` : literal` · about ${total ?? 0} rooms`;
				const count = total === undefined || total === 0 ? literal`` : many;
				return literal`Public rooms of ${where}${count}`;
			},
			prompt: literal`words of a name or topic`,
			hint: literal`Enter shows the room · /directory SERVER asks another server`,
			rows(query) {
				if (query.trim() !== term) ask(query.trim());
				return rooms.map(rowOf);
			},
			empty: () =>
				isLoading
					? literal`Searching…`
					: failure === undefined
						? term === ''
							? literal`This server lists no public rooms.`
							: literal`No public room is called like that.`
						: safeText(failure, 'line'),
			choose(key) {
				const room = rooms.find(({roomId}) => roomId === key);
				if (room !== undefined) preview.open(room);
			},
			onMove(key) {
				const index = rooms.findIndex(({roomId}) => roomId === key);
				if (next !== undefined && !isLoading && index >= rooms.length - margin && index !== -1) void load(next);
			},
		});
	};
};
