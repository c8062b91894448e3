// An application may have a say before something happens, and hear of it afterwards. Absent by default: then nothing is
// asked and nothing waits.
import type { App } from '../apps/app.ts';
import type { ConversationChange, ConversationKey, NewConversation } from '../conversations/conversation.ts';
import type { PrincipalKey } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { Content, Draft, Mentions, Message, PushWords } from '../messages/message.ts';

/** Who asks or asked for something; null: the application itself. `address`: from where, as far as a door knows it. */
type By = { readonly who: PrincipalKey | null; readonly address?: string };

/** What is about to happen. */
export type Before = By &
  (
    | {
        readonly hook: 'message';
        readonly conversation: ConversationKey;
        readonly draft: Draft;
        readonly receivers: readonly PrincipalKey[];
      }
    | {
        readonly hook: 'edit';
        readonly conversation: ConversationKey;
        readonly message: Message;
        /** Instead of what it says; of a recall the type alone. */
        readonly content: Content;
        readonly original?: Draft['original'];
        readonly receivers: readonly PrincipalKey[];
      }
    | { readonly hook: 'create'; readonly wish: Pick<NewConversation, 'kind' | 'name' | 'attributes' | 'members'> }
    | {
        readonly hook: 'add' | 'remove';
        readonly conversation: ConversationKey;
        readonly members: readonly PrincipalKey[];
      }
    | { readonly hook: 'change'; readonly conversation: ConversationKey; readonly change: ConversationChange }
    /** He wants no push of a conversation any more, or wants it again. */
    | { readonly hook: 'quiet'; readonly conversation: ConversationKey; readonly on: boolean }
    /** These are absent and would be told by push. */
    | {
        readonly hook: 'absent';
        readonly conversation: ConversationKey;
        readonly message: Message;
        readonly absent: readonly PrincipalKey[];
        readonly mentions?: Mentions;
      }
    /** The application is to vouch for a user; `user`: what a door shows of his account. */
    | { readonly hook: 'vouch'; readonly user: JsonObject }
  );

/** Empty: go on as it is. */
export type Say = {
  /** Refuse it: `rejected-by-app` with this code and sentence. */
  readonly reject?: { readonly code?: number; readonly detail?: string };
  /** Pretend that it was done, and drop it; of a push: tell nobody. */
  readonly drop?: true;
  /** Say this instead. */
  readonly draft?: Pick<Draft, 'content' | 'original'>;
  /** To these only. */
  readonly receivers?: readonly PrincipalKey[];
  /** These members instead. */
  readonly members?: readonly PrincipalKey[];
  /** Change this instead. */
  readonly change?: ConversationChange;
  readonly on?: boolean;
  /** Of a push: what it says, and whether those are told who are quiet. */
  readonly push?: PushWords;
  readonly force?: true;
};

/** A session, as far as its door knows it. */
export type SessionFacts = {
  readonly address?: string;
  /** What its device calls itself. */
  readonly tag?: string;
  /** It came back with what it was given before. */
  readonly again?: boolean;
};

/** How a session ended: by its client, with its connection, for another of the same tag, or by the application. */
export type SessionEnd = {
  readonly how: 'closed' | 'lost' | 'replaced' | 'sent-away';
  readonly reason?: string;
  /** A failure that ended it, in its door's numbers. */
  readonly error?: { readonly code: number; readonly reason: string };
};

/** What has happened. */
export type After = By &
  (
    | {
        readonly hook: 'message-sent';
        readonly conversation: ConversationKey;
        readonly message: Message;
        readonly online: readonly PrincipalKey[];
        readonly absent: readonly PrincipalKey[];
      }
    | {
        readonly hook: 'created' | 'added' | 'removed';
        readonly conversation: ConversationKey;
        readonly members: readonly PrincipalKey[];
      }
    | { readonly hook: 'changed'; readonly conversation: ConversationKey; readonly change: ConversationChange }
    | { readonly hook: 'online'; readonly session: string; readonly facts: SessionFacts }
    | { readonly hook: 'offline'; readonly session: string; readonly facts: SessionFacts; readonly end: SessionEnd }
  );

export interface Hooks {
  /** Whether the app asks for this hook at all: read before anything is gathered for it. */
  wants(app: App, hook: Before['hook'] | After['hook']): boolean;
  /** Bounded in time; what does not answer in time says nothing. */
  before(app: App, what: Before): Promise<Say>;
  /** Never throws, never waited for. */
  after(app: App, what: After): void;
}
