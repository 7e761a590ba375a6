/** Preferences on disk, through conf: typed, private, never discarded. */
import assert from 'node:assert/strict';
import {existsSync, lstatSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import test from 'node:test';
import type {TestContext} from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {openSettings} from '../../source/store/settings.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const now = (): number => Date.UTC(2026, 10, 25);

const freshPath = (context: TestContext): string => {
	const root = temporaryDirectory(context);
	return join(root, 'config.json');
};

const parsed = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

test('without a file the defaults hold and no file is made', context => {
	const path = freshPath(context);
	const settings = openSettings(path, now);
	assert.equal(settings.get('theme'), 'auto');
	assert.equal(settings.get('keys'), 'default');
	assert.equal(settings.get('mouse'), true);
	assert.deepEqual(settings.get('bindings'), {});
	assert.deepEqual(settings.notices, []);
	assert.equal(existsSync(path), false);
});

test('what is set is read back, now and by the next start', async context => {
	const path = freshPath(context);
	const settings = openSettings(path, now);
	await settings.set('theme', 'nord');
	await settings.set('mouse', false);
	await settings.set('bindings', {'room.next': 'Alt-J'});
	for (const store of [settings, openSettings(path, now)]) {
		assert.equal(store.get('theme'), 'nord');
		assert.equal(store.get('mouse'), false);
		assert.deepEqual(store.get('bindings'), {'room.next': 'Alt-J'});
	}
});

test('two settings written at the same time are both kept', async context => {
	const path = freshPath(context);
	const settings = openSettings(path, now);
	await Promise.all([settings.set('theme', 'nord'), settings.set('keys', 'vim')]);
	assert.deepEqual(parsed(path), {theme: 'nord', keys: 'vim'});
	assert.deepEqual([settings.get('theme'), settings.get('keys')], ['nord', 'vim']);
});

test('the file is 0600, also when it was readable before', async context => {
	const path = freshPath(context);
	const umask = process.umask(0);
	context.after(() => process.umask(umask));
	await openSettings(path, now).set('theme', 'nord');
	assert.equal(statSync(path).mode & 0o7777, 0o600);
	rmSync(path);
	writeFileSync(path, '{}', {mode: 0o644});
	await openSettings(path, now).set('theme', 'nord');
	assert.equal(statSync(path).mode & 0o7777, 0o600);
	assert.deepEqual(readdirSync(join(path, '..')), ['config.json']);
});

test('unknown keys and what a person edited meanwhile are kept', async context => {
	const path = freshPath(context);
	writeFileSync(path, '{"future": {"a.b": [1]}, "theme": "nord"}');
	const settings = openSettings(path, now);
	writeFileSync(path, '{"future": {"a.b": [1]}, "theme": "light", "other": 1}');
	await settings.set('keys', 'emacs');
	assert.deepEqual(parsed(path), {future: {'a.b': [1]}, theme: 'light', other: 1, keys: 'emacs'});
	assert.equal(settings.get('theme'), 'light');
});

test('a value that is not a good one gives the default and a notice, and stays in the file', async context => {
	const path = freshPath(context);
	writeFileSync(path, '{"theme": "../../etc/passwd", "keys": "nano", "mouse": null, "bindings": {"a": 1}}');
	const settings = openSettings(path, now);
	assert.equal(settings.get('theme'), 'auto');
	assert.equal(settings.get('keys'), 'default');
	assert.equal(settings.get('mouse'), true);
	assert.deepEqual(settings.get('bindings'), {});
	assert.equal(settings.notices.length, 4);
	await settings.set('keys', 'vim');
	assert.equal((parsed(path) as Record<string, unknown>)['theme'], '../../etc/passwd');
});

for (const text of ['', '{"theme": "nord",}', '[]', 'null']) {
	test(`a file that holds ${JSON.stringify(text)} is renamed and the defaults hold`, async context => {
		const path = freshPath(context);
		writeFileSync(path, text);
		const settings = openSettings(path, now);
		const aside = `${path}.bad-2026-11-25T00-00-00-000Z`;
		assert.equal(readFileSync(aside, 'utf8'), text);
		assert.equal(settings.get('theme'), 'auto');
		assert.equal(settings.notices.length, 1);
		assert.ok(settings.notices[0]?.includes(aside));
		await settings.set('theme', 'nord');
		assert.deepEqual(parsed(path), {theme: 'nord'});
	});
}

test('a file that a person broke after the start is set aside at the next write', async context => {
	const path = freshPath(context);
	const settings = openSettings(path, now);
	writeFileSync(path, '{broken');
	await settings.set('theme', 'nord');
	assert.deepEqual(parsed(path), {theme: 'nord'});
	assert.equal(readFileSync(`${path}.bad-2026-11-25T00-00-00-000Z`, 'utf8'), '{broken');
	assert.equal(settings.notices.length, 1);
});

test('a planted link is refused, at the start and at a write', async context => {
	const path = freshPath(context);
	const settings = openSettings(path, now);
	const target = join(path, '..', 'target');
	writeFileSync(target, '{"theme": "nord"}');
	symlinkSync(target, path);
	assert.throws(() => openSettings(path, now), ExpectedError);
	await assert.rejects(settings.set('theme', 'light'), ExpectedError);
	assert.equal(readFileSync(target, 'utf8'), '{"theme": "nord"}');
	assert.equal(lstatSync(path).isSymbolicLink(), true);
});

test('hours are kept in one way of writing, and levels of networks are words', context => {
	const path = freshPath(context);
	writeFileSync(path, JSON.stringify({quietHours: '22-7', notifyNetworks: {signal: 'mentions'}}), {mode: 0o600});
	const settings = openSettings(path, now);
	assert.equal(settings.get('quietHours'), '22:00-07:00');
	assert.deepEqual(settings.get('notifyNetworks'), {signal: 'mentions'});
	assert.deepEqual(settings.notices, []);
	writeFileSync(path, JSON.stringify({quietHours: 'night', notifyNetworks: {signal: 'loud'}}), {mode: 0o600});
	assert.deepEqual(settings.reload().problems, [
		'The setting "notifyNetworks" must be an object of networks, "bridged" or "matrix", each with "all", "direct", "mentions" or "off"; its default holds.',
		'The setting "quietHours" must be two times, as "22:00-07:00", or ""; its default holds.',
	]);
	assert.equal(settings.get('quietHours'), '');
});

test('a setting that is corrected to what held meanwhile is told of: what was said of it is to go', context => {
	const path = freshPath(context);
	writeFileSync(path, '{"mouse": "yes"}', {mode: 0o600});
	const settings = openSettings(path, now);
	assert.equal(settings.notices.length, 1);
	writeFileSync(path, '{"mouse": true}', {mode: 0o600});
	assert.deepEqual(settings.reload(), {isOther: true, problems: []});
	assert.deepEqual(settings.reload(), {isOther: false, problems: []});
});
