/** A person's mx behind a network that fails as told, and the rules that hold after every failure. */
import assert from 'node:assert/strict';
import path from 'node:path';
import {asString} from '../../source/domain/json.ts';
import type {OutboxItem} from '../../source/domain/outbox-item.ts';
import type {NetState, SendReceipt} from '../../source/domain/session.ts';
import {captureConsole, openLogFile} from '../../source/store/log-file.ts';
import {startFaultProxy, type FaultProxy, type Outcome, type ProxyRequest} from '../engine/fault-proxy.ts';
import {eventsOnServer} from '../engine/server-events.ts';
import {
	createHome,
	createRoom,
	messagesOf,
	openHome,
	waitForTexts,
	waitOnEngine,
	type EngineHome,
	type OpenOptions,
	type TestEngine,
} from '../helpers/engine.ts';
import {matrixRequest, type Access} from '../helpers/matrix-request.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {sharedSynapse, type Homeserver, type Owner} from '../helpers/synapse.ts';

export const isSync = (request: Pick<ProxyRequest, 'path'>): boolean => request.path.includes('/v3/sync');
export const isSend = (request: Pick<ProxyRequest, 'method' | 'path'>): boolean =>
	request.method === 'PUT' && request.path.includes('/send/');

/** Gives a send up after this time; only for faults that would otherwise take half a minute: real answers may need a while too. */
export const shortSends: NonNullable<OpenOptions['requestLimits']> = ({pathname}) =>
	pathname.includes('/send/') ? {deadline: 2000} : {};

// As in the engine's thread: the SDK writes to the console whatever logger it is given.
captureConsole(openLogFile({path: path.join(temporaryDirectory(), 'console.log'), now: Date.now}));

// The crypto looks for its store at a global name while it starts: one engine after the other.
let lastStart: Promise<unknown> = Promise.resolve();

/** Opens and starts an engine; it is stopped when the test ends. Resolves when the SDK is loaded. */
export const startEngineHere = async (t: Owner, home: EngineHome, options: OpenOptions = {}): Promise<TestEngine> => {
	const start = async (): Promise<TestEngine> => {
		const engine = await openHome(home, options);
		t.after(async () => engine.stop());
		await engine.start();
		await engine.session.status({});
		return engine;
	};
	const started = lastStart.then(start);
	lastStart = started.catch(() => undefined);
	return started;
};

/** Sends a text as a lone verb does, and waits for the server. */
export const sendAlone = async (
	t: Owner,
	home: EngineHome,
	message: {readonly to: string; readonly body: string; readonly timeout?: number},
): Promise<SendReceipt> => {
	const {to, body, timeout = 20_000} = message;
	const sent = lastStart.then(async () => {
		const engine = await openHome(home, {mode: 'one-shot'});
		t.after(async () => engine.stop());
		const receipt = await engine.session.send({to, content: {msgtype: 'm.text', body}, isWaiting: true, timeout});
		await engine.stop();
		return receipt;
	});
	lastStart = sent.catch(() => undefined);
	return sent;
};

export type Scene = {
	readonly proxy: FaultProxy;
	readonly server: Homeserver;
	/** To the server itself, past the proxy. */
	readonly access: Access;
	readonly home: EngineHome;
	readonly engine: TestEngine;
	readonly roomId: string;
	/** Says something in the room from elsewhere, past the proxy. */
	readonly say: (body: string) => Promise<void>;
	/** Types a message: durable when it returns. @returns its transaction id */
	readonly type: (body: string, roomId?: string) => Promise<string>;
};

let said = 0;

export type SceneOptions = Pick<OpenOptions, 'limits' | 'requestLimits'> & {
	readonly isEncrypted?: boolean;
	/** @default the shared one */
	readonly server?: Homeserver;
	/** What is in the room before mx starts. */
	readonly texts?: readonly string[];
};

/** An engine that is in step with a real server, through a proxy without faults, and a room of its own. */
export const openScene = async (t: Owner, options: SceneOptions = {}): Promise<Scene> => {
	const server = options.server ?? (await sharedSynapse());
	const proxy = await startFaultProxy(t, server.url);
	const home = await createHome(server, {url: proxy.url});
	const roomId = await createRoom(server, home.account, options);
	const access = {url: server.url, accessToken: home.account.accessToken};
	const say: Scene['say'] = async body => {
		const target = `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/said${++said}`;
		await matrixRequest(access, 'PUT', target, {msgtype: 'm.text', body});
	};
	for (const text of options.texts ?? []) await say(text);
	const engine = await startEngineHere(t, home, {...options, isNew: true});
	await engine.caughtUp;
	return {
		proxy,
		server,
		access,
		home,
		engine,
		roomId,
		say,
		type: async (body, to = roomId) => {
			const content = {msgtype: 'm.text', body};
			return (await engine.session.send({to, content, isWaiting: false, timeout: 0})).transactionId;
		},
	};
};

/** Gives the first `count` requests that pass the test these outcomes. @returns how many have had one */
export const failFirst = (
	{proxy}: Pick<Scene, 'proxy'>,
	isMeant: (request: ProxyRequest) => boolean,
	outcomes: readonly Outcome[],
): (() => number) => {
	let met = 0;
	proxy.setFault(request => {
		if (met >= outcomes.length || !isMeant(request)) return undefined;
		met += 1;
		return outcomes[met - 1];
	});
	return () => met;
};

/** Waits until the person is told of such a connection. */
export const waitForNet = async (
	engine: Pick<TestEngine, 'session' | 'subscribe'>,
	state: NetState['state'],
	cause?: RegExp,
): Promise<NetState> => {
	let net: NetState | undefined;
	return waitOnEngine(
		engine,
		async () => {
			({net} = await engine.session.status({}));
			return net.state === state && (cause === undefined || cause.test(net.cause ?? '')) ? net : undefined;
		},
		{what: () => `${state} ${cause?.source ?? ''}; it is ${JSON.stringify(net)}`},
	);
};

/** Waits for the row of a message in the outbox. */
export const waitForRow = async (
	{engine}: Pick<Scene, 'engine'>,
	roomId: string,
	isMeant: (item: OutboxItem) => boolean,
): Promise<OutboxItem> => {
	let waiting: readonly OutboxItem[] = [];
	return waitOnEngine(
		engine,
		async () => {
			({waiting} = await engine.session.read({room: roomId, count: 1}));
			return waiting.find(isMeant);
		},
		{what: () => `an outbox row; there are ${JSON.stringify(waiting)}`},
	);
};

/** The transaction ids with which a room was sent to, one for each request that reached the proxy. */
export const triedTransactions = ({proxy}: Pick<Scene, 'proxy'>, roomId: string): readonly string[] =>
	proxy.requests
		.filter(request => request.startsWith('PUT ') && request.includes(`/${encodeURIComponent(roomId)}/send/`))
		.map(request => decodeURIComponent(request.split('/').at(-1) ?? ''));

/** Requests whose path holds this, so far. */
export const countOf = ({proxy}: Pick<Scene, 'proxy'>, part: string): number =>
	proxy.requests.filter(request => request.includes(part)).length;

/**
 * What must hold once all is well again: the archive has what the server has, in its order, each once, with these texts;
 * nothing is left on its way; what failed has kept its text.
 */
export const assertAllThere = async (
	scene: Pick<Scene, 'engine' | 'access'>,
	roomId: string,
	texts: readonly string[],
	failed: readonly string[] = [],
): Promise<void> => {
	const {engine, access} = scene;
	await waitForTexts(engine, roomId, texts);
	const events = await eventsOnServer(access, roomId);
	const onServer = events.filter(({type}) => type === 'm.room.message' || type === 'm.room.encrypted');
	assert.deepEqual(
		(await messagesOf(engine, roomId)).map(({eventId}) => eventId),
		onServer.map(event => asString(event['event_id'])),
	);
	assert.equal(onServer.length, texts.length);
	const {waiting} = await waitOnEngine(
		engine,
		async () => {
			const read = await engine.session.read({room: roomId, count: 1});
			return read.waiting.every(({state}) => state === 'failed') ? read : undefined;
		},
		{what: () => 'the outbox to come to rest'},
	);
	assert.deepEqual(
		waiting.map(({content}) => content['body']),
		failed,
	);
};
