// Making, changing and erasing conversations.
import { applyAttributes } from '../../core/attributes.ts';
import type { ConversationKind, ConversationWrites } from '../../core/conversations/conversation.ts';
import { ImError } from '../../core/errors.ts';
import { hexId, pairClaim } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import { living } from './conversations.ts';
import { bit, type Tx, unique } from './db.ts';
import { eraseConversation, eraseSlice } from './erase.ts';
import { moveFacets, searchable } from './facets.ts';
import { assertMemberships, changeMembers, insertMember } from './members.ts';
import type { SliceWrites } from './slice.ts';

type Insert = {
  id: string;
  kind: ConversationKind;
  name: string | null;
  attributes: JsonObject;
  creator: string | null;
  owner: string | null;
  keeps: boolean;
  pairTalk: boolean;
  members: number;
};

async function insertConversation(tx: Tx, app: number, c: Insert, now: number): Promise<number> {
  const no = await tx.nextNo('conversations');
  await tx.run(
    `insert into conversations (app, no, id, kind, name, attributes, creator, owner, keeps, pair_talk, created_at, updated_at, info_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    app,
    no,
    c.id,
    c.kind,
    c.name,
    JSON.stringify(c.attributes),
    c.creator,
    c.owner,
    bit(c.keeps),
    bit(c.pairTalk),
    now,
    now,
    now,
  );
  await tx.run('insert into heads (app, no, members) values (?, ?, ?)', app, no, c.members);
  return no;
}

export const conversationWrites: SliceWrites<ConversationWrites> = {
  async create(tx, app, conversation, { membersMax, membershipsMax }, now) {
    const { kind, owner } = conversation;
    const listed = unique(conversation.members);
    const everybody = owner === null || listed.includes(owner) ? listed : [owner, ...listed];
    if (everybody.length > membersMax) {
      throw new ImError('full', `a ${kind} may have ${membersMax} members`, { what: 'members', kind, max: membersMax });
    }
    await assertMemberships(tx, app, everybody, kind, membershipsMax);
    const taken = await tx.one('select no from conversations where app = ? and id = ?', app, conversation.id);
    if (taken) throw new ImError('conflict', 'a conversation of that id exists', { what: 'id' });
    const no = await insertConversation(tx, app, { ...conversation, pairTalk: false, members: everybody.length }, now);
    for (const who of everybody) {
      await insertMember(
        tx,
        app,
        {
          conv: no,
          kind,
          who,
          role: who === owner ? 'owner' : 'member',
          listed: who !== owner || listed.includes(who),
          since: 0,
        },
        now,
      );
    }
    await moveFacets(tx, app, kind, conversation.id, {}, searchable(conversation.name, conversation.attributes));
    return { no };
  },

  async claimPair(tx, app, a, b, now) {
    const claim = pairClaim(a, b);
    const known = await tx.one<{ conv: number }>('select conv from claims where app = ? and claim = ?', app, claim);
    if (known) {
      await tx.run(
        'update conversations set pair_talk = 1 where app = ? and no = ? and pair_talk = 0',
        app,
        known.conv,
      );
      return { no: known.conv, created: false };
    }
    const pair = unique([a, b]);
    const no = await insertConversation(
      tx,
      app,
      {
        id: hexId(24),
        kind: 'direct',
        name: null,
        attributes: {},
        creator: a,
        owner: null,
        keeps: true,
        pairTalk: true,
        members: pair.length,
      },
      now,
    );
    await tx.run('insert into claims (app, claim, conv) values (?, ?, ?)', app, claim, no);
    for (const who of pair)
      await insertMember(tx, app, { conv: no, kind: 'direct', who, role: 'member', listed: true, since: 0 }, now);
    return { no, created: true };
  },

  async change(tx, app, no, change, now) {
    const row = await living(tx, app, no);
    const before = JSON.parse(row.attributes) as JsonObject;
    const after = change.attributes ? applyAttributes(before, change.attributes) : before;
    const name = change.name === undefined ? row.name : change.name;
    if (row.kind === 'group' || row.kind === 'room') {
      await moveFacets(tx, app, row.kind, row.id, searchable(row.name, before), searchable(name, after));
    }
    const text = JSON.stringify(after);
    const moved = text !== row.attributes || name !== row.name;
    await tx.run(
      'update conversations set name = ?, attributes = ?, updated_at = ?, info_at = ? where app = ? and no = ?',
      name,
      text,
      moved ? now : row.updated_at,
      now,
      app,
      no,
    );
  },

  changeMembers,

  async setCard(tx, app, no, who, change) {
    const row = await tx.one<{ attributes: string | null }>(
      `select d.attributes from members m left join cards d on d.app = m.app and d.conv = m.conv and d.who = m.who
       where m.app = ? and m.conv = ? and m.who = ?`,
      app,
      no,
      who,
    );
    if (!row) throw new ImError('not-a-member', 'not a member of this conversation', { purpose: 'change' });
    const after = applyAttributes(JSON.parse(row.attributes ?? '{}') as JsonObject, change);
    await tx.run(
      'insert into cards (app, conv, who, attributes) values (?, ?, ?, ?) on conflict (app, conv, who) do update set attributes = excluded.attributes',
      app,
      no,
      who,
      JSON.stringify(after),
    );
  },

  erase: eraseConversation,
  eraseSlice,
};
