/** Draws a recording as one SVG that plays by itself: every row comes and goes by CSS, and stands still where motion is unwanted. */
import {createStyleSheet, drawRows, drawWindow, placeRow, type Caption} from './terminal-picture.ts';
import type {Screen} from './terminal-screen.ts';

/** A screen and how long it stays. */
export type Frame = {readonly screen: Screen; readonly seconds: number};

/** From and until when something is seen, in seconds from the start. */
type Span = readonly [start: number, end: number];

/** What is seen at one row, and when; the spans are in order and do not touch. */
type Version = {readonly row: number; readonly drawn: string; readonly spans: Span[]};

const collectVersions = (frames: readonly (readonly string[])[], times: readonly Span[]): readonly Version[] => {
	const versions = new Map<string, Version>();
	for (const [index, rows] of frames.entries()) {
		const [start, end] = times[index] ?? [0, 0];
		for (const [row, drawn] of rows.entries()) {
			if (drawn === '') continue;
			const key = `${row} ${drawn}`;
			const version = versions.get(key) ?? {row, drawn, spans: []};
			versions.set(key, version);
			const last = version.spans.at(-1);
			if (last?.[1] === start) version.spans[version.spans.length - 1] = [last[0], end];
			else version.spans.push([start, end]);
		}
	}
	return Array.from(versions.values()).sort((left, right) => left.row - right.row);
};

const percent = (time: number, total: number): string => `${Number(((100 * time) / total).toFixed(3))}%`;

/** What a keyframe sets holds until the next one, or the end, as the timing is `step-end`. */
const keyframesOf = (spans: readonly Span[], total: number): string =>
	[
		...(spans[0]?.[0] === 0 ? [] : ['0%{visibility:hidden}']),
		...spans.flatMap(([start, end]) => [
			`${percent(start, total)}{visibility:visible}`,
			...(end === total ? [] : [`${percent(end, total)}{visibility:hidden}`]),
		]),
	].join('');

/**
 * @param frames at least one, all of the size of the first. Their times are rounded to milliseconds by the caller.
 * @returns a whole SVG document that repeats for ever; without animation it shows the last frame.
 */
export const drawAnimation = (frames: readonly Frame[], caption: Caption): string => {
	const sheet = createStyleSheet();
	const drawn = frames.map(({screen}) => drawRows(screen, sheet));
	let total = 0;
	const times = frames.map(({seconds}): Span => {
		const start = total;
		total = Math.round((total + seconds) * 1000) / 1000;
		return [start, total];
	});
	const versions = collectVersions(drawn, times);

	// What is seen at several rows, as when a list moves, is drawn once.
	const uses = Map.groupBy(versions, version => version.drawn);
	const shared = new Map(
		Array.from(uses)
			.filter(([text, users]) => users.length > 1 && text.length > 60)
			.map(([text], index) => [text, `r${index}`]),
	);

	const animations = new Map<string, string>();
	const groups = versions.map(({row, drawn: text, spans}) => {
		const id = shared.get(text);
		const content = id === undefined ? text : `<use href="#${id}"/>`;
		if (spans[0]?.[0] === 0 && spans[0][1] === total) return placeRow(row, content);
		const keyframes = keyframesOf(spans, total);
		const name = animations.get(keyframes) ?? `k${animations.size}`;
		animations.set(keyframes, name);
		return placeRow(row, content, `${spans.at(-1)?.[1] === total ? 'last' : 'gone'} ${name}`);
	});
	const style = [
		sheet.rules(),
		'.gone{visibility:hidden}',
		'@media (prefers-reduced-motion:no-preference){',
		`.last,.gone{animation:${total}s step-end infinite}`,
		...Array.from(animations, ([keyframes, name]) => `@keyframes ${name}{${keyframes}}`),
		...Array.from(animations.values(), name => `.${name}{animation-name:${name}}`),
		'}',
	].join('\n');
	const definitions = Array.from(shared, ([text, id]) => `<g id="${id}">${text}</g>`).join('\n');
	const content = [...(definitions === '' ? [] : [`<defs>\n${definitions}\n</defs>`]), ...groups].join('\n');
	const [first] = frames;
	return drawWindow({columns: first?.screen.columns ?? 0, rows: first?.screen.rows.length ?? 0}, caption, {
		style,
		content,
	});
};
