import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {suite, test} from 'node:test';
import {recordings} from '../../scripts/lib/picture-list.ts';
import {findAll, readXml, textOf} from './svg-reading.ts';

const root = path.resolve(import.meta.dirname, '../..');
const directory = path.join(root, 'docs', 'pictures');
const read = (name: string): string => readFileSync(path.join(directory, name), 'utf8');

const pictures = recordings.flatMap(({steps}) => steps.flatMap(({picture}) => picture ?? []));
const casts = recordings.flatMap(({cast}) => cast ?? []);

/** Bytes, as a page should not wait for them. */
const [largestPicture, largestAnimation] = [60_000, 180_000];

suite('docs/pictures', () => {
	test('holds what the list names, and nothing else', () => {
		const names = [
			...pictures.map(({name}) => `${name}.svg`),
			...casts.flatMap(cast => [`${cast}.cast`, `${cast}.svg`]),
		];
		assert.deepEqual(readdirSync(directory).toSorted(), names.toSorted());
	});

	for (const {name, title, description} of pictures) {
		test(`${name}.svg is a small picture that says what it shows`, () => {
			const svg = read(`${name}.svg`);
			assert.ok(Buffer.byteLength(svg) < largestPicture);
			const element = readXml(svg);
			assert.equal(element.name, 'svg');
			assert.deepEqual(findAll(element, 'title').map(textOf), [title]);
			assert.deepEqual(findAll(element, 'desc').map(textOf), [description]);
		});
	}

	for (const cast of casts) {
		test(`${cast}.svg plays and is small`, () => {
			const svg = read(`${cast}.svg`);
			assert.ok(Buffer.byteLength(svg) < largestAnimation);
			assert.match(findAll(readXml(svg), 'style').map(textOf).join(''), /@keyframes/);
		});

		test(`${cast}.cast is an asciicast of version 2`, () => {
			const [header, ...events] = read(`${cast}.cast`)
				.trimEnd()
				.split('\n')
				.map(line => JSON.parse(line) as Record<string, unknown>);
			const recording = recordings.find(each => each.cast === cast);
			assert.equal(header?.['version'], 2);
			assert.deepEqual([header['width'], header['height']], [recording?.columns, recording?.rows]);
			const times = events.map(event => Number(event['0']));
			assert.deepEqual(
				times,
				times.toSorted((one, other) => one - other),
			);
			assert.ok(events.every(event => event['1'] === 'o' && typeof event['2'] === 'string'));
		});
	}

	test('shows nothing of the machine it was made on, and loads nothing', () => {
		for (const name of readdirSync(directory)) {
			const text = read(name).replace('xmlns="http://www.w3.org/2000/svg"', '');
			assert.doesNotMatch(text, /\/(?:home|root|tmp|Users|work|var|mnt)\//, name);
			assert.doesNotMatch(text, /127\.0\.0\.1|localhost|<script|<image|<a |url\(|@import|(?:src|href)="[^#]/, name);
		}
	});

	test('is what the README shows', () => {
		const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
		const shown = Array.from(readme.matchAll(/\]\(docs\/pictures\/([^)]+)\)/g), ([, name]) => name);
		assert.ok(shown.length > 0);
		for (const name of shown) assert.ok(readdirSync(directory).includes(name ?? ''), name);
	});
});
