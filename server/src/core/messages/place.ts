import type { PrincipalKey } from '../ids.ts';

/** Where a message was said, in words that any door can show. */
export type MessagePlace =
  /** `id` is the conversation's; null before there is one. */
  | { readonly kind: 'direct'; readonly id: string | null; readonly to: PrincipalKey }
  | { readonly kind: 'group' | 'room' | 'temporary' | 'service'; readonly id: string }
  /** A service's talk with one client; `id` is the service's. */
  | { readonly kind: 'thread'; readonly id: string; readonly to: PrincipalKey };
