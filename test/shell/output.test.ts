/** What reaches stdout and stderr: escaped, safe, in the form that was asked for. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {ExpectedError} from '../../source/domain/errors.ts';
import {createPrint} from '../../source/shell/output.ts';
import {createTalk} from '../../source/shell/talk.ts';
import {literal} from '../../source/text/safe-text.ts';

const stream = (isTTY = false) => {
	const chunks: string[] = [];
	return {isTTY, columns: 100, write: (text: string) => void chunks.push(text), text: () => chunks.join('')};
};

const result = {
	text: () => [literal`one`, literal`two`],
	document: {name: 'x\u001B[2J\u009B\u2028\u202E', list: [1]},
	items: [{name: 'a'}, {name: '\u0085'}],
};

test('text is lines, and the view says whether a person reads them', () => {
	const out = stream(true);
	const views: unknown[] = [];
	createPrint(out, 'text')({...result, text: view => (views.push(view), result.text())});
	assert.equal(out.text(), 'one\ntwo\n');
	assert.deepEqual(views, [{isTerminal: true, columns: 100}]);
});

test('JSON is one line with its version first, and every control and hidden character is escaped', () => {
	const out = stream();
	createPrint(out, 'json')(result);
	assert.equal(out.text(), String.raw`{"v":1,"name":"x\u001b[2J\u009b\u2028\u202e","list":[1]}` + '\n');
	assert.deepEqual(JSON.parse(out.text()), {v: 1, ...result.document});
});

test('JSON lines are one object each, or the document where there is no list', () => {
	const out = stream();
	createPrint(out, 'jsonl')(result);
	assert.equal(out.text(), '{"v":1,"name":"a"}\n' + String.raw`{"v":1,"name":"\u0085"}` + '\n');
	const single = stream();
	createPrint(single, 'jsonl')({text: () => [], document: {a: 1}});
	assert.equal(single.text(), '{"v":1,"a":1}\n');
	const empty = stream();
	createPrint(empty, 'jsonl')({...result, items: []});
	assert.equal(empty.text(), '');
});

test('a failure says what happened, what to do, and what could have been meant', () => {
	const out = stream();
	createTalk({stream: out, isQuiet: true}).fail(
		new ExpectedError({
			message: 'Two rooms\u001B[31m.',
			next: 'Use --pick.',
			reason: 'ambiguous',
			candidates: ['1. A\u0007', '2. B'],
		}),
	);
	assert.equal(out.text(), 'mx: Two rooms␛[31m.\n    Use --pick.\n    1. A␇\n    2. B\n');
});

test('talk is safe, and silent when nobody wants it', () => {
	const out = stream();
	createTalk({stream: out, isQuiet: false}).say('hello\n\u001B]0;title\u0007');
	assert.equal(out.text(), 'hello ␛]0;title␇\n');
	const quiet = stream(true);
	const talk = createTalk({stream: quiet, isQuiet: true});
	talk.say('hello');
	talk.progress('working');
	assert.equal(quiet.text(), '');
});

test('a sentence is broken between words on a terminal, and not for pipes', () => {
	const sentence = `The keyring is not available: 日本語. A passphrase can protect the key of this account instead.`;
	const out = {...stream(true), columns: 40};
	createTalk({stream: out, isQuiet: false}).say(sentence);
	assert.equal(
		out.text(),
		'The keyring is not available: 日本語. A\npassphrase can protect the key of this\naccount instead.\n',
	);
	const pipe = {...stream(), columns: 40};
	createTalk({stream: pipe, isQuiet: false}).say(sentence);
	assert.equal(pipe.text(), `${sentence}\n`);
});

test('progress replaces itself on a terminal, gives way to sentences, and is not for pipes', () => {
	const out = stream(true);
	const talk = createTalk({stream: out, isQuiet: false});
	talk.progress('1 of 2');
	talk.progress('2 of 2');
	talk.say('done');
	talk.progress('');
	assert.equal(out.text(), '1 of 2\r\u001B[K2 of 2\r\u001B[Kdone\n');
	const pipe = stream();
	createTalk({stream: pipe, isQuiet: false}).progress('1 of 2');
	assert.equal(pipe.text(), '');
});
