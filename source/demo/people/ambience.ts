/** What goes on although nobody asked: a channel that chats all day, and somebody who types and thinks better of it. */
import {tryToPerform} from './perform.ts';
import {chooseWords, createChoices} from './random.ts';
import type {Scheduler} from './scheduler.ts';
import type {Stage} from './stage.ts';

/** Milliseconds. */
const second = 1000;

/** Goes on until the scheduler stops. */
export const startAmbience = (stage: Stage, scheduler: Scheduler): void => {
	const choices = createChoices(23);
	const between = (least: number, most: number): number => (least + choices.below(most - least)) * second;
	for (const [key, {lines, told}] of stage.chatter) {
		let index = told;
		const talk = (): void => {
			const [from, line] = lines[index % lines.length] ?? ['', ''];
			index += 1;
			tryToPerform(stage, {say: chooseWords(line, choices), in: key, from});
			scheduler.after(between(20, 40), talk);
		};
		scheduler.after(between(20, 40), talk);
	}
	const hesitate = (): void => {
		const {room, person} = choices.pick(stage.hesitant);
		tryToPerform(stage, {type: 4 * second, in: room, from: person});
		scheduler.after(between(2, 4), () => tryToPerform(stage, {type: 0, in: room, from: person}));
		scheduler.after(between(45, 90), hesitate);
	};
	if (stage.hesitant.length > 0) scheduler.after(between(30, 60), hesitate);
};
