/** What a check of `mx doctor` finds. */
import type {DoctorCheck} from '../commands/define-command.ts';

/** A check without its name. */
export type Finding = Omit<DoctorCheck, 'name'>;

/** @returns that all is well; `message` has no full stop, for it stands in a table. */
export const ok = (message: string): Finding => ({state: 'ok', message, next: undefined});

/** @returns something that works, but could be better. */
export const warning = (message: string, next: string): Finding => ({state: 'warning', message, next});

/** @returns something that does not work. */
export const problem = (message: string, next: string): Finding => ({state: 'problem', message, next});
