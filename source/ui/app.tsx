/** The whole screen, from the immutable parts of the screen store. No state, no effects. */
import {memo, useSyncExternalStore} from 'react';
import {Box, useCursor} from 'ink';
import {literal, joinSafe} from '../text/safe-text.ts';
import type {Frame} from '../view-models/frame.ts';
import {span, type ScreenLine} from '../view-models/screen-line.ts';
import type {ScreenState} from '../view-models/screen-state.ts';
import type {Store} from '../view-models/store.ts';
import {ConversationPane} from './components/conversation-pane.tsx';
import {ErrorBoundary} from './components/error-boundary.tsx';
import {InboxPane} from './components/inbox-pane.tsx';
import {PainterContext, SafeTextLine, SafeTextLines} from './components/safe-text-line.tsx';
import type {Painter} from './painter.ts';

type Props = {
	readonly store: Store<ScreenState>;
	readonly paint: Painter;
	/** An error that stayed in its pane or row. */
	readonly onError: (error: unknown) => void;
	/** An error that nothing below could hold. */
	readonly onFatalError: (error: unknown) => void;
};

const failedPane = [span(literal`could not be shown`, 'error')];

/** A component re-renders only when its part of the state is another object. */
const usePart = <Part extends keyof ScreenState>(store: Store<ScreenState>, part: Part): ScreenState[Part] =>
	useSyncExternalStore(store.subscribe, () => store.get()[part]);

type PartProps = {readonly store: Store<ScreenState>; readonly onError: (error: unknown) => void};

/** The rule between inbox and conversation, which the separator meets where the conversation is seen. */
const dividerLines = (
	{paneRows, composerRows, menuRows, hasHint, hasSeparator}: Frame,
	isCovered: boolean,
): readonly ScreenLine[] => {
	const separator = hasSeparator && !isCovered ? paneRows - composerRows - menuRows - Number(hasHint) - 1 : -1;
	const rows = Array.from({length: paneRows}, (_, row) => (row === separator ? literal`├─` : literal`│ `));
	return rows.map(row => [span(joinSafe([row]), 'border')]);
};

/** What stands in place of a pane that failed, as wide as the pane. */
const FailedPane = ({width}: {readonly width: number}) => (
	<Box width={width} flexShrink={0}>
		<SafeTextLine line={failedPane} />
	</Box>
);

const Divider = memo(({frame, isCovered}: {readonly frame: Frame; readonly isCovered: boolean}) => (
	<Box width={2} flexShrink={0}>
		<SafeTextLines lines={dividerLines(frame, isCovered)} />
	</Box>
));

const Inbox = memo(({store, onError}: PartProps) => {
	const frame = usePart(store, 'frame');
	const view = usePart(store, 'inbox');
	if (frame.inboxWidth === 0) return null;
	return (
		<ErrorBoundary content={view} onError={onError} fallback={<FailedPane width={frame.inboxWidth} />}>
			<InboxPane view={view} width={frame.inboxWidth} height={frame.paneRows} />
		</ErrorBoundary>
	);
});

const Conversation = memo(({store, onError}: PartProps) => {
	const frame = usePart(store, 'frame');
	const header = usePart(store, 'header');
	const main = usePart(store, 'main');
	const separator = usePart(store, 'separator');
	const composer = usePart(store, 'composer');
	if (frame.conversationWidth === 0) return null;
	return (
		<ErrorBoundary content={main} onError={onError} fallback={<FailedPane width={frame.conversationWidth} />}>
			<ConversationPane {...{frame, header, main, separator, composer, onError}} />
		</ErrorBoundary>
	);
});

/** The list that is open: beside the conversation, or in its place. */
const Panel = memo(({store, onError}: PartProps) => {
	const frame = usePart(store, 'frame');
	const panel = usePart(store, 'panel');
	const width = frame.sideWidth || frame.conversationWidth;
	if (panel === undefined) return null;
	return (
		<Box width={width} height={frame.paneRows} flexShrink={0}>
			<ErrorBoundary content={panel} onError={onError} fallback={<FailedPane width={width} />}>
				<SafeTextLines lines={panel.lines} />
			</ErrorBoundary>
		</Box>
	);
});

const SideDivider = memo(({height}: {readonly height: number}) => (
	<Box width={2} flexShrink={0}>
		<SafeTextLines lines={Array.from({length: height}, () => [span(literal`│ `, 'border')])} />
	</Box>
));

const Cursor = memo(({store}: {readonly store: Store<ScreenState>}) => {
	const cursor = usePart(store, 'cursor');
	const {setCursorPosition} = useCursor();
	setCursorPosition(cursor === undefined ? undefined : {x: cursor.column, y: cursor.row});
	return null;
});

const Panes = memo(({store, onError}: PartProps) => {
	const frame = usePart(store, 'frame');
	const help = usePart(store, 'help');
	const isCovering = usePart(store, 'panel') !== undefined && frame.sideWidth === 0;
	return (
		<Box height={frame.paneRows} flexShrink={0}>
			{help === undefined ? (
				<>
					<Inbox store={store} onError={onError} />
					{frame.hasDivider && <Divider frame={frame} isCovered={isCovering} />}
					{isCovering ? <Panel store={store} onError={onError} /> : <Conversation store={store} onError={onError} />}
					{frame.sideWidth > 0 && <SideDivider height={frame.paneRows} />}
					{frame.sideWidth > 0 && <Panel store={store} onError={onError} />}
				</>
			) : (
				<SafeTextLines lines={help} />
			)}
		</Box>
	);
});

const Title = memo(({store}: {readonly store: Store<ScreenState>}) => <SafeTextLine line={usePart(store, 'title')} />);
const Status = memo(({store}: {readonly store: Store<ScreenState>}) => (
	<SafeTextLines lines={usePart(store, 'status')} />
));

const Root = memo(({store, onError}: PartProps) => {
	const {columns, rows, hasTitle, statusRows} = usePart(store, 'frame');
	return (
		<Box width={columns} height={rows} flexDirection="column">
			{hasTitle && <Title store={store} />}
			<Panes store={store} onError={onError} />
			{statusRows > 0 && <Status store={store} />}
			<Cursor store={store} />
		</Box>
	);
});

export const App = ({store, paint, onError, onFatalError}: Props) => (
	<ErrorBoundary onError={onFatalError} fallback={null}>
		<PainterContext value={paint}>
			<Root store={store} onError={onError} />
		</PainterContext>
	</ErrorBoundary>
);
