/** Arguments of the command line: what they mean, and the sentence when they mean nothing. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {
	parseInvocation,
	splitArguments,
	type Invocation,
	type TopLevelFlags,
} from '../../source/commands/parse-arguments.ts';
import {shellTable} from '../../source/commands/shell-table.ts';
import {ExpectedError} from '../../source/domain/errors.ts';

/** Everything behind the verb; what stands before it is meow's, and tested with the program. */
const parse = (line: readonly string[], top: TopLevelFlags = {}): Invocation =>
	parseInvocation(top, splitArguments(line), shellTable);

const verbOf = (line: readonly string[], top?: TopLevelFlags) => {
	const invocation = parse(line, top);
	if (invocation.kind !== 'verb') assert.fail(`${line.join(' ')} is no verb`);
	return invocation;
};

const assertUsage = (work: () => unknown, message: RegExp, next = /./): void => {
	assert.throws(work, error => {
		assert.ok(error instanceof ExpectedError);
		assert.equal(error.report.reason, 'usage');
		assert.match(error.report.message, message);
		assert.match(error.report.next ?? '', next);
		return true;
	});
};

test('the words behind the verb become its values, and the rest becomes one text', () => {
	const {values, flags, command} = verbOf(['send', '@anna:one.test', 'are', 'you', 'there?']);
	assert.equal(command.name, 'send');
	assert.deepEqual(values, {to: '@anna:one.test', text: 'are you there?'});
	assert.equal(flags['html'], false);
	assert.equal(flags['timeout'], undefined);
});

test('without a text there is none, and an empty one stays an empty one', () => {
	assert.equal(verbOf(['send', 'Family']).values['text'], undefined);
	assert.equal(verbOf(['send', 'Family', '']).values['text'], '');
	assert.equal(verbOf(['send', 'Family', '-']).values['text'], '-');
});

test('flags stand anywhere behind the verb, short, long, with = or without', () => {
	assert.equal(verbOf(['read', 'Family', '-n', '5']).flags['count'], 5);
	assert.equal(verbOf(['read', '-n5', 'Family']).flags['count'], 5);
	assert.equal(verbOf(['read', '--count=5', 'Family']).values['room'], 'Family');
	const {values, flags} = verbOf(['send', '--timeout', '0.5', 'Family', '--no-wait', 'hello', '--reply=$abc']);
	assert.deepEqual(values, {to: 'Family', text: 'hello'});
	assert.deepEqual([flags['timeout'], flags['no-wait'], flags['reply']], [0.5, true, '$abc']);
});

test('what stands behind -- is text', () => {
	assert.equal(verbOf(['send', 'Family', '--', '--html', 'is', 'a flag']).values['text'], '--html is a flag');
	assert.equal(verbOf(['--', 'send', 'Family']).values['to'], 'Family');
});

test('global flags count before and behind the verb', () => {
	assert.equal(verbOf(['rooms', '--json']).options.format, 'json');
	assert.equal(verbOf(['rooms'], {jsonl: true}).options.format, 'jsonl');
	const {options} = verbOf(['rooms', '--profile', 'work', '--no-color', '-q']);
	assert.deepEqual(options, {
		profile: 'work',
		format: 'text',
		isQuiet: true,
		hasColour: false,
		hasMouse: true,
		isAscii: false,
		isPlain: false,
	});
	assert.equal(verbOf(['rooms'], {color: false, profile: 'home'}).options.hasColour, false);
	assert.equal(verbOf(['rooms', '--profile', 'work'], {profile: 'home'}).options.profile, 'work');
});

test('the arguments are cut at the first that is no flag', () => {
	assert.deepEqual(splitArguments(['--profile', 'work', '--json', 'rooms', '--unread']), {
		before: ['--profile', 'work', '--json'],
		verb: 'rooms',
		after: ['--unread'],
	});
	assert.deepEqual(splitArguments(['--profile=work', 'rooms']).before, ['--profile=work']);
	assert.equal(splitArguments(['-q']).verb, undefined);
});

test('no verb is the screen; help and version win over everything', () => {
	assert.equal(parse([]).kind, 'screen');
	assert.equal(parse([], {version: true}).kind, 'version');
	assert.equal(parse([], {help: true}).kind, 'help');
	assert.deepEqual(parse(['read', '--help']), {
		kind: 'help',
		verb: 'read',
		options: {
			profile: undefined,
			format: 'text',
			isQuiet: false,
			hasColour: true,
			hasMouse: true,
			isAscii: false,
			isPlain: false,
		},
	});
	// A person who asks for help has not decided on the arguments yet.
	assert.equal(parse(['send', '-h']).kind, 'help');
	assert.equal(parse(['rooms', '--version']).kind, 'version');
});

test('every verb refuses a flag that it does not have, and says which one may be meant', () => {
	for (const {name} of shellTable) assertUsage(() => parse([name, '--nonsense']), /has no flag --nonsense/, /mx help/);
	assertUsage(() => parse(['send', 'Family', '--notise']), /--notise/, /Did you mean --notice\?/);
	assertUsage(() => parse(['--jsn', 'rooms']), /mx has no flag --jsn/, /--json/);
	assertUsage(() => parse(['send', 'Family', '-x']), /-x/);
	// A name that every object has is no flag either.
	assertUsage(() => parse(['rooms', '--constructor']), /--constructor/);
});

test('every verb with a required parameter says so when it is missing', () => {
	const needy = shellTable.filter(({parameters}) =>
		Object.values(parameters).some(({isOptional}) => isOptional !== true),
	);
	assert.deepEqual(needy.map(({name}) => name).sort(), ['read', 'search', 'send']);
	assertUsage(() => parse(['send']), /mx send needs TO/, /mx help send/);
	assertUsage(() => parse(['read', ' ']), /mx read needs ROOM/);
});

test('a surplus word is refused rather than dropped', () => {
	assertUsage(() => parse(['rooms', 'everything']), /"everything"/);
	assertUsage(() => parse(['read', 'Family', 'Friends']), /"Friends"/);
});

test('a flag without its value, with a wrong one, or given twice is refused', () => {
	assertUsage(() => parse(['send', 'Family', 'x', '--reply']), /--reply needs a value/);
	assertUsage(() => parse(['send', 'Family', '--reply', '--html', 'x']), /--reply needs a value/);
	assertUsage(() => parse(['--profile']), /--profile needs a value/);
	assertUsage(() => parse(['--profile', 'a', '--profile=b', 'rooms']), /--profile is there twice/);
	assertUsage(() => parse(['rooms', '--profile=']), /--profile needs a name/);
	assertUsage(() => parse(['rooms', '--unread=yes']), /--unread takes no value/);
	assertUsage(() => parse(['send', 'a', 'x', '--txn', '1', '--txn', '2']), /--txn is there twice/);
	assertUsage(() => parse(['rooms', '--json', '--jsonl']), /exclude each other/);
	for (const value of ['0', '-3', 'many', '1.5', '1e9', '', '99999999999']) {
		assertUsage(() => parse(['read', 'Family', `--count=${value}`]), /--count needs a whole number/);
	}
	for (const value of ['0', 'soon', '-1'])
		assertUsage(() => parse(['send', 'a', 'x', `--timeout=${value}`]), /greater than 0/);
});

test('a mistyped verb leads to the nearest one', () => {
	assertUsage(() => parse(['sned', 'Family']), /no verb "sned"/, /mx send/);
	assertUsage(() => parse(['logn']), /"logn"/, /mx login/);
	assertUsage(() => parse(['frobnicate']), /"frobnicate"/, /mx --help/);
});
