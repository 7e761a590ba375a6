/** All commands of the screen: keys, slash commands and help come from this table. */
import type {ScreenCommand} from './define-command.ts';
import {appearanceCommands} from './screen/appearance.ts';
import {bridgeCommands} from './screen/bridges.ts';
import {completionCommands} from './screen/completion.ts';
import {composerCommands} from './screen/composer.ts';
import {devtoolsCommands} from './screen/devtools.ts';
import {encryptionCommands} from './screen/encryption.ts';
import {findCommands} from './screen/find.ts';
import {inboxCommands} from './screen/inbox.ts';
import {mediaCommands} from './screen/media.ts';
import {mergingCommands} from './screen/merging.ts';
import {messageWordCommands} from './screen/message-words.ts';
import {messageCommands} from './screen/message.ts';
import {messageCareCommands} from './screen/message-care.ts';
import {panelCommands} from './screen/panel.ts';
import {peopleCommands} from './screen/people.ts';
import {pollCommands} from './screen/polls.ts';
import {placeCommands} from './screen/places.ts';
import {notifyCommands} from './screen/notify.ts';
import {receiptCommands} from './screen/receipts.ts';
import {roomAdministrationCommands} from './screen/room.ts';
import {roomCommands} from './screen/rooms.ts';
import {searchCommands} from './screen/search.ts';
import {screenCommands} from './screen/screen.ts';
import {writingCommands} from './screen/writing.ts';
import {verificationCommands} from './screen/verification.ts';
import {snoozingCommands} from './screen/snoozing.ts';
import {timelineCommands} from './screen/timeline.ts';

export const screenTable: readonly ScreenCommand[] = [
	...composerCommands,
	...messageWordCommands,
	...pollCommands,
	...completionCommands,
	...writingCommands,
	...mediaCommands,
	...roomCommands,
	...inboxCommands,
	...receiptCommands,
	...notifyCommands,
	...snoozingCommands,
	...mergingCommands,
	...roomAdministrationCommands,
	...peopleCommands,
	...placeCommands,
	...encryptionCommands,
	...verificationCommands,
	...bridgeCommands,
	...timelineCommands,
	...messageCommands,
	...messageCareCommands,
	...devtoolsCommands,
	...findCommands,
	...searchCommands,
	...panelCommands,
	...appearanceCommands,
	...screenCommands,
];
