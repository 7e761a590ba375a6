/** What the screen shows, as immutable parts; a part that did not change is the same object. */
import type {Frame} from './frame.ts';
import type {InboxView} from './inbox.ts';
import type {PanelView} from './panel.ts';
import type {ScreenLine} from './screen-line.ts';
import type {TimelineView} from './timeline-view.ts';

/** Where keys go. */
export type Pane = 'inbox' | 'timeline' | 'composer' | 'panel';

/** What stands between header and composer. */
export type MainView =
	| {readonly kind: 'timeline'; readonly timeline: TimelineView}
	| {readonly kind: 'lines'; readonly lines: readonly ScreenLine[]};

export type ComposerView = {
	/** What is offered above the text; as many lines as the frame has for it. */
	readonly menu: readonly ScreenLine[];
	readonly lines: readonly ScreenLine[];
	readonly hint: ScreenLine;
};

export type ScreenState = {
	readonly frame: Frame;
	readonly title: ScreenLine;
	readonly inbox: InboxView;
	readonly header: ScreenLine;
	readonly main: MainView;
	readonly separator: ScreenLine;
	readonly composer: ComposerView;
	/** As many lines as the frame has for it. */
	readonly status: readonly ScreenLine[];
	/** Cell of the screen, from 0; `undefined`: hidden. */
	readonly cursor: {readonly column: number; readonly row: number} | undefined;
	/** The list that is open; `undefined`: none. */
	readonly panel: PanelView | undefined;
	/** Lines that cover the panes; `undefined`: the help is closed. */
	readonly help: readonly ScreenLine[] | undefined;
};

/** @returns `before` with the parts of `next` that say something else. */
export const keepParts = (before: ScreenState, next: ScreenState): ScreenState => {
	const same = <Value>(old: Value, fresh: Value): Value =>
		JSON.stringify(old) === JSON.stringify(fresh) ? old : fresh;
	const sameMain = (old: MainView, fresh: MainView): MainView => {
		if (old.kind === 'timeline' && fresh.kind === 'timeline') return old.timeline === fresh.timeline ? old : fresh;
		return old.kind === fresh.kind ? same(old, fresh) : fresh;
	};
	const kept: ScreenState = {
		frame: same(before.frame, next.frame),
		title: same(before.title, next.title),
		inbox: next.inbox,
		header: same(before.header, next.header),
		main: sameMain(before.main, next.main),
		separator: same(before.separator, next.separator),
		composer: same(before.composer, next.composer),
		status: same(before.status, next.status),
		cursor: same(before.cursor, next.cursor),
		panel: same(before.panel, next.panel),
		help: same(before.help, next.help),
	};
	const parts = Object.keys(kept) as readonly (keyof ScreenState)[];
	return parts.every(part => kept[part] === before[part]) ? before : kept;
};
