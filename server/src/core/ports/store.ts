// The store port: slices composed, each in the words of its noun. Every call is atomic and is one transaction; no
// transaction handle crosses the port. Any number of callers may call at once. What a call throws is an ImError of the
// code its comment names, or `unavailable` when the store cannot be reached or too much is waiting for it.

import type { AccountReads, AccountWrites } from '../accounts/account.ts';
import type { AccountProofReads, AccountProofWrites } from '../accounts/proofs.ts';
import type { AppReads, AppWrites } from '../apps/app.ts';
import type { MediaReads, MediaWrites } from '../attachments/media.ts';
import type { BlockReads, BlockWrites } from '../blocks/block.ts';
import type { CallbackReads, CallbackWrites } from '../callbacks/callback.ts';
import type { ConversationReads, ConversationWrites } from '../conversations/conversation.ts';
import type { DeviceReads, DeviceWrites } from '../devices/device.ts';
import type { FriendReads, FriendWrites } from '../friends/friend.ts';
import type { GuestReads, GuestWrites } from '../guests/guest.ts';
import type { ImportReads, ImportWrites } from '../imports/import.ts';
import type { MarkReads, MarkWrites } from '../marks/mark.ts';
import type { MessageReads, MessageWrites } from '../messages/message.ts';
import type { NoticeReads, NoticeWrites } from '../notices/notice.ts';
import type { PassengerReads, PassengerWrites } from '../passengers/passenger.ts';
import type { InstallReads, InstallWrites } from '../push/install.ts';
import type { OutboxReads, OutboxWrites } from '../push/outbox.ts';
import type { QuietReads, QuietWrites } from '../quiets/quiet.ts';
import type { ServiceReads, ServiceWrites } from '../services/service.ts';
import type { StatisticReads } from '../statistics/statistic.ts';
import type { TailReads } from '../tails/tail.ts';
import type { UserReads, UserWrites } from '../users/user.ts';
import type { WordReads, WordWrites } from '../words/words.ts';

/** Answered by any replica that has every write whose promise was resolved before the call. */
export type StoreReads = {
  apps: AppReads;
  users: UserReads;
  accounts: AccountReads & AccountProofReads;
  passengers: PassengerReads;
  friends: FriendReads;
  guests: GuestReads;
  conversations: ConversationReads;
  messages: MessageReads;
  marks: MarkReads;
  blocks: BlockReads;
  quiets: QuietReads;
  notices: NoticeReads;
  services: ServiceReads;
  devices: DeviceReads;
  statistics: StatisticReads;
  callbacks: CallbackReads;
  installs: InstallReads;
  outbox: OutboxReads;
  media: MediaReads;
  words: WordReads;
  tails: TailReads;
  imports: ImportReads;
};

/** Durable when the promise resolves. */
export type StoreWrites = {
  apps: AppWrites;
  users: UserWrites;
  accounts: AccountWrites & AccountProofWrites;
  passengers: PassengerWrites;
  friends: FriendWrites;
  guests: GuestWrites;
  conversations: ConversationWrites;
  messages: MessageWrites;
  marks: MarkWrites;
  blocks: BlockWrites;
  quiets: QuietWrites;
  notices: NoticeWrites;
  services: ServiceWrites;
  devices: DeviceWrites;
  callbacks: CallbackWrites;
  installs: InstallWrites;
  outbox: OutboxWrites;
  media: MediaWrites;
  words: WordWrites;
  imports: ImportWrites;
};

export type Store = {
  readonly [S in keyof StoreReads]: StoreReads[S] & (S extends keyof StoreWrites ? StoreWrites[S] : unknown);
} & {
  /** True when a trivial read and an empty write succeed: what readiness asks. */
  healthy(): Promise<boolean>;
  close(): Promise<void>;
};
