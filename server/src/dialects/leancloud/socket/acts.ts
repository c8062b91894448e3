// What each command does: `cmd/op`, or `cmd` alone.

import { block, checkBlocks, listBlocks, unblock } from './blacklist.ts';
import type { Act } from './client.ts';
import { countMembers, listMembers, testMembership } from './conv-count.ts';
import { addMembers, removeMembers } from './conv-members.ts';
import { mute, unmute } from './conv-mute.ts';
import { query } from './conv-query.ts';
import { setMemberRole } from './conv-roles.ts';
import { checkSilence, listSilences, silence, unsilence } from './conv-silences.ts';
import { start } from './conv-start.ts';
import { update } from './conv-update.ts';
import { logs } from './logs.ts';
import { maxRead, received, seen } from './marks.ts';
import { patch } from './patch.ts';
import { querySessions, refresh, watch } from './sessions.ts';

export const acts: { readonly [command: string]: Act | undefined } = Object.assign(Object.create(null), {
  'session/query': querySessions,
  'session/refresh': refresh,
  'session/add': watch,
  'session/remove': watch,
  'conv/start': start,
  'conv/query': query,
  'conv/add': addMembers,
  'conv/remove': removeMembers,
  'conv/update': update,
  'conv/mute': mute,
  'conv/unmute': unmute,
  'conv/count': countMembers,
  'conv/members': listMembers,
  'conv/is_member': testMembership,
  'conv/max_read': maxRead,
  'conv/member_info_update': setMemberRole,
  'conv/add_shutup': silence,
  'conv/remove_shutup': unsilence,
  'conv/query_shutup': listSilences,
  'conv/check_shutup': checkSilence,
  'blacklist/block': block,
  'blacklist/unblock': unblock,
  'blacklist/query': listBlocks,
  'blacklist/check_block': checkBlocks,
  'patch/modify': patch,
  'patch/modified': async () => undefined,
  ack: received,
  read: seen,
  logs,
} satisfies Record<string, Act>);
