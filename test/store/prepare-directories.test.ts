/** The directories of a profile on a real disk: private, the user's own, no traps followed. */
import assert from 'node:assert/strict';
import {chmodSync, chownSync, lchownSync, mkdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import test from 'node:test';
import type {TestContext} from 'node:test';
import {resolveDirectories} from '../../source/domain/directories.ts';
import type {Directories} from '../../source/domain/directories.ts';
import {ExpectedError} from '../../source/domain/errors.ts';
import {prepareDirectories} from '../../source/store/prepare-directories.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const isRoot = process.geteuid?.() === 0;

const freshDirectories = (context: TestContext): Directories => {
	const root = temporaryDirectory(context);
	return resolveDirectories({MX_HOME: root}, {home: '/', platform: 'linux'});
};

const saying = (pattern: RegExp) => (error: unknown) => error instanceof ExpectedError && pattern.test(error.message);

test('all directories are made with 0700, whatever the umask', context => {
	const directories = freshDirectories(context);
	const umask = process.umask(0);
	context.after(() => process.umask(umask));
	prepareDirectories(directories);
	for (const path of Object.values(directories)) {
		assert.equal(statSync(path).mode & 0o7777, 0o700, path);
		assert.equal(statSync(join(path, '..')).mode & 0o7777, 0o700, path);
	}
});

test('a directory that was open is made private', context => {
	const directories = freshDirectories(context);
	mkdirSync(directories.data, {recursive: true});
	chmodSync(directories.data, 0o777);
	prepareDirectories(directories);
	assert.equal(statSync(directories.data).mode & 0o7777, 0o700);
});

test('a file in the place of a directory is refused', context => {
	const directories = freshDirectories(context);
	mkdirSync(join(directories.state, '..'), {recursive: true});
	writeFileSync(directories.state, '');
	assert.throws(() => prepareDirectories(directories), saying(/state\/default .*(directory|place)/));
});

test("the user's own link is followed", context => {
	const directories = freshDirectories(context);
	const target = join(directories.data, '..', 'elsewhere');
	mkdirSync(target, {recursive: true});
	chmodSync(target, 0o755);
	symlinkSync(target, directories.data);
	prepareDirectories(directories);
	assert.equal(statSync(target).mode & 0o7777, 0o700);
});

test('a directory of another user is refused and not touched', {skip: !isRoot}, context => {
	const directories = freshDirectories(context);
	mkdirSync(directories.cache, {recursive: true});
	chmodSync(directories.cache, 0o755);
	chownSync(directories.cache, 4711, 4711);
	assert.throws(() => prepareDirectories(directories), saying(/belongs to another user/));
	assert.equal(statSync(directories.cache).mode & 0o7777, 0o755);
});

test("another user's link is refused and its target not touched", {skip: !isRoot}, context => {
	const directories = freshDirectories(context);
	const target = join(directories.config, '..', 'target');
	mkdirSync(target, {recursive: true});
	chmodSync(target, 0o755);
	symlinkSync(target, directories.config);
	lchownSync(directories.config, 4711, 4711);
	assert.throws(() => prepareDirectories(directories), saying(/symbolic link of another user/));
	assert.equal(statSync(target).mode & 0o7777, 0o755);
});
