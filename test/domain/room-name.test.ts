/** What a bridged room is called where its network is named beside it. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {nameInNetwork} from '../../source/domain/room-name.ts';

test('what bridges put behind names goes', () => {
	assert.equal(nameInNetwork('Anna (WA)', undefined), 'Anna');
	assert.equal(nameInNetwork('Anna (WhatsApp)', undefined), 'Anna');
	assert.equal(nameInNetwork('#lab (six)', 'six'), '#lab');
	assert.equal(nameInNetwork('ircjane (six)', 'six'), 'ircjane');
});

test('what people write stays', () => {
	assert.equal(nameInNetwork('Anna (she)', undefined), 'Anna (she)');
	assert.equal(nameInNetwork('Support - Signal', undefined), 'Support - Signal');
	assert.equal(nameInNetwork('#lab (old)', 'six'), '#lab (old)');
	assert.equal(nameInNetwork('six', 'six'), 'six');
	assert.equal(nameInNetwork(' (six)', 'six'), ' (six)');
	assert.equal(nameInNetwork(' (WA)', undefined), ' (WA)');
});
