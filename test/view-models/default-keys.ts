/** The keys that sentences name while nothing is bound anew. */
import {createKeyTable} from '../../source/ui/key-table.ts';

export const {keyOf, label: keyLabel} = createKeyTable('unicode');
