/** Where the answers of two servers differ. */
import {asArray, isObject, type JsonValue} from '../../source/domain/json.ts';
import type {Answered} from './ask.ts';

/** Members that Synapse alone tells, and why the demo does not. */
const ofSynapse: ReadonlyArray<readonly [request: RegExp, way: RegExp, why: string]> = [
	[/./, /\/historical$/, 'a power level of MSC2716, which was given up'],
	[/./, /\/m\.call\.invite$/, 'a power level that stands in the wrong place'],
	[/./, /\/m\.topic$/, 'topics with markup; mx shows the plain one'],
	[/ POST register$/, /\/home_server$/, 'deprecated since r0.4'],
	[/ GET devices/, /\/(?:user_id|display_name)$/, 'no part of the specification; null for a device without a name'],
	[/ GET rooms\/.*\/messages/, /\/end$/, 'Synapse tells the end of the last page too'],
	[/ GET pushrules/, /\/postcontent$/, 'MSC4306'],
	[/ POST keys\/query$/, /\/signatures\/\{anna\}$/, 'an empty list of signatures'],
	[/ GET sync/, /\/device_lists$/, 'Synapse tells of devices without keys too, and tells some changes twice'],
];

type Difference = {readonly way: string; readonly text: string};

const show = (value: JsonValue | undefined): string => JSON.stringify(value) ?? 'nothing';

/** What an element of a list is told by. */
const label = (value: JsonValue): string => {
	if (!isObject(value)) return show(value);
	const {type, state_key: key, rule_id: rule, event_id: event} = value;
	return [type, key, rule, event].filter(each => typeof each === 'string').join(' ') || show(value);
};

const differ = (way: string, demo: string, synapse: string): readonly Difference[] => [
	{way, text: `the demo has ${demo}, Synapse ${synapse}`},
];

const compare = (
	demo: JsonValue | undefined,
	synapse: JsonValue | undefined,
	{title, way}: {readonly title: string; readonly way: string},
): readonly Difference[] => {
	const isAlone = demo === undefined && ofSynapse.some(([request, member]) => request.test(title) && member.test(way));
	if (isAlone) return [];
	if (Array.isArray(demo) && Array.isArray(synapse)) {
		const [ours, theirs] = [demo as readonly JsonValue[], synapse as readonly JsonValue[]];
		// For the reason above: whoever asks once too often for keys is right, too.
		if (way.endsWith('/device_lists/changed') && ours.every(id => theirs.includes(id))) return [];
		if (ours.length === theirs.length)
			return asArray(ours).flatMap((each, index) =>
				compare(each as JsonValue, theirs[index], {title, way: `${way}/${index}`}),
			);
		return differ(way, ours.map(label).join(', '), theirs.map(label).join(', '));
	}
	if (isObject(demo) && isObject(synapse))
		return [...new Set([...Object.keys(demo), ...Object.keys(synapse)])].flatMap(key =>
			compare(demo[key], synapse[key], {title, way: `${way}/${key}`}),
		);
	return show(demo) === show(synapse) ? [] : differ(way, show(demo), show(synapse));
};

/** @returns a line for each difference that nobody has allowed, and for each one allowed that is none. */
export const differences = (demo: readonly Answered[], synapse: readonly Answered[]): readonly string[] =>
	demo.flatMap(({title, status, body, differs = {}}, index) => {
		const other = synapse[index];
		const found =
			status === other?.status
				? compare(body, other.body, {title, way: ''})
				: differ('', `${status} ${show(body)}`, `${other?.status} ${show(other?.body)}`);
		const ways = Object.keys(differs);
		const isAllowed = (way: string): boolean => ways.some(each => way.startsWith(each));
		const stale = ways.filter(each => !found.some(({way}) => way.startsWith(each)));
		return [
			...found.filter(({way}) => !isAllowed(way)).map(({way, text}) => `${title} ${way}: ${text}`),
			...stale.map(way => `${title} ${way}: no longer differs`),
		];
	});
