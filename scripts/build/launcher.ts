/** The text of `dist/cli.js`: the only file that an old Node gets to see. */

/**
 * @param version lowest Node that mx runs on, for example `22.13`.
 * @returns a program that every Node since 10 can parse. It needs neither `import` nor `require`, so it does not matter
 *   whether it is taken for a module. Below `version` it says so and exits 2. Otherwise it turns the compile cache on (10 to
 *   25 % of the start), in a folder of this user alone: the shared default in /tmp could hold code of somebody else.
 */
export const createLauncher = (version: string): string => {
	const match = /^(\d+)\.(\d+)$/.exec(version);
	if (match === null) {
		throw new Error(`Not a version of the form MAJOR.MINOR: ${version}`);
	}

	const [, major, minor] = match;
	return `#!/usr/bin/env node
/* An older Node must be able to parse this file and to say what it needs: no newer syntax here. */
var version = process.versions.node.split('.').map(Number);
if (version[0] < ${major} || (version[0] === ${major} && version[1] < ${minor})) {
	process.stderr.write(
		'mx needs Node.js ${version} or newer; this is Node.js ' + process.versions.node + '.\\n' +
		'Install a newer one from https://nodejs.org or with your version manager, then run mx again.\\n'
	);
	process.exitCode = 2;
} else {
	var nodeModule = process.getBuiltinModule('node:module');
	var isWindows = process.platform === 'win32';
	var absolute = function (path) { return path && (isWindows || path.charAt(0) === '/') ? path : undefined; };
	var env = process.env;
	var caches = isWindows ? env.LOCALAPPDATA : absolute(env.XDG_CACHE_HOME) || (absolute(env.HOME) && env.HOME + '/.cache');
	var cache = env.MX_HOME
		? absolute(env.MX_HOME) && env.MX_HOME + '/cache'
		: caches && caches + (isWindows ? '/mx/cache' : '/mx');
	/* The demo leaves nothing behind. */
	var isDemo = process.argv[2] === 'demo';
	try {
		if (cache && !isDemo) {
			process.getBuiltinModule('node:fs').mkdirSync(cache + '/compile', {recursive: true, mode: 448});
			nodeModule.enableCompileCache(cache + '/compile');
		}
	} catch (error) {
		/* A home that cannot be written: mx starts without the cache, only slower. */
	}
	import('./main.js');
	/* Node writes the cache at a normal exit only, and most screens end with their terminal. */
	setTimeout(function () { nodeModule.flushCompileCache(); }, 5000).unref();
}
`;
};
