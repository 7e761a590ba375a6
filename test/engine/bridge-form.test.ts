/** A sign-in through the API of a bridge that does not behave. */
import assert from 'node:assert/strict';
import {suite, test} from 'node:test';
import type {JsonObject} from '../../source/domain/json.ts';
import {startBridgeForm} from '../../source/engine/bridges/form.ts';
import type {LoginSteps} from '../../source/engine/bridges/login-steps.ts';
import {createProvisioningApi} from '../../source/matrix/provisioning-calls.ts';

type Told = Parameters<LoginSteps['tell']>[0];

const shown = {
	login_id: 'p1',
	step_id: 'qr',
	type: 'display_and_wait',
	instructions: 'Scan this.',
	display_and_wait: {type: 'qr', data: '2@abc'},
};

/** Begins to sign in. @param answer what the bridge says to the step of this number, and with which status */
const begin = async (answer: (step: number) => readonly [status: number, body: JsonObject]) => {
	const told: Told[] = [];
	const ended = Promise.withResolvers<Told>();
	let steps = 0;
	const api = createProvisioningApi({
		baseUrl: 'https://bridge.example.org',
		userId: '@me:example.org',
		token: async () => 'token',
		async send(input) {
			const path = input instanceof Request ? input.url : input.toString();
			if (path.includes('/login/flows')) return Response.json({flows: [{id: 'qr', name: 'QR'}]});
			if (path.includes('/login/start/')) return Response.json(shown);
			steps += 1;
			const [status, body] = answer(steps);
			return Response.json(body, {status});
		},
	});
	const form = await startBridgeForm(api, {}, now => {
		told.push(now);
		if (now.outcome !== undefined) ended.resolve(now);
	});
	return {form, told, ended: ended.promise, steps: () => steps};
};

suite('a sign-in by steps', () => {
	test('says once what the bridge says again with each code', async () => {
		const {ended} = await begin(step =>
			step < 3 ? [200, shown] : [200, {login_id: 'p1', step_id: 'done', type: 'complete', instructions: 'Signed in'}],
		);
		assert.deepEqual((await ended).said, ['Scan this.', 'Signed in']);
	});

	test('is over when the bridge has forgotten it', async () => {
		const {ended} = await begin(() => [404, {errcode: 'M_NOT_FOUND', error: 'Login not found'}]);
		const {outcome, said} = await ended;
		assert.deepEqual([outcome, said.at(-1)], ['failed', 'Login not found']);
	});

	test('asks for nothing more when it is given up', async () => {
		const {form, told, steps} = await begin(() => [200, shown]);
		await form.stop();
		const before = steps();
		await form.answer({});
		assert.deepEqual([told.length, steps()], [1, before]);
	});
});
