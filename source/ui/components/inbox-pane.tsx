/** The room list: a heading and the visible rows. */
import {memo} from 'react';
import {Box} from 'ink';
import type {InboxRow, InboxView} from '../../view-models/inbox.ts';
import {SafeTextLine} from './safe-text-line.tsx';

const RoomLine = memo(({row}: {readonly row: InboxRow}) => <SafeTextLine line={row.line} />);

type Props = {readonly view: InboxView; readonly width: number; readonly height: number};

export const InboxPane = memo(({view, width, height}: Props) => (
	<Box width={width} height={height} flexShrink={0} flexDirection="column">
		<SafeTextLine line={view.heading} />
		{view.rows.map(row => (
			<RoomLine key={row.rid} row={row} />
		))}
	</Box>
));
