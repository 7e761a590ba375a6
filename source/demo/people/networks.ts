/** Everybody who lives in the demo, one file a network. To add somebody or a room, change the file of the network. */
import type {NetworkData} from './cast.ts';
import {irc} from './networks/irc.ts';
import {matrix} from './networks/matrix.ts';
import {messenger} from './networks/messenger.ts';
import {signal} from './networks/signal.ts';
import {oldSlack, slack} from './networks/slack.ts';
import {sms} from './networks/sms.ts';
import {whatsapp} from './networks/whatsapp.ts';

/** In the order in which accounts and rooms are made. */
export const networks: readonly NetworkData[] = [signal, whatsapp, messenger, irc, sms, slack, oldSlack, matrix];
