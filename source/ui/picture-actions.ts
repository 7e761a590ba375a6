/** Draws the pictures of messages where they stand: by themselves where that is wanted, and when the person wants to see one. */
import {asInteger, asObject} from '../domain/json.ts';
import type {Message} from '../domain/message.ts';
import type {Settings} from '../store/settings.ts';
import type {CharacterSet} from '../terminal/character-set.ts';
import type {ColourLevel} from '../terminal/colour-level.ts';
import {isRemote, whyNoPictures} from '../terminal/picture-protocol.ts';
import {whyNot} from '../view-models/message-abilities.ts';
import {emptyPictureLines} from '../view-models/picture-lines.ts';
import {createPictureLoader, type PictureLoaderOptions} from './picture-loader.ts';
import {sayFailure, type ScreenPort} from './screen-port.ts';

export type PictureActionOptions = ScreenPort &
	Pick<PictureLoaderOptions, 'pictures' | 'keeper' | 'protocol' | 'cell'> & {
		readonly colours: () => ColourLevel;
		readonly characters: CharacterSet;
		readonly environment: Readonly<Record<string, string | undefined>>;
		/** When pictures are drawn without being asked for. */
		readonly when: () => Settings['pictures'];
		/** What is drawn takes long to arrive. */
		readonly isSlow: () => boolean;
		/** @returns the message that is meant, or why there is none. */
		readonly findPicture: () => Message | string;
	};

export type PictureActions = {
	readonly showPicture: () => void;
	/** Draws what is seen and wanted, one picture after the other; called whenever something else may be seen. */
	readonly checkPictures: () => void;
};

/** Media that are to be hidden until somebody asks for them (MSC4193). */
const spoilerKeys = ['m.spoiler', 'page.codeberg.everypizza.msc4193.spoiler'];

const hasSpoiler = ({content}: Message): boolean => spoilerKeys.some(key => content[key] === true);

/** Pixels, as the sender says. */
const saidSize = ({content}: Message): {readonly width: number; readonly height: number} | undefined => {
	const info = asObject(content['info']);
	const [width, height] = [asInteger(info['w']), asInteger(info['h'])];
	return width !== undefined && height !== undefined && width > 0 && height > 0 ? {width, height} : undefined;
};

export const createPictureActions = (options: PictureActionOptions): PictureActions => {
	const {model, log, pictures} = options;
	const {timeline} = model;
	const loader = createPictureLoader(options);
	/** Event ids of pictures that are on their way; that the person took away; that are none. */
	const loading = new Set<string>();
	const unwanted = new Set<string>();
	const failed = new Set<string>();
	let rid: number | undefined;

	const isBare = (): boolean => model.panes.isBare();

	/** @returns why no picture can be drawn */
	const whyNotNow = (): string | undefined =>
		isBare() ? 'Pictures are not drawn in the bare view.' : whyNoPictures(options.colours(), options.characters);

	const isAutomatic = (): boolean => {
		const when = options.when();
		if (when === 'never' || whyNotNow() !== undefined || options.isSlow()) return false;
		if (model.openedRoom()?.membership !== 'join') return false;
		return when === 'always' || (options.protocol() !== 'blocks' && !isRemote(options.environment));
	};

	/** Whether a message that is seen gets its picture unasked. */
	const isWanted = (message: Message): boolean => {
		const {eventId} = message;
		if (whyNot(message, 'picture') !== undefined || unwanted.has(eventId) || failed.has(eventId)) return false;
		if (hasSpoiler(message) && !timeline.revealed().has(eventId)) return false;
		return loader.isSmall(message);
	};

	const load = async (message: Message, isAsked: boolean): Promise<boolean> => {
		const {eventId} = message;
		loading.add(eventId);
		try {
			const isDrawn = await loader.load(message, isAsked);
			if (!isDrawn) failed.add(eventId);
			return isDrawn;
		} catch (error) {
			failed.add(eventId);
			throw error;
		} finally {
			loading.delete(eventId);
			if (failed.has(eventId) && timeline.pictures.state(eventId) === 'empty')
				timeline.pictures.set(eventId, undefined);
			model.update();
		}
	};

	/** What must not be seen any more goes. @returns whether something went */
	const removeOthers = (seen: readonly Message[]): boolean => {
		const gone = isBare()
			? seen.map(({eventId}) => eventId)
			: seen.filter(message => whyNot(message, 'picture') !== undefined).map(({eventId}) => eventId);
		const drawn = gone.filter(eventId => timeline.pictures.state(eventId) !== 'none');
		for (const eventId of drawn) timeline.pictures.set(eventId, undefined);
		return drawn.length > 0;
	};

	/** Keeps the place of pictures that will come, so that nothing moves when they do. @returns whether there are some */
	const reserve = (seen: readonly Message[]): boolean => {
		const fresh = seen.filter(message => timeline.pictures.state(message.eventId) === 'none' && isWanted(message));
		for (const message of fresh) {
			const size = saidSize(message);
			const lines = size === undefined ? [] : emptyPictureLines(loader.sizeOf(size));
			timeline.pictures.set(message.eventId, {lines, isEmpty: true});
		}
		return fresh.length > 0;
	};

	const check = (): void => {
		if (pictures === undefined) return;
		// Whoever comes back tries again.
		// The rooms of a person are one timeline.
		if (rid === undefined || model.opened.roomOf(rid) === undefined) failed.clear();
		rid = model.openedRoom()?.rid;
		const seen = timeline.seen();
		const isOther = removeOthers(seen);
		if (isOther || (isAutomatic() && reserve(seen))) return model.update();
		if (loading.size > 0 || isBare()) return;
		const next = seen.findLast(({eventId}) => timeline.pictures.state(eventId) === 'empty' && !failed.has(eventId));
		if (next === undefined) return;
		load(next, false)
			.catch((error: unknown) => log.info('screen', 'a picture is not drawn', {error}))
			.finally(check);
	};

	return {
		checkPictures: check,
		showPicture() {
			const message = options.findPicture();
			if (typeof message === 'string') return model.say(message, 'warning');
			const {eventId} = message;
			if (timeline.pictures.state(eventId) === 'drawn') {
				unwanted.add(eventId);
				timeline.pictures.set(eventId, undefined);
				model.update();
				return;
			}
			const reason = whyNotNow();
			if (reason !== undefined) return model.say(reason, 'warning');
			if (loading.has(eventId) || pictures === undefined) return;
			unwanted.delete(eventId);
			failed.delete(eventId);
			model.say('Fetching the picture…', 'muted', true);
			void sayFailure(options, async () => {
				if (await load(message, true)) model.dismiss();
				else model.say('mx cannot draw this picture: o opens it in another program.', 'warning');
			});
		},
	};
};
