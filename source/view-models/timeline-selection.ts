/** Which entry of a timeline is selected: it is found again when messages come, go or arrive. */
import {comparePlaces, type TimelinePlace} from './account-source.ts';
import {messageOf, type TimelineItem} from './timeline-items.ts';

/** An entry that can be selected. */
export type SelectableItem = Extract<TimelineItem, {readonly kind: 'message' | 'outbox'}>;

/** What is remembered of it. */
export type Selection = {
	readonly key: string;
	readonly place: TimelinePlace | undefined;
	/** So that a message which has arrived stays selected. */
	readonly eventId: string | undefined;
	/** Where it stood last among the entries. */
	readonly index: number;
};

export const isSelectable = (item: TimelineItem | undefined): item is SelectableItem =>
	item?.kind === 'message' || item?.kind === 'outbox';

/** @returns the event id of an entry; an own message that the server does not have yet has none. */
export const eventIdOf = (item: SelectableItem): string | undefined =>
	item.kind === 'message' ? item.message.eventId : item.item.eventId;

export const selectionOf = (item: SelectableItem, index: number): Selection => ({
	index,
	key: item.key,
	place: messageOf(item),
	eventId: eventIdOf(item),
});

const lastIndex = (items: readonly TimelineItem[], fits: (item: TimelineItem) => boolean): number | undefined => {
	const index = items.findLastIndex(item => isSelectable(item) && fits(item));
	return index === -1 ? undefined : index;
};

/** @returns the index of what is selected: itself, itself as it has arrived, or the nearest one above. */
export const indexOfSelection = (items: readonly TimelineItem[], selection: Selection): number | undefined => {
	const {key, eventId, place, index} = selection;
	const own = items.findIndex(item => item.key === key);
	if (own !== -1) return own;
	const arrived =
		eventId === undefined ? undefined : lastIndex(items, item => isSelectable(item) && eventIdOf(item) === eventId);
	if (arrived !== undefined) return arrived;
	if (place === undefined) {
		const below = items.findIndex((item, at) => at >= index && isSelectable(item));
		return below === -1 ? lastIndex(items, () => true) : below;
	}
	return lastIndex(items, item => {
		const other = messageOf(item);
		return other !== undefined && comparePlaces(other, place) <= 0;
	});
};

/** @returns the index that is `steps` selectable entries below (positive) or above; the last one where there are fewer. */
export const stepSelection = (items: readonly TimelineItem[], from: number, steps: number): number => {
	const direction = Math.sign(steps);
	let found = from;
	let left = Math.abs(steps);
	for (let index = from + direction; left > 0 && index >= 0 && index < items.length; index += direction) {
		if (!isSelectable(items[index])) continue;
		found = index;
		left -= 1;
	}
	return found;
};

/** @returns the first message of the day above or below; of its own day, where it is not the first one. */
export const stepDay = (items: readonly TimelineItem[], from: number, direction: -1 | 1): number => {
	const firstOfDay = (day: number): number => {
		const next = items.findIndex((item, index) => index > day && isSelectable(item));
		return next === -1 ? from : next;
	};
	const days = items.flatMap((item, index) => (item.kind === 'day' ? [firstOfDay(index)] : []));
	const found = direction < 0 ? days.findLast(index => index < from) : days.find(index => index > from);
	if (found !== undefined) return found;
	return stepSelection(items, from, direction * items.length);
};
