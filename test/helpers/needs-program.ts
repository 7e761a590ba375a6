/** Tests that need a program which is not everywhere: nobody overlooks that they are left out. */
import {spawnSync} from 'node:child_process';
import process from 'node:process';

/**
 * @param version the argument to which the program tells its version.
 * @param what the tests that need it.
 * @returns options of a test: skipped with a reason where the program is missing.
 * @throws Error with that reason when `MX_REQUIRE_SERVERS` is 1, as in CI: nothing is skipped there.
 */
export const needsProgram = (program: string, version: string, what: string): {readonly skip?: string} => {
	if (spawnSync(program, [version]).status === 0) return {};
	const reason = `${program} is not installed: ${what} left out`;
	if (process.env['MX_REQUIRE_SERVERS'] === '1') throw new Error(`MX_REQUIRE_SERVERS is 1, but ${reason}`);
	console.error(`SKIPPED: ${reason}`);
	return {skip: reason};
};
