// An application may have a say before something happens, and hear of it afterwards. Absent by default: then nothing is
// asked and nothing waits.
import type { App } from '../apps/app.ts';
import type { ConversationChange, ConversationKey, NewConversation } from '../conversations/conversation.ts';
import type { PrincipalKey } from '../ids.ts';
import type { Content, Draft, Message } from '../messages/message.ts';

/** What is about to happen. `who` asks for it; null: the application itself. */
export type Before = { readonly who: PrincipalKey | null } & (
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
      readonly content: Content;
    }
  | { readonly hook: 'create'; readonly wish: Pick<NewConversation, 'kind' | 'name' | 'attributes' | 'members'> }
  | {
      readonly hook: 'add' | 'remove';
      readonly conversation: ConversationKey;
      readonly members: readonly PrincipalKey[];
    }
  | { readonly hook: 'change'; readonly conversation: ConversationKey; readonly change: ConversationChange }
);

/** Empty: go on as it is. */
export type Say = {
  /** Refuse it: `rejected-by-app` with this code and sentence. */
  readonly reject?: { readonly code?: number; readonly detail?: string };
  /** Pretend that it was done, and drop it. */
  readonly drop?: true;
  /** Say this instead. */
  readonly draft?: Pick<Draft, 'content' | 'original'>;
  /** To these only. */
  readonly receivers?: readonly PrincipalKey[];
  /** These members instead. */
  readonly members?: readonly PrincipalKey[];
};

/** What has happened. */
export type After = { readonly who: PrincipalKey | null } & (
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
  | { readonly hook: 'online' | 'offline'; readonly sessions: readonly string[] }
);

export interface Hooks {
  /** Whether the app asks for this hook at all: read before anything is gathered for it. */
  wants(app: App, hook: Before['hook'] | After['hook']): boolean;
  /** Bounded in time; what does not answer in time says nothing. */
  before(app: App, what: Before): Promise<Say>;
  /** Never throws, never waited for. */
  after(app: App, what: After): void;
}
