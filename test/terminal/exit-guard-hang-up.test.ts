/** A terminal that goes away while mx reports that it goes: once such a report failed, and was reported, without end. */
import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {test} from 'node:test';
import {installExitGuard, type ExitCause} from '../../source/terminal/exit-guard.ts';

const openGuard = () => {
	const reports: unknown[] = [];
	const causes: ExitCause[] = [];
	const exited = Promise.withResolvers<number>();
	const process = Object.assign(new EventEmitter(), {pid: 1, exit: exited.resolve, kill: () => true});
	const gone = Object.assign(new Error('write EIO'), {code: 'EIO'});
	installExitGuard({
		process,
		stdout: new EventEmitter(),
		leave: () => undefined,
		leaveAtExit: () => undefined,
		onExit: async cause => void causes.push(cause),
		report: error => {
			reports.push(error);
			assert.ok(reports.length < 10, 'the failure of a report is reported');
			// The stream tells the failed write as an error that nobody handles.
			process.emit('uncaughtException', gone);
		},
	});
	return {process, gone, reports, causes, exited: exited.promise};
};

test('a failed write to a vanished terminal is a hang-up, not a bug', async () => {
	const {process, gone, reports, causes, exited} = openGuard();
	process.emit('uncaughtException', gone);
	assert.equal(await exited, 129);
	assert.deepEqual(causes, [{kind: 'hang-up'}]);
	assert.deepEqual(reports, []);
});

test('the report of a bug is not followed by a report that the report failed', async () => {
	const {process, reports, exited} = openGuard();
	const bug = new Error('a bug');
	process.emit('uncaughtException', bug);
	assert.equal(await exited, 1);
	assert.deepEqual(reports, [bug]);
});

test('the signals of one hang-up do not end the program before it has saved', async () => {
	for (const first of ['hang-up', 'SIGHUP'] as const) {
		const saved = Promise.withResolvers<void>();
		const exited = Promise.withResolvers<number>();
		const kills: unknown[] = [];
		const process = Object.assign(new EventEmitter(), {
			pid: 1,
			exit: exited.resolve,
			kill: (...values: readonly unknown[]) => kills.push(values),
		});
		const stdout = new EventEmitter();
		installExitGuard({
			process,
			stdout,
			leave: () => undefined,
			leaveAtExit: () => undefined,
			onExit: async () => saved.promise,
			report: error => assert.fail(String(error)),
		});
		if (first === 'SIGHUP') process.emit('SIGHUP', 'SIGHUP');
		else stdout.emit('error', new Error('write EIO'));
		process.emit('SIGHUP', 'SIGHUP');
		process.emit('SIGHUP', 'SIGHUP');
		assert.deepEqual(kills, []);
		saved.resolve();
		assert.equal(await exited.promise, 129);
	}
});
