/** The tags that put a room into a section (client-server API §Room Tagging). */
import type {TaggedSection} from '../domain/room.ts';

export const sectionTags: Readonly<Record<Exclude<TaggedSection, 'normal'>, string>> = {
	favourite: 'm.favourite',
	low: 'm.lowpriority',
	// One of mx's own, as the specification has none for what is put away. It names the last message then.
	archived: 'u.archived',
};
