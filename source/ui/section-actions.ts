/** What commands do with the sections of the inbox: fold, move, read them. What they change holds at once, and is stored behind it. */
import type {SectionActions} from '../commands/section-actions.ts';
import {inboxLayoutContent, sectionKey} from '../domain/inbox-layout.ts';
import {fixedSections, type InboxLayout, type InboxSection} from '../domain/inbox-section.ts';
import type {RoomRow} from '../domain/room.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {yesQuestion} from '../view-models/question.ts';
import {movedSection, sectionName} from '../view-models/inbox-sections.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type SectionOptions = ScreenPort & {
	readonly reader: Pick<AccountReader, 'news' | 'replaced'>;
	/** Opens a room; the keys stay where they are. */
	readonly goTo: (room: RoomRow | undefined) => void;
};

/** Milliseconds in which reading a section can be taken back. */
const undoTime = 5000;

const roomCount = (count: number): string => (count === 1 ? '1 room' : `${count} rooms`);

export const createSectionActions = (options: SectionOptions): SectionActions => {
	const {model, session, goTo} = options;
	const {inbox} = model;
	/** A section that will be read: what there is now, not what comes in before. */
	let reading: {readonly section: InboxSection; readonly until: number; readonly timer: NodeJS.Timeout} | undefined;

	const lay = (layout: InboxLayout): void => {
		model.inPanel(() => inbox.setLayout(layout));
		void sayFailure(options, async () => {
			try {
				await session.setInboxLayout({layout: inboxLayoutContent(layout)});
			} finally {
				inbox.layoutStored();
			}
		});
	};

	/** Says why there is no section to do something with. */
	const withSection = (section: InboxSection | undefined, work: (section: InboxSection) => void): void => {
		if (section !== undefined) work(section);
		else if (inbox.layout().isByTime && inbox.filter().kind === 'all')
			model.say(`All rooms are in one list: ${model.keyOf('inbox-order')} shows them by network.`);
		else model.say('There are no sections here: those of networks are in the list of all rooms.');
	};

	const read = async (): Promise<void> => {
		if (reading === undefined) return;
		const {section, until} = reading;
		clearTimeout(reading.timer);
		reading = undefined;
		await sayFailure(options, async () => {
			const {count} = await session.markAllRead({section: section.id, until});
			model.refresh('all');
			model.say(`${sectionName(section)}: ${roomCount(count)} read.`, 'ok');
		});
	};

	/** One after the other: a server takes them so. */
	const leaveAll = async (rooms: readonly RoomRow[]): Promise<void> =>
		sayFailure(options, async () => {
			for (const [index, {roomId}] of rooms.entries()) {
				model.say(`Leaving ${roomCount(rooms.length)}: ${index} done.`);
				await session.leave({roomId});
			}
			model.refresh('all');
			model.say(`You have left ${roomCount(rooms.length)}; what was said there stays in the archive.`, 'ok');
		});

	return {
		leaveReplaced() {
			const rooms = options.reader.replaced();
			if (rooms.length === 0) return model.say('No room is there that another has taken the place of.');
			const words = `Leave ${roomCount(rooms.length)} that others have taken the place of?`;
			return model.question.ask(yesQuestion(words, 'leaves', () => void leaveAll(rooms)));
		},
		toggleFold: id =>
			withSection(
				id === undefined ? inbox.currentSection() : inbox.sections().find(each => each.id === id),
				section => {
					const layout = inbox.layout();
					const key = sectionKey(section);
					const isFolded = layout.folded.includes(key);
					const wasInside = inbox.currentSection()?.id === section.id;
					const wasOnHeader = wasInside && inbox.isOnHeader();
					lay({...layout, folded: isFolded ? layout.folded.filter(each => each !== key) : [...layout.folded, key]});
					// The header is no place for the cursor any more, or the only one that is left.
					if (isFolded && wasOnHeader) goTo(inbox.enterSection(section.id));
					else if (!isFolded && wasInside) {
						inbox.enterSection(section.id);
						model.update();
					}
				},
			),
		go(number) {
			const section = inbox.sections()[number - 1];
			if (section === undefined)
				return withSection(inbox.sections()[0], () => model.say(`There are ${inbox.sections().length} sections.`));
			const room = inbox.enterSection(section.id);
			if (room === undefined) model.update();
			else goTo(room);
			return undefined;
		},
		move: by =>
			withSection(inbox.currentSection(), section => {
				if (section.id <= fixedSections.favourites) return model.say(`${sectionName(section)} stay on top.`);
				return lay({...inbox.layout(), order: movedSection(inbox.sections(), section, by)});
			}),
		toggleByTime() {
			const layout = inbox.layout();
			lay({...layout, isByTime: !layout.isByTime});
			const isByTime = inbox.layout().isByTime;
			if (isByTime) model.say(`All rooms by time: ${model.keyOf('inbox-order')} shows them by network again.`);
			else if (inbox.sections().length === 0) model.say('Rooms stand by their networks as soon as there is a bridge.');
		},
		finish: read,
		markRead() {
			if (reading !== undefined) {
				clearTimeout(reading.timer);
				model.say(`${sectionName(reading.section)} stays as it is.`);
				reading = undefined;
				return;
			}
			withSection(inbox.currentSection(), section => {
				const unread = section.unread - section.invitations;
				if (unread === 0) {
					const answers = section.invitations > 0 ? ' Invitations wait for an answer.' : '';
					model.say(`${sectionName(section)}: everything is read.${answers}`);
					return;
				}
				reading = {section, until: options.reader.news.last(), timer: setTimeout(() => void read(), undoTime)};
				const again = model.keyOf('section-read');
				model.say(`${sectionName(section)}: ${roomCount(unread)} will be read; ${again} takes it back.`);
			});
		},
	};
};
