/** Where files go, by environment, platform and profile. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {accountFiles, resolveDirectories, whyUnsafe} from '../../source/domain/directories.ts';
import {ExpectedError} from '../../source/domain/errors.ts';

const linux = {home: '/home/ada', platform: 'linux'};

const usageError = (error: unknown): boolean => error instanceof ExpectedError && error.report.reason === 'usage';

test('without variables the directories are those of XDG, with the profile as last component', () => {
	assert.deepEqual(resolveDirectories({}, linux), {
		config: '/home/ada/.config/mx/default',
		data: '/home/ada/.local/share/mx/default',
		cache: '/home/ada/.cache/mx/default',
		state: '/home/ada/.local/state/mx/default',
		runtime: '/home/ada/.local/state/mx/default/runtime',
	});
});

test('XDG variables win, and relative ones are ignored as the specification says', () => {
	const environment = {
		XDG_CONFIG_HOME: '/c',
		XDG_DATA_HOME: 'relative',
		XDG_CACHE_HOME: '',
		XDG_STATE_HOME: '/s',
		XDG_RUNTIME_DIR: '/run/user/1000',
	};
	assert.deepEqual(resolveDirectories(environment, {...linux, profile: 'work'}), {
		config: '/c/mx/work',
		data: '/home/ada/.local/share/mx/work',
		cache: '/home/ada/.cache/mx/work',
		state: '/s/mx/work',
		runtime: '/run/user/1000/mx/work',
	});
});

test('MX_HOME puts everything below one directory', () => {
	const directories = resolveDirectories({MX_HOME: '/srv/mx', XDG_RUNTIME_DIR: '/run/user/1000'}, linux);
	for (const [name, path] of Object.entries(directories)) assert.equal(path, `/srv/mx/${name}/default`);
});

test('a relative MX_HOME and an unknown home are refused', () => {
	assert.throws(() => resolveDirectories({MX_HOME: 'here'}, linux), usageError);
	assert.throws(() => resolveDirectories({}, {home: '', platform: 'linux'}), usageError);
});

test('two profiles share no path, and --profile wins over MX_PROFILE', () => {
	const one = resolveDirectories({MX_PROFILE: 'one'}, linux);
	const two = resolveDirectories({MX_PROFILE: 'one'}, {...linux, profile: 'two'});
	const paths = [...Object.values(accountFiles(one)), ...Object.values(accountFiles(two))];
	assert.equal(new Set(paths).size, paths.length);
	assert.match(two.data, /\/two$/);
	assert.match(resolveDirectories({MX_PROFILE: ''}, linux).data, /\/default$/);
});

test('a profile name cannot leave its directory', () => {
	for (const profile of ['', '.', '..', '../x', 'a/b', 'a b', 'ä', 'a\0', 'x'.repeat(65)]) {
		assert.throws(() => resolveDirectories({}, {...linux, profile}), usageError, JSON.stringify(profile));
	}
	assert.match(resolveDirectories({}, {...linux, profile: 'A-b_c.9'}).data, /\/A-b_c\.9$/);
});

test('a socket path always fits, and its fallback is the same each time', () => {
	const longHome = `/home/${'ä'.repeat(60)}`;
	const deep = resolveDirectories({}, {home: longHome, platform: 'linux'});
	assert.match(deep.runtime, /^\/tmp\/mx-[0-9a-f]{16}$/);
	assert.deepEqual(resolveDirectories({}, {home: longHome, platform: 'linux'}), deep);
	const longProfile = {...linux, profile: 'p'.repeat(64)};
	const beside = resolveDirectories({XDG_RUNTIME_DIR: `/run/${'u'.repeat(40)}`}, longProfile);
	assert.match(beside.runtime, /^\/run\/u{40}\/mx\/[0-9a-f]{16}$/);
	for (let length = 1; length < 140; length += 1) {
		for (const [platform, maximum] of [['linux', 107] as const, ['darwin', 103] as const]) {
			const home = `/${'h'.repeat(length)}`;
			const {socket} = accountFiles(resolveDirectories({XDG_RUNTIME_DIR: home}, {home, platform}));
			assert.ok(Buffer.byteLength(socket) <= maximum, socket);
		}
	}
});

test('a path of exactly 107 bytes is kept on Linux', () => {
	const tail = '/mx/default/mx.sock';
	const directory = `/${'r'.repeat(107 - tail.length - 1)}`;
	const {socket} = accountFiles(resolveDirectories({XDG_RUNTIME_DIR: directory}, linux));
	assert.equal(socket, `${directory}${tail}`);
	const longer = accountFiles(resolveDirectories({XDG_RUNTIME_DIR: `${directory}r`}, linux)).socket;
	assert.notEqual(longer, `${directory}r${tail}`);
});

test('on Windows the files are in the profile of the user and the socket is a named pipe', () => {
	const directories = resolveDirectories(
		{APPDATA: 'C:\\Users\\ada\\AppData\\Roaming'},
		{home: 'C:\\Users\\ada', platform: 'win32'},
	);
	assert.equal(directories.config, 'C:\\Users\\ada\\AppData\\Roaming\\mx\\default');
	assert.equal(directories.data, 'C:\\Users\\ada\\AppData\\Local\\mx\\data\\default');
	const files = accountFiles(directories);
	assert.equal(files.accountRecord, 'C:\\Users\\ada\\AppData\\Local\\mx\\data\\default\\account.json');
	assert.match(files.socket, /^\\\\\.\\pipe\\mx-[0-9a-f]{16}$/);
});

test('a directory is safe only when it is a private one of the user', () => {
	const own = {linkOwner: undefined, isDirectory: true, owner: 1000, mode: 0o700};
	assert.equal(whyUnsafe(own, 1000), undefined);
	assert.equal(whyUnsafe({...own, linkOwner: 1000}, 1000), undefined);
	assert.equal(whyUnsafe({...own, linkOwner: 0}, 1000), 'is a symbolic link of another user');
	assert.equal(whyUnsafe({...own, owner: 0}, 1000), 'belongs to another user');
	assert.equal(whyUnsafe({...own, isDirectory: false}, 1000), 'is not a directory');
	assert.equal(whyUnsafe({...own, mode: 0o710}, 1000), 'is open to other users');
	assert.equal(whyUnsafe({...own, owner: 0, mode: 0o777}, undefined), undefined);
});
