/** The manual: pages written by hand, with tables in them that come from the command tables; and the man page, which comes whole from them. */
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {manPage} from './man-page.ts';
import {manualPart} from './manual-parts.ts';

/** A file of the manual as it has to be. */
export type ManualFile = {
	/** Path below the root of the project. */
	readonly file: string;
	readonly text: string;
	/** Whether it is so on disk. */
	readonly isFresh: boolean;
};

const pages = path.join('docs', 'manual');
const man = path.join('docs', 'man', 'mx.1');

/** `<!-- words: join create -->` begins a table, `<!-- end -->` ends it. */
const region = /(<!-- (?!end -->)([a-z-]+)(?:: ([^>]*?))? -->\n)[\s\S]*?(?=<!-- end -->)/g;

/** @returns a page with its tables as they have to be. @throws Error when it names what the tables do not have */
export const renewedPage = (text: string, file: string): string =>
	text.replaceAll(region, (_, begin: string, kind: string, names: string | undefined) => {
		try {
			return `${begin}\n${manualPart(kind, names?.trim().split(/\s+/) ?? []).join('\n')}\n\n`;
		} catch (error) {
			throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, {cause: error});
		}
	});

const readIfThere = (file: string): string | undefined => {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
};

/** @param root of the project. @returns all files that are generated, or in part. */
export const manualFiles = (root: string): readonly ManualFile[] => {
	const names = readdirSync(path.join(root, pages)).filter(name => name.endsWith('.md'));
	const renewed = names.map(name => {
		const file = path.join(pages, name);
		const before = readFileSync(path.join(root, file), 'utf8');
		const text = renewedPage(before, file);
		return {file, text, isFresh: text === before};
	});
	const page = manPage();
	return [...renewed, {file: man, text: page, isFresh: readIfThere(path.join(root, man)) === page}];
};
