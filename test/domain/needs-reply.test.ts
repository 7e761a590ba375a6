/** Who waits for an answer: a chat of two and mentions, answers of all kinds, bots, what the person dismissed. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import {needsReplySince, type Remark, type ReplyFacts} from '../../source/domain/needs-reply.ts';

const me = '@me:one.test';
const ghost = '@signal_me:one.test';
const bot = '@signalbot:one.test';

/** Remarks as letters, oldest first: `a` Anna, `A` Anna names me, `m` me, `g` my ghost, `b` the bot, `n` a notice of Anna, `r` my reaction, `x` her reaction. */
const remarks = (letters: string): readonly Remark[] =>
	Array.from(letters, (letter, index): Remark => ({
		eventId: `$${index}`,
		timestamp: 100 + index,
		sender: {m: me, r: me, g: ghost, b: bot}[letter] ?? '@anna:one.test',
		kind: letter === 'n' ? 'notice' : letter === 'r' || letter === 'x' ? 'reaction' : 'message',
		isMention: letter === 'A',
	})).toReversed();

const facts = (more: Partial<ReplyFacts> = {}): ReplyFacts => ({
	isDirect: true,
	isOwn: userId => userId === me || userId === ghost,
	isNobody: userId => userId === bot,
	dismissed: undefined,
	...more,
});

suite('needs reply', () => {
	const cases: readonly (readonly [
		what: string,
		letters: string,
		since: number | undefined,
		more?: Partial<ReplyFacts>,
	])[] = [
		['nothing was said', '', undefined],
		['somebody has written', 'a', 100],
		['the age is that of the first that was not answered', 'maaa', 101],
		['I have answered', 'aam', undefined],
		['I have answered on the phone', 'aag', undefined],
		['I have answered with a reaction', 'aar', undefined],
		['a reaction asks for nothing', 'amx', undefined],
		['a reaction of the other does not answer', 'ax', 100],
		['a bot asks for nothing', 'ab', 100],
		['a bot alone', 'mb', undefined],
		['a notice is no answer and no question', 'mn', undefined],
		['somebody wrote again', 'ama', 102],
		['in a group, words to all', 'aaa', undefined, {isDirect: false}],
		['in a group, one to me', 'aAa', 101, {isDirect: false}],
		['in a group, answered later', 'Aaam', undefined, {isDirect: false}],
		['in a group, two to me', 'mAaA', 101, {isDirect: false}],
		['dismissed', 'aa', undefined, {dismissed: {eventId: '$1', time: 101}}],
		['dismissed until the next message', 'aaa', 102, {dismissed: {eventId: '$1', time: 101}}],
		['dismissed at something that is not known here', 'aa', 101, {dismissed: {eventId: '$x', time: 100}}],
	];
	for (const [what, letters, since, more] of cases)
		test(`${what}: ${letters || 'nothing'}`, () => {
			assert.equal(needsReplySince(remarks(letters), facts(more)), since);
		});

	test('what came behind the dismissed message counts, whatever its clock says', () => {
		const [late, ...others] = remarks('aaa');
		assert.ok(late !== undefined);
		const delayed = [{...late, timestamp: 5}, ...others];
		assert.equal(needsReplySince(delayed, facts({dismissed: {eventId: '$1', time: 101}})), 5);
	});
});
