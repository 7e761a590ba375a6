/** The pictures of the account and of rooms: uploaded in the clear, as everybody sees them. */
import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {buffer} from 'node:stream/consumers';
import {ExpectedError} from '../domain/errors.ts';
import type {JsonObject} from '../domain/json.ts';
import {typeOfName} from '../domain/media.ts';
import type {MediaRequests} from '../domain/media-requests.ts';
import {lackOfPower} from '../domain/room-power.ts';
import {toExpectedError} from '../matrix/expected-errors.ts';
import type {MediaCalls} from '../matrix/media-calls.ts';
import type {createRoomCalls} from '../matrix/room-calls.ts';
import type {Pictures} from '../pictures/pictures.ts';
import type {AccountReader} from '../store/account-reader.ts';
import {fileError} from '../store/private-files.ts';
import {withoutMetadata} from './clean-files.ts';

export type AvatarOptions = {
	readonly userId: string;
	readonly media: Pick<MediaCalls, 'upload'>;
	readonly calls: Pick<ReturnType<typeof createRoomCalls>, 'putState' | 'setAvatar'>;
	readonly pictures: Pick<Pictures, 'inspect'>;
	readonly reader: Pick<AccountReader, 'roomById' | 'details'>;
};

/** Milliseconds that it may take. */
const patience = 5 * 60_000;
/** Bytes of a picture that nothing could make smaller. */
const largest = 2_000_000;

const usual: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

const refused = (message: string): ExpectedError => new ExpectedError({message, reason: 'refused'});

type Picture = {readonly bytes: Uint8Array; readonly info: JsonObject & {readonly mimetype: string}};

export const createAvatars = (options: AvatarOptions): Pick<MediaRequests, 'setAvatar'> => {
	const {userId, media, calls, reader} = options;

	/** A large one is sent small: nobody sees more of it. */
	const readPicture = async (path: string): Promise<Picture> => {
		const type = typeOfName(path);
		if (!usual.has(type)) throw refused('A picture is a PNG, JPEG, WebP or GIF file.');
		const facts = await options.pictures.inspect(path);
		if (facts?.thumbnail !== undefined) {
			const {bytes, type: mimetype, width: w, height: h} = facts.thumbnail;
			return {bytes, info: {mimetype, size: bytes.length, w, h}};
		}
		const {size} = await stat(path);
		if (size > largest) throw refused('The picture is larger than 2 MB.');
		// Everybody sees it.
		const bytes = await buffer(withoutMetadata(createReadStream(path), path));
		const dimensions = facts === undefined ? {} : {w: facts.width, h: facts.height};
		return {bytes, info: {mimetype: type, size: bytes.length, ...dimensions}};
	};

	const upload = async ({bytes, info}: Picture): Promise<string> =>
		media.upload({
			type: info.mimetype,
			name: undefined,
			size: bytes.length,
			body: (async function* () {
				yield bytes;
			})(),
			onProgress: () => undefined,
			signal: AbortSignal.timeout(patience),
		});

	const requirePower = (roomId: string): void => {
		const room = reader.roomById(roomId);
		if (room === undefined) throw new ExpectedError({message: `The room ${roomId} is not known.`, reason: 'notFound'});
		if (room.membership !== 'join') throw refused('You are not in this room any more.');
		const power = reader.details.power(room.rid);
		const lack = lackOfPower(power.of(userId), power.toSetState('m.room.avatar'), 'change the picture');
		if (lack !== undefined) throw refused(lack);
	};

	return {
		async setAvatar({path, roomId}) {
			if (roomId !== undefined) requirePower(roomId);
			try {
				let picture: Picture | undefined;
				try {
					picture = path === undefined ? undefined : await readPicture(path);
				} catch (error) {
					throw fileError(path ?? '', error);
				}
				const uri = picture === undefined ? undefined : await upload(picture);
				if (roomId === undefined) await calls.setAvatar(userId, uri ?? '');
				else
					await calls.putState(
						roomId,
						{type: 'm.room.avatar'},
						uri === undefined ? {} : {url: uri, info: picture?.info ?? {}},
					);
			} catch (error) {
				throw toExpectedError(error, 'change the picture');
			}
			return {};
		},
	};
};
