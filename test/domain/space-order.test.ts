/** Moving rooms in a space: the order comes out as asked for, with few changes. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {moveChild, type OrderedChild} from '../../source/domain/space-order.ts';

/** As the specification sorts them; here the list's own order breaks ties. */
const sorted = (children: readonly OrderedChild[]): readonly OrderedChild[] =>
	children.toSorted(({order: first}, {order: second}) => {
		if (first === second) return 0;
		if (first === undefined) return 1;
		if (second === undefined) return -1;
		return first < second ? -1 : 1;
	});

const apply = (children: readonly OrderedChild[], roomId: string, steps: -1 | 1): readonly OrderedChild[] => {
	const orders = new Map(moveChild(children, roomId, steps).map(each => [each.roomId, each.order]));
	return sorted(children.map(child => ({...child, order: orders.get(child.roomId) ?? child.order})));
};

test('a room is where it was moved to, again and again, whatever the orders were', () => {
	const order = fc.option(fc.stringMatching(/^[ -~]{1,6}$/), {nil: undefined});
	fc.assert(
		fc.property(
			fc.array(order, {minLength: 2, maxLength: 6}),
			fc.array(fc.tuple(fc.nat(5), fc.boolean()), {maxLength: 12}),
			(orders, moves) => {
				let children = sorted(orders.map((each, index) => ({roomId: `!${index}`, order: each})));
				for (const [nth, isDown] of moves) {
					const from = nth % children.length;
					const to = from + (isDown ? 1 : -1);
					const child = children[from];
					if (child === undefined) continue;
					const expected =
						to < 0 || to >= children.length ? children : children.toSpliced(from, 1).toSpliced(to, 0, child);
					children = apply(children, child.roomId, isDown ? 1 : -1);
					assert.deepEqual(
						children.map(({roomId}) => roomId),
						expected.map(({roomId}) => roomId),
					);
					for (const {order: text} of children) assert.ok(text === undefined || /^[ -~]{1,50}$/.test(text));
				}
			},
		),
	);
});

test('where there is room between two orders, one room gets another one', () => {
	const children = ['a', 'c', 'e'].map(order => ({roomId: `!${order}`, order}));
	assert.deepEqual(moveChild(children, '!e', -1), [{roomId: '!e', order: 'b'}]);
	assert.deepEqual(moveChild(children, '!a', -1), []);
});
