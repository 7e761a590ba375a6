/** Whether `@room` notifies (client-server API §m.room.power_levels, `notifications`). */
import {asInteger, asObject, type JsonObject} from './json.ts';

/** @param levels content of m.room.power_levels. @returns the power that notifying everybody takes. */
export const powerToNotify = (levels: JsonObject | undefined): number =>
	asInteger(asObject(levels?.['notifications'])['room']) ?? 50;
