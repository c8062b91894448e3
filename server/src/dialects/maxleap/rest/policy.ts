// How strict the app wants this door to be about users that nobody has seen yet, and what its windows show.
import type { App } from '../../../core/apps/app.ts';
import type { View } from '../../../core/messages/history.ts';
import type { UnknownUsers } from '../../../core/users/ensure.ts';

/** Calls that provision: attributes, friends, new groups and rooms. */
export const unknownUsers = ({ settings }: App): UnknownUsers =>
  settings['maxleap.autoCreateUsers'] ? 'create' : 'refuse';

/** People added to a group or room that exists. */
export const unknownMembers = ({ settings }: App): UnknownUsers =>
  settings['maxleap.strictMembers'] ? 'refuse' : 'create';

/** What an admin says in direct talk is shown as a system message, and so is in no history. */
const spoken = true;

export const friendView = ({ settings }: App, reader: string): View => ({
  days: settings['maxleap.friendHistoryDays'],
  reader,
  filter: { betweenFriends: true, spoken },
});

export const strangerView = ({ settings }: App, reader: string): View => ({
  days: settings['maxleap.strangerHistoryDays'],
  reader,
  filter: { betweenFriends: false, spoken },
});

export const passengerView = ({ settings }: App): View => ({
  days: settings['maxleap.passengerHistoryDays'],
  filter: { spoken },
});

export const groupView = ({ settings }: App, reader?: string): View => ({
  days: settings['maxleap.groupHistoryDays'],
  reader,
});
