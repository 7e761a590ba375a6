/** The visible rows of the timeline. Only these are mounted. */
import {memo} from 'react';
import {Box} from 'ink';
import {literal} from '../../text/safe-text.ts';
import {span} from '../../view-models/screen-line.ts';
import type {TimelineRow} from '../../view-models/timeline-rows.ts';
import type {TimelineView} from '../../view-models/timeline-view.ts';
import {ErrorBoundary} from './error-boundary.tsx';
import {SafeTextLine, SafeTextLines} from './safe-text-line.tsx';

const failedRow = [span(literal`this message could not be shown`, 'error')];

type RowProps = {readonly row: TimelineRow; readonly onError: (error: unknown) => void};

const MessageRow = memo(({row, onError}: RowProps) => (
	<Box height={row.lines.length} flexShrink={0}>
		<ErrorBoundary content={row} onError={onError} fallback={<SafeTextLine line={failedRow} />}>
			<SafeTextLines lines={row.lines} />
		</ErrorBoundary>
	</Box>
));

type PaneProps = {readonly view: TimelineView; readonly height: number; readonly onError: (error: unknown) => void};

/** Rows stand on the lower edge; a short timeline leaves the upper part blank. */
export const TimelinePane = memo(({view, height, onError}: PaneProps) => (
	<Box height={height} flexShrink={0} flexDirection="column" justifyContent="flex-end">
		{view.rows.map(row => (
			<MessageRow key={row.key} row={row} onError={onError} />
		))}
	</Box>
));
