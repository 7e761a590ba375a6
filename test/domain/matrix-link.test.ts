/** Links to rooms and people, as they are pasted. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import fc from 'fast-check';
import {matrixLink, parseMatrixLink} from '../../source/domain/matrix-link.ts';

const nowhere = {eventId: undefined, servers: []};

suite('links to Matrix things', () => {
	test('links of both kinds are read', () => {
		assert.deepEqual(parseMatrixLink('https://matrix.to/#/%23room%3Aone.test'), {id: '#room:one.test', ...nowhere});
		assert.deepEqual(parseMatrixLink('https://matrix.to/#/!a:one.test/$ev?via=one.test&via=two.test:8448'), {
			id: '!a:one.test',
			eventId: '$ev',
			servers: ['one.test', 'two.test:8448'],
		});
		assert.deepEqual(parseMatrixLink('matrix:r/room:one.test?action=join'), {id: '#room:one.test', ...nowhere});
		assert.deepEqual(parseMatrixLink('matrix:roomid/a:one.test/e/ev?via=one.test'), {
			id: '!a:one.test',
			eventId: '$ev',
			servers: ['one.test'],
		});
		assert.deepEqual(parseMatrixLink('matrix:u/ann:one.test'), {id: '@ann:one.test', ...nowhere});
	});

	test('what is no such link, or leads out of it, is none', () => {
		for (const text of [
			'#room:one.test',
			'https://one.test/#/#room:one.test',
			'https://matrix.to/#/%',
			'matrix:x/y',
			'matrix:r/',
			'https://matrix.to/#/room',
		])
			assert.equal(parseMatrixLink(text), undefined, text);
		assert.deepEqual(parseMatrixLink('https://matrix.to/#/!a:one.test?via=../x&via=a b')?.servers, []);
	});

	test('a link that is made is read back', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[a-z/?#%+ ]{1,20}$/), name => {
				const id = `!${name}:one.test`;
				assert.deepEqual(parseMatrixLink(matrixLink(id, ['one.test'])), {
					id,
					eventId: undefined,
					servers: ['one.test'],
				});
			}),
		);
	});
});
