/** `npm run pictures`: pictures and a recording of the demo, from the real program in a terminal, into docs/pictures. */
import {mkdir, readdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {recordings, type PictureRecording} from './lib/picture-list.ts';
import {drawAnimation} from './lib/terminal-animation.ts';
import {writeCast} from './lib/terminal-cast.ts';
import {drawPicture} from './lib/terminal-picture.ts';
import {recordTerminal, type RecordedFrame} from './lib/terminal-recording.ts';

const directory = path.resolve(import.meta.dirname, '../docs/pictures');
/** The demo's clock begins here and goes on; the next minute would show, and not every time. */
const clock = '2026-11-26T12:45';
const nextMinute = '12:46';
/** Steps of `mx demo --script`: with a script, even an empty one, people write only when written to. */
const script = path.resolve(import.meta.dirname, 'lib/demo-script.json');
const caption = {
	title: 'mx',
	description:
		'Half a minute with mx: the inbox, the next unread room, a question and its answer, an encrypted chat, the list of keys.',
};

const textOf = ({screen}: RecordedFrame): string =>
	screen.rows.map(row => row.map(({text}) => text).join('')).join('\n');

const filesOf = (
	{cast}: PictureRecording,
	frames: readonly RecordedFrame[],
): readonly (readonly [string, string])[] => [
	...frames.flatMap(({screen, picture}): readonly (readonly [string, string])[] =>
		picture === undefined ? [] : [[`${picture.name}.svg`, drawPicture(screen, picture)]],
	),
	...(cast === undefined
		? []
		: ([
				[`${cast}.cast`, writeCast(frames, caption.title)],
				[`${cast}.svg`, drawAnimation(frames, caption)],
			] as const)),
];

const files: (readonly [name: string, content: string])[] = [];
for (const recording of recordings) {
	const frames = await recordTerminal(['demo', '--clock', clock, '--script', script], recording);
	if (frames.some(frame => textOf(frame).includes(nextMinute))) {
		throw new Error(
			`It took more than a minute, and ${nextMinute} is on the screen. Run it again when less is going on.`,
		);
	}
	files.push(...filesOf(recording, frames));
}
await mkdir(directory, {recursive: true});
const names = new Set(files.map(([name]) => name));
for (const old of await readdir(directory)) if (!names.has(old)) await rm(path.join(directory, old));
for (const [name, content] of files) {
	await writeFile(path.join(directory, name), content);
	console.log(`${name.padEnd(20)} ${(Buffer.byteLength(content) / 1000).toFixed(1)} kB`);
}
