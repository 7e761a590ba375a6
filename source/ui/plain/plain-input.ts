/** What is typed into the linear view, line by line: an answer, a choice, a command, or a message. One after the other. */
import type {ScreenContext} from '../../commands/define-command.ts';
import {screenOnlyWords, type PlainActions} from '../../commands/plain-table.ts';
import {screenTable} from '../../commands/screen-table.ts';
import {findSlash, parseInput} from '../../commands/slash.ts';
import {literal, safeText, type SafeText} from '../../text/safe-text.ts';
import type {ScreenModel} from '../../view-models/screen-model.ts';
import {findPlainWord, unknownWord} from './plain-help.ts';
import type {PlainLists} from './plain-lists.ts';

export type PlainInputOptions = {
	readonly model: ScreenModel;
	readonly context: ScreenContext;
	readonly print: (lines: readonly SafeText[]) => void;
	readonly lists: PlainLists;
	readonly actions: () => PlainActions;
	/** Resolves when everything that was asked for is answered. */
	readonly idle: () => Promise<void>;
	/** What came of a line is said. */
	readonly settle: () => void;
	/** @returns how many lines were said so far. */
	readonly saidCount: () => number;
	/** The text of a composer has changed. */
	readonly onWritten: () => void;
	readonly onError: (error: unknown) => void;
};

/** Behind it a line goes on in the next one. */
const continuation = / \\$/;

/** Commands that are at once what they say, or say it by what they open. */
const quitWords: ReadonlySet<string> = new Set(['quit', 'exit']);

export const createPlainInput = (options: PlainInputOptions) => {
	const {model, context, print, lists} = options;
	let waiting: string[] = [];
	let isWorking = false;
	let begun = '';
	let whenDone: (() => void) | undefined;
	/** A room was asked for and not found: what is typed next was meant for that one. */
	let lostIn: number | undefined;

	const isInRoom = (): boolean => model.openedRoom() !== undefined;

	/** Sends what stands in the composer; what stood there before stays as it was. */
	const submit = async (draft: string): Promise<void> => {
		const number = model.composerNumber();
		const {text} = model.composer();
		context.screen.submit();
		await options.idle();
		const left = model.composers.get(number).text;
		// A draft of the room is not what was typed just now.
		const kept = left === text && draft !== '' ? `${draft}\n${left}` : left === '' ? draft : left;
		if (kept === left) return;
		model.composers.apply(number, {kind: 'set', text: kept});
		model.update();
		options.onWritten();
	};

	const isEditing = (): boolean => {
		const room = model.openedRoom();
		return room !== undefined && model.writings.of(room.rid)?.kind === 'edit';
	};

	const sendText = async (text: string): Promise<void> => {
		if (!isInRoom()) return print([literal`You are in no room: /rooms lists them, /go NAME opens one.`]);
		if (lostIn === model.openedRoom()?.rid)
			return print([
				literal`Not sent: the room that you wanted was not found. An empty line says where you are; then lines are sent again.`,
			]);
		const closed = model.closedReason();
		if (closed !== undefined) return print([literal`Not sent: ${closed}.`]);
		const draft = isEditing() ? '' : model.composer().text;
		model.edit({kind: 'set', text});
		await submit(draft);
	};

	/** A line behind it must not go to the room that is still open. */
	const goTo = (room: string): void => {
		const before = model.openedRoom()?.rid;
		lostIn = options.actions().goTo(room) ? undefined : before;
	};

	const runWord = async (line: string): Promise<void> => {
		const [, word = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(line) ?? [];
		if (word === 'ok') return lists.confirm();
		const own = findPlainWord(word);
		if (own?.name === 'go') return goTo(rest.trim());
		if (own !== undefined) return own.run(rest.trim(), options.actions());
		const instead = screenOnlyWords.get(findSlash(word, screenTable)?.name ?? '');
		if (instead !== undefined) return print([safeText(`/${word} is for the screen. ${instead}`, 'name')]);
		const parsed = parseInput(line, screenTable);
		if (parsed.kind === 'refused')
			return print([
				findSlash(word, screenTable) === undefined ? unknownWord(word) : safeText(parsed.sentence, 'line'),
			]);
		if (parsed.kind !== 'command') return;
		const {command, values} = parsed;
		if (command.isTextKept === true) return sendText(line);
		// It may be about what is selected; else what it opens says so itself.
		command.run(values as Record<string, string>, context);
		await options.idle();
		if (model.focusedPane() === 'composer') model.timeline.deselect();
		model.update();
	};

	const answer = (text: string): boolean => {
		const question = model.question.current();
		if (question === undefined) return false;
		const wanted = text.trim().toLowerCase();
		const yes = wanted === 'yes' ? 'y' : wanted;
		const isKnown = question.answers.some(({key}) => key === yes);
		model.question.answer(isKnown ? yes : undefined);
		if (!isKnown)
			print([
				wanted === '' || wanted.length <= 3
					? literal`Not done.`
					: literal`Not done, and your line was not sent: type it again if it was meant for the room.`,
			]);
		return true;
	};

	const take = async (line: string): Promise<void> => {
		const before = options.saidCount();
		const isWord = line.startsWith('/') && !line.startsWith('//');
		const isAnswered = answer(line);
		if (!isAnswered && !lists.take(line)) {
			lists.leave();
			if (line.trim() === '') lostIn = undefined;
			if (line.trim() === '') options.actions().where();
			else if (isWord) await runWord(line);
			else await sendText(line);
		}
		await options.idle();
		options.settle();
		// Silence would leave open whether it was heard.
		if (isWord && options.saidCount() === before) print([literal`Done.`]);
	};

	const work = async (): Promise<void> => {
		if (isWorking) return;
		isWorking = true;
		for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
			try {
				await take(line);
			} catch (error) {
				options.onError(error);
				print([literal`That did not work; the log has the details.`]);
			}
		}
		isWorking = false;
		whenDone?.();
	};

	return {
		submit: () => void submit(''),
		isWorking: (): boolean => isWorking,
		accept(line: string): void {
			// Who waits for a server that does not answer can still go.
			if (quitWords.has(line.trim().slice(1)) && line.trim().startsWith('/')) {
				waiting = [];
				context.screen.quit();
				return;
			}
			if (continuation.test(line)) {
				begun += `${line.replace(continuation, '')}\n`;
				return;
			}
			waiting.push(`${begun}${line}`);
			begun = '';
			void work();
		},
		/** Resolves when all lines are worked off. @param rest text without a line break, which becomes a draft */
		async end(rest: string): Promise<void> {
			const done = Promise.withResolvers<void>();
			whenDone = done.resolve;
			if (isWorking) await done.promise;
			const left = `${begun}${rest}`.trim();
			if (left === '' || !isInRoom()) return;
			const {text} = model.composer();
			model.edit({kind: 'set', text: text === '' ? left : `${text}\n${left}`});
			options.onWritten();
			print([literal`Kept as a draft: ${safeText(left, 'line')}`]);
		},
	};
};
