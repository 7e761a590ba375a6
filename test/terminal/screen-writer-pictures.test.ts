/** Pictures have colours of their own, ever new ones: the writer draws them as they are and does not remember them for ever. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import headless from '@xterm/headless';
import {createScreenWriter} from '../../source/terminal/screen-writer.ts';
import {createPacedStdout} from './fake-terminal.ts';

const columns = 60;
const rows = 16;

const openWriter = () => {
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0});
	terminal.write('\u001B[?7l');
	const blocked: string[] = [];
	const {stdout, chunks} = createPacedStdout({columns, rows}, chunk => terminal.write(chunk));
	const writer = createScreenWriter(stdout, codePoint => void blocked.push(codePoint));
	/** What each cell shows: text and colours. */
	const cells = async (): Promise<readonly string[]> => {
		await new Promise<void>(resolve => {
			terminal.write('', resolve);
		});
		return Array.from({length: rows}, (_, row) => {
			const line = terminal.buffer.active.getLine(row);
			return Array.from({length: columns}, (_unused, column) => {
				const cell = line?.getCell(column);
				return `${cell?.getChars() ?? ''}${cell?.getFgColor() ?? ''},${cell?.getBgColor() ?? ''}`;
			}).join('|');
		});
	};
	/** A frame as Ink writes it. */
	const draw = (lines: readonly string[]): void =>
		void writer.stream.write(`\u001B[2K\u001B[1A\u001B[2K\u001B[G${lines.join('\n')}`);
	return {chunks, blocked, cells, draw};
};

test('pictures with ever new colours are drawn as they are, and what the writer remembers stays small', async () => {
	let colour = 0;
	/** Each cell has two colours that no other has. */
	const picture = (): readonly string[] =>
		Array.from(
			{length: rows},
			() =>
				`${Array.from({length: columns}, () => {
					colour += 1;
					return `\u001B[38;2;${colour >> 16};${(colour >> 8) & 255};${colour & 255}m\u001B[48;2;1;2;${colour & 255}m▀`;
				}).join('')}\u001B[0m`,
		);
	const writer = openWriter();
	let last = picture();
	for (let count = 0; count < 45; count++) {
		last = picture();
		writer.draw(last);
	}
	const fresh = openWriter();
	fresh.draw(last);
	assert.deepEqual(await writer.cells(), await fresh.cells());
	const whole = writer.chunks.filter(chunk => chunk.includes('\u001B[2J')).length;
	// The first frame, and once in some ten pictures that fill the screen: in a cell both colours begin one after the other.
	assert.ok(whole >= 2 && whole <= 6, `${whole} whole frames`);
	assert.deepEqual(writer.blocked, []);
});
