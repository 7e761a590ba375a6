/** The open room: header, timeline or a few lines in its place, separator, composer, hint. */
import {memo} from 'react';
import {Box} from 'ink';
import type {Frame} from '../../view-models/frame.ts';
import type {ScreenLine} from '../../view-models/screen-line.ts';
import type {ComposerView, MainView} from '../../view-models/screen-state.ts';
import {SafeTextLine, SafeTextLines} from './safe-text-line.tsx';
import {TimelinePane} from './timeline-pane.tsx';

type MainProps = {readonly main: MainView; readonly height: number; readonly onError: (error: unknown) => void};

const MainPane = memo(({main, height, onError}: MainProps) =>
	main.kind === 'timeline' ? (
		<TimelinePane view={main.timeline} height={height} onError={onError} />
	) : (
		<Box height={height} flexShrink={0} alignItems="center">
			<SafeTextLines lines={main.lines} />
		</Box>
	),
);

type Props = {
	readonly frame: Frame;
	readonly header: ScreenLine;
	readonly main: MainView;
	readonly separator: ScreenLine;
	readonly composer: ComposerView;
	readonly onError: (error: unknown) => void;
};

export const ConversationPane = memo(({frame, header, main, separator, composer, onError}: Props) => (
	<Box width={frame.conversationWidth} height={frame.paneRows} flexShrink={0} flexDirection="column">
		{frame.hasHeader && <SafeTextLine line={header} />}
		<MainPane main={main} height={frame.timelineRows} onError={onError} />
		{frame.hasSeparator && <SafeTextLine line={separator} />}
		{frame.menuRows > 0 && (
			<Box height={frame.menuRows} flexShrink={0}>
				<SafeTextLines lines={composer.menu} />
			</Box>
		)}
		{frame.composerRows > 0 && (
			<Box height={frame.composerRows} flexShrink={0}>
				<SafeTextLines lines={composer.lines} />
			</Box>
		)}
		{frame.hasHint && <SafeTextLine line={composer.hint} />}
	</Box>
));
