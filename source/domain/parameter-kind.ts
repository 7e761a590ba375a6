/** What a parameter of a command names; completion and checks go by it. `member`: a user of the open room; `outsider`: one who is not in it. */
export type ParameterKind =
	| 'room'
	| 'user'
	| 'member'
	| 'outsider'
	| 'text'
	| 'word'
	| 'file'
	| 'number'
	| 'time'
	| 'network'
	| 'reaction';
