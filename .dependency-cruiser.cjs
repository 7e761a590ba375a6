// Who may import whom: the table of docs/architecture.md, folder by folder. Change the table when it is wrong, never the tool.
const folders = {
	domain: {ours: [], packages: []},
	text: {
		ours: ['domain'],
		packages: ['emojibase-data', 'htmlparser2', 'lowlight', 'markdown-it', 'qr', 'string-width'],
	},
	terminal: {ours: ['domain'], packages: ['string-width']},
	bridges: {ours: ['domain'], packages: []},
	'view-models': {ours: ['domain', 'text', 'bridges'], packages: ['fuzzysort']},
	store: {ours: ['domain', 'text'], packages: ['better-sqlite3-multiple-ciphers', 'conf', 'keytar']},
	matrix: {ours: ['domain', 'store'], packages: ['matrix-js-sdk']},
	engine: {ours: ['domain', 'text', 'bridges', 'store', 'matrix', 'instance', 'pictures'], packages: []},
	pictures: {ours: [], packages: ['sharp']},
	commands: {ours: ['domain', 'text', 'bridges'], packages: []},
	instance: {ours: ['domain'], packages: []},
	ui: {
		ours: ['domain', 'text', 'terminal', 'bridges', 'commands', 'view-models', 'store', 'pictures'],
		packages: ['ink', 'react', 'chalk'],
	},
	shell: {
		ours: ['domain', 'text', 'terminal', 'commands', 'instance', 'store', 'matrix', 'engine', 'ui', 'demo', 'pictures'],
		packages: [],
	},
	demo: {ours: ['domain'], packages: ['@matrix-org/matrix-sdk-crypto-wasm']},
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		{name: 'no-cycles', severity: 'error', from: {}, to: {circular: true}},
		{name: 'no-orphans-in-tests', severity: 'error', from: {path: '^source'}, to: {path: '^(test|bench|scripts)'}},
		...Object.entries(folders).map(([folder, {ours}]) => ({
			name: `${folder}-imports-only-${ours.join('-') || 'itself'}`,
			severity: 'error',
			from: {path: `^source/${folder}/`},
			to: {path: '^(source|cli)', pathNot: `^source/(${[folder, ...ours].join('|')})/`},
		})),
		...Object.entries(folders).map(([folder, {packages}]) => ({
			name: `${folder}-packages`,
			severity: 'error',
			from: {path: `^source/${folder}/`},
			to: {
				dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'unknown', 'undetermined'],
				pathNot: `node_modules/(${['@types/node', ...packages].join('|')})/`,
			},
		})),
		{
			name: 'heavy-parts-are-lazy',
			comment: 'cli.tsx and the shell reach the engine, the SDK, the driver and the screen only by await import().',
			severity: 'error',
			from: {path: '^(cli|source/shell)'},
			to: {path: '^source/(engine|matrix|store|ui|demo)/', dynamic: false, dependencyTypesNot: ['type-only']},
		},
		{
			name: 'sdk-in-one-folder',
			severity: 'error',
			from: {pathNot: '^source/matrix/'},
			to: {path: 'node_modules/matrix-js-sdk'},
		},
	],
	options: {
		doNotFollow: {path: 'node_modules'},
		tsPreCompilationDeps: 'specify',
		tsConfig: {fileName: 'tsconfig.json'},
		enhancedResolveOptions: {exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default']},
	},
};
