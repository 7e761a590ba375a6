/** What crosses the border to the process that decodes pictures. */

export type PictureRequest =
	| {readonly kind: 'inspect'; readonly path: string}
	/** Into a box of pixels, never larger than it is. */
	| {
			readonly kind: 'scale' | 'encode' | 'sixel';
			readonly path: string;
			readonly width: number;
			readonly height: number;
	  };

/** A small picture, encoded. `width`, `height`: pixels. */
export type Thumbnail = {
	readonly bytes: Uint8Array;
	readonly type: 'image/jpeg' | 'image/webp';
	readonly width: number;
	readonly height: number;
};

export type PictureAnswer =
	| {
			readonly ok: true;
			readonly width: number;
			readonly height: number;
			readonly thumbnail?: Thumbnail;
			/** Of `scale`: red, green, blue and alpha, row by row. */
			readonly pixels?: Uint8Array;
			/** Of `encode`. */
			readonly png?: Uint8Array;
			/** Of `sixel`: what stands behind the raster attributes. */
			readonly sixel?: string;
	  }
	| {readonly ok: false; readonly error: string};
