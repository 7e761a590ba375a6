/** The named moments at which a test kills mx: just before or just after something is committed, asked or renamed. */

/** One statement of a transaction. */
export type Write = {
	readonly sql: string;
	readonly parameters: readonly unknown[];
	/** Name of the crypto's object store that is written; empty elsewhere. */
	readonly store: string;
};

export type Moment =
	| {
			readonly kind: 'commit';
			readonly database: 'account.db' | 'crypto.db';
			/** Whether a transaction of these writes is meant. */
			readonly matches: (writes: readonly Write[]) => boolean;
	  }
	| {readonly kind: 'request'; readonly method: string; readonly path: RegExp}
	| {readonly kind: 'rename'; readonly file: string};

/** What has to happen, besides messages in both directions, for a moment to come. */
export type Provocation = 'first start' | 'new device' | 'claimed keys' | 'gap' | 'setting';

type Action = {
	readonly name: string;
	readonly moment: Moment;
	readonly needs?: Provocation;
	/** Whether it happens once in a run; else any of the first three times may be meant. */
	readonly isRare?: boolean;
	/** @default before and after */
	readonly sides?: readonly Side[];
};

/** `within`: all is written, and nothing is committed. */
type Side = 'before' | 'within' | 'after';

export type CrashPoint = {
	readonly name: string;
	readonly side: Side;
	readonly moment: Moment;
	readonly needs: Provocation | undefined;
	readonly isRare: boolean;
};

const archived = (isMeant: (write: Write) => boolean): Moment => ({
	kind: 'commit',
	database: 'account.db',
	matches: writes => writes.some(isMeant),
});
const archivedSql = (pattern: RegExp): Moment => archived(({sql}) => pattern.test(sql));
const savedKeys = (store: RegExp): Moment => ({
	kind: 'commit',
	database: 'crypto.db',
	matches: writes => writes.some(write => store.test(write.store)),
});
const request = (method: string, path: RegExp): Moment => ({kind: 'request', method, path});
const isMeta = (key: string) => (write: Write) =>
	write.sql.startsWith('INSERT INTO meta(') && write.parameters[0] === key;

/** In the order in which a first start meets them. */
const ofFirstStart: readonly Action[] = [
	{name: 'a schema step', moment: archivedSql(/PRAGMA user_version = /), sides: ['before', 'within', 'after']},
	{name: 'the access token', moment: archived(isMeta('access_token'))},
	{name: 'the keys of the device', moment: savedKeys(/^core$/)},
	{name: 'the first upload of keys', moment: request('POST', /\/keys\/upload$/)},
];

const ofEveryDay: readonly Action[] = [
	{name: 'a message in the outbox', moment: archivedSql(/^INSERT INTO outbox/)},
	{name: 'the mark that a message is going out', moment: archivedSql(/^UPDATE outbox SET state = 'inflight'/)},
	{
		name: 'the mark that a message is sent',
		moment: archived(({sql, parameters}) => sql.startsWith('UPDATE outbox SET state = ?') && parameters[0] === 'sent'),
	},
	{name: 'the echo of an own message', moment: archivedSql(/^UPDATE outbox SET state = 'sent'/)},
	{name: 'rooms of a response', moment: archivedSql(/^UPDATE chunk SET highest/)},
	{name: 'the sync token', moment: archived(isMeta('next_batch'))},
	{name: 'decrypted messages', moment: archivedSql(/^UPDATE event SET encryption = 2/)},
	{name: 'a page of older messages', moment: archivedSql(/^UPDATE chunk SET lowest/), needs: 'gap', isRare: true},
	{name: 'a draft', moment: archivedSql(/^INSERT INTO draft/)},
	{name: 'a read marker', moment: archivedSql(/^UPDATE room SET is_marked_unread = 0/)},
	{name: 'a received room key', moment: savedKeys(/^olm_hashes$/)},
	{name: 'the session of an encrypted message', moment: savedKeys(/^outbound_group_sessions$/)},
	{name: 'a setting', moment: {kind: 'rename', file: 'config.json'}, needs: 'setting', isRare: true},
	{name: 'the request of a plain message', moment: request('PUT', /\/send\/m\.room\.message\//)},
	{name: 'the request of an encrypted message', moment: request('PUT', /\/send\/m\.room\.encrypted\//)},
	{name: 'a sync request', moment: request('GET', /\/sync$/)},
	{name: 'a request for older messages', moment: request('GET', /\/messages$/), needs: 'gap', isRare: true},
	{name: 'the request of a read marker', moment: request('POST', /\/read_markers$/)},
	{name: 'a request for device keys', moment: request('POST', /\/keys\/query$/), needs: 'new device'},
	{name: 'a claim of keys', moment: request('POST', /\/keys\/claim$/), needs: 'new device', isRare: true},
	{name: 'a later upload of keys', moment: request('POST', /\/keys\/upload$/), needs: 'claimed keys', isRare: true},
	{name: 'the sharing of a room key', moment: request('PUT', /\/sendToDevice\/m\.room\.encrypted\//), isRare: true},
	{name: 'a key backup', moment: request('PUT', /\/room_keys\/keys$/), isRare: true},
];

const pointsOf = ({name, moment, needs, isRare = false, sides = ['before', 'after']}: Action): readonly CrashPoint[] =>
	sides.map(side => ({name: `${side} ${name}`, side, moment, needs, isRare}));

/** The moments of a device's first start, in their order. */
export const firstStartPoints: readonly CrashPoint[] = ofFirstStart
	.map((action): Action => ({...action, needs: 'first start', isRare: true}))
	.flatMap(pointsOf);

/** All others, by what happens; they come in any order and again and again. */
export const dailyPoints: ReadonlyArray<readonly CrashPoint[]> = ofEveryDay.map(pointsOf);

/** Somebody has begun an Olm session by a message, and what the message brought is not stored yet. */
export const newSessionPoint: CrashPoint = {
	name: 'after an Olm session that somebody has begun',
	side: 'after',
	moment: {
		kind: 'commit',
		database: 'crypto.db',
		matches: writes =>
			['session', 'devices'].every(store => writes.some(write => write.store === store)) &&
			!writes.some(write => write.store === 'olm_hashes'),
	},
	needs: undefined,
	isRare: true,
};

/** @throws Error for a name that is not in the lists */
export const crashPointOf = (name: string): CrashPoint => {
	const point = [...firstStartPoints, ...dailyPoints.flat(), newSessionPoint].find(
		candidate => candidate.name === name,
	);
	if (point === undefined) throw new Error(`There is no crash point "${name}".`);
	return point;
};
